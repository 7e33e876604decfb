"""The append-only log of who did what, its chain of hashes, and searching it."""
