"""Saying where something is, and telling it."""
