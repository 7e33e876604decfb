"""Reach, siting and scenarios, drawn."""
