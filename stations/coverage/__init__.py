"""Coverage of the counties by service stations: on a day, through time, and as a picture."""
