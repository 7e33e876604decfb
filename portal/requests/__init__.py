"""Drawing a service request for both of its sides: the firm and the station."""
