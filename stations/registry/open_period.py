"""Periods whose first or last day may be unknown, as in the registry: ``since`` belongs to them, ``until`` does not."""

from __future__ import annotations

from datetime import date


def holds_on(since: date | None, until: date | None, day: date) -> bool:
    """Whether the period from ``since`` to before ``until`` contains the day; None: it is open at that end."""
    return (since is None or since <= day) and (until is None or until > day)
