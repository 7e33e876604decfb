"""Which industrial chains are served, and keeping their list."""
