"""The distances at which planning counts who is near."""

REACHES_KM = (10, 20, 30)
"""Kilometres; in order."""
REACHES_MINUTES = (15, 30, 60)
"""Minutes on the way; in order."""
