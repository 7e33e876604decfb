"""The channels, one module each: its name, what an address of it is, its settings, how it sends."""
