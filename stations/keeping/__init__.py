"""Keeping the registry: forms, checks, editing, proposals, doubles."""
