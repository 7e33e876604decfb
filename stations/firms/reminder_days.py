"""How many days before an instrument is due its firm is reminded: from ``stations/data/reminder_days.csv``."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[1] / "data" / "reminder_days.csv"


@cache
def remind_days() -> tuple[int, ...]:
    """Return how many days before the due day a firm is reminded, largest first."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(sorted((int(row["days"]) for row in csv.DictReader(file)), reverse=True))
