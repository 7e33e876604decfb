"""Targets drawn: standing, months, records, forms."""
