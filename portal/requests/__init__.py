"""Drawing of a service request for both sides: the firm and the station."""
