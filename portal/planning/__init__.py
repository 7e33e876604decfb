"""Drawing of reach, siting and scenarios."""
