"""Filing a service request: the form, its files, the proposed routing, the receipt."""
