"""Notices to firms and offices: the outbox, the channels, and delivery."""
