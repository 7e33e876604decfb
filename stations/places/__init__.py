"""Cities and counties, and readers of area names and coordinates."""
