"""Duties as text, and pages restricted to certain duties."""
