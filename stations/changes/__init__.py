"""The feed of changes: what happened to stations, centres and requests, in an order that a reader never misses."""
