"""A history of dated stages: which stage a record reached when, as exactly as its source says.

Stations (status), centres and pilots (stage of construction) share it. Each entry has

- ``dated``: when the stage was reached, exact to the year, month or day; empty if no source says;
- ``as_of``: the date of the source that reports the stage, or empty.

One rule is used everywhere: an entry is *known to apply* from ``known_from``, the last day that ``dated`` can mean or,
without ``dated``, the last day that ``as_of`` can mean. An entry with neither is known to apply, but not since when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from sqlalchemy import Date, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from stations.partial_date import PartialDate, PartialDateColumn


class DatedEntry(Protocol):
    """The attributes of an entry that the functions of this module use."""

    dated: PartialDate | None
    as_of: PartialDate | None
    position: int


Entry = TypeVar("Entry", bound=DatedEntry)


class DatedStage:
    """Columns of one entry of a dated history. The subclass adds the owner and the stage."""

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    dated: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    as_of: Mapped[PartialDate | None] = mapped_column(PartialDateColumn)
    known_from: Mapped[date | None] = mapped_column(Date, index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]

    @validates("dated", "as_of")
    def _keep_known_from(self, key: str, value: PartialDate | None) -> PartialDate | None:
        dated = value if key == "dated" else self.dated
        as_of = value if key == "as_of" else self.as_of
        self.known_from = known_from(dated, as_of)
        return value


def known_from(dated: PartialDate | None, as_of: PartialDate | None) -> date | None:
    """Return the day from which an entry is known to apply, or None if it has no date."""
    moment = dated or as_of
    return moment.latest if moment else None


def holding(history: Iterable[Entry], as_of: date) -> list[Entry]:
    """Return the entries known to apply on ``as_of``, oldest first; those without any date come last."""
    held = [entry for entry in history if (day := known_from(entry.dated, entry.as_of)) is None or day <= as_of]
    return sorted(held, key=lambda entry: (known_from(entry.dated, entry.as_of) or date.max, entry.position))


def latest(history: Iterable[Entry], as_of: date) -> Entry | None:
    """Return the last entry of those known to apply on ``as_of``, or None if there is none."""
    held = holding(history, as_of)
    return held[-1] if held else None
