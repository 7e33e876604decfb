"""Changing the registry: forms and their checks, editing, proposals, doubles and merging, bulk writing, listing."""
