"""``/api/v1``: every question that a page or a command answers, and the life of a request."""
