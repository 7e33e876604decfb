"""Maintaining the registry: forms, proposals, duplicates, imports."""
