"""Finding a station: the firm's location, the services it needs, and the stations that offer them."""
