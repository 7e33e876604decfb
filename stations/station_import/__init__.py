"""Importing a list of stations: preview row by row, then all of it or only what is good."""
