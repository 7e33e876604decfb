"""Choosing how to be notified, among the channels of this installation."""
