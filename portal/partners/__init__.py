"""Keys of other offices' systems, what they are called back about, and conflicts with their records."""
