"""The channels, one module for each: its name, the check of an address, its settings, and its sender."""
