"""When firms are reminded, and how long their data is stored: rules as data, in days.

The rows come from ``stations/data/firm_rules.csv``, each with its reason.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "data" / "firm_rules.csv"


@cache
def _rules() -> dict[str, tuple[int, ...]]:
    rules: dict[str, list[int]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rules.setdefault(row["rule"], []).append(int(row["days"]))
    return {rule: tuple(sorted(days, reverse=True)) for rule, days in rules.items()}


def remind_days() -> tuple[int, ...]:
    """Return how many days before the due day a firm is reminded, largest first."""
    return _rules()["remind"]


def kept_for(what: str) -> timedelta:
    """Return how long to store ``unconfirmed`` and ``told`` subscriptions, any ``subscription``, and a ``ledger``
    after it was last opened.
    """
    (days,) = _rules()[what]
    return timedelta(days=days)
