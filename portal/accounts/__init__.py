"""Signing in, and the accounts that can."""
