"""Searching the audit log, and its entries in words."""
