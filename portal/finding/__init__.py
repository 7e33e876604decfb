"""Finding a station: where the firm is, what it needs, who can do it."""
