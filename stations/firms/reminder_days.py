"""How many days before an instrument is due its firm is reminded: from ``stations/data/reminder_days.csv``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stations.province import table_rows

_FILE = Path(__file__).resolve().parents[1] / "data" / "reminder_days.csv"


@cache
def remind_days() -> tuple[int, ...]:
    """Return how many days before the due day a firm is reminded, largest first."""
    return tuple(sorted((int(row["days"]) for row in table_rows(_FILE)), reverse=True))
