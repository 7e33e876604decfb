"""Which backups of earlier days are kept: the newest days, and one of each of the newest weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Kept:
    """How many backups are kept: of ``days``, of ``weeks`` (ISO 8601) and of ``months``, the newest ones of each.

    Counted are days, weeks and months of which there is a backup, so that a pause removes nothing.
    """

    days: int = 7
    weeks: int = 5
    months: int = 12


_PERIODS: tuple[tuple[Callable[[Kept], int], Callable[[date], Hashable]], ...] = (
    (lambda kept: kept.days, lambda day: day),
    (lambda kept: kept.weeks, lambda day: day.isocalendar()[:2]),
    (lambda kept: kept.months, lambda day: (day.year, day.month)),
)


def superfluous(days: Collection[date], kept: Kept) -> set[date]:
    """Return the days whose backups are not kept. The newest of all always is."""
    newest_first = sorted(days, reverse=True)
    keep = set(newest_first[:1])
    for count, period_of in _PERIODS:
        newest = {period_of(day): day for day in reversed(newest_first)}  # of each period, the last one stays
        keep.update(sorted(newest.values(), reverse=True)[: count(kept)])
    return set(newest_first) - keep
