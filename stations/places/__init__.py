"""Cities and counties, and reading what names a place."""
