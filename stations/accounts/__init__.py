"""Accounts, signing in and passwords."""
