"""Choosing how to be notified, by the channels of this installation."""
