"""Signing in, accounts and duties, drawn."""
