"""Signing in, passwords, single sign-on, and the administration of accounts."""
