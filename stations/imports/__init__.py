"""Importing lists of stations."""
