"""Entering a location, and showing one."""
