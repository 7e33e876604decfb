"""Centres and industrial chains, drawn."""
