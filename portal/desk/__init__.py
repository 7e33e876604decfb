"""The work desk: the queue of requests, and one request with its actions."""
