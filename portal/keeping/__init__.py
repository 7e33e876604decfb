"""Keeping the registry: forms, proposals, doubles, imports."""
