"""What personal data the portal keeps, why and for how long, in words for those whom it concerns.

The words are in ``stations/data/privacy.csv``, by the tables that declare the data (``stations.personal_data``); the
days are those that the code deletes by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from stations.language import Bilingual
from stations.province import table_rows
from stations.requests.code_session import OPEN_FOR
from stations.requests.draft import KEEP_FOR
from stations.retention import kept_for

_FILE = Path(__file__).resolve().parent / "data" / "privacy.csv"
OTHERS = "*"
"""Stands for all tables that no row names: what offices record of their work."""


@dataclass(frozen=True)
class KeptData:
    """Data of one kind. ``tables``: where it is stored; ``what`` it is, ``why`` and how long it is ``kept``."""

    tables: tuple[str, ...]
    what: Bilingual
    why: Bilingual
    kept: Bilingual


@cache
def kept_data() -> tuple[KeptData, ...]:
    """Return what is kept, in the order in which it is told."""
    return tuple(_read(row) for row in table_rows(_FILE))


def _read(row: dict[str, str]) -> KeptData:
    days = _days(row["rule"])
    kept = (row[f"kept_{language}"].format(days=days) for language in ("zh", "en"))
    return KeptData(
        tables=tuple(row["tables"].split()),
        what=Bilingual(row["what_zh"], row["what_en"]),
        why=Bilingual(row["why_zh"], row["why_en"]),
        kept=Bilingual(*kept),
    )


def _days(rule: str) -> int | None:
    """Return the whole days of a rule of ``retention.csv``, of drafts, or of what a browser opened; None for none."""
    if not rule:
        return None
    of_code: dict[str, timedelta] = {"draft": KEEP_FOR, "opened": OPEN_FOR}
    return math.ceil((of_code.get(rule) or kept_for(rule)) / timedelta(days=1))
