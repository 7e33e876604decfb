"""Notices to firms and offices: the outbox and the channels it leaves by."""
