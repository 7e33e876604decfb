"""Alerts about coverage: rules, contacts, the daily check."""
