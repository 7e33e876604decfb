"""The work desk: the queue and one request in it."""
