"""How two spans of days lie to each other: the temporal functions of CQL2 (OGC 21-065, 7.7), after Allen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from stations.language import day_in_china

Span = tuple[date, date]
"""The first and the last day; a single day is both."""



RELATIONS: Mapping[str, Callable[[Span, Span], bool]] = MappingProxyType({
    "t_after": lambda one, two: one[0] > two[1],
    "t_before": lambda one, two: one[1] < two[0],
    "t_disjoint": lambda one, two: one[1] < two[0] or one[0] > two[1],
    "t_equals": lambda one, two: one == two,
    "t_intersects": lambda one, two: one[0] <= two[1] and two[0] <= one[1],
    "t_contains": lambda one, two: one[0] < two[0] and one[1] > two[1],
    "t_during": lambda one, two: one[0] > two[0] and one[1] < two[1],
    "t_finishedby": lambda one, two: one[0] < two[0] and one[1] == two[1],
    "t_finishes": lambda one, two: one[0] > two[0] and one[1] == two[1],
    "t_meets": lambda one, two: one[1] == two[0],
    "t_metby": lambda one, two: one[0] == two[1],
    "t_overlappedby": lambda one, two: two[0] < one[0] < two[1] < one[1],
    "t_overlaps": lambda one, two: one[0] < two[0] < one[1] < two[1],
    "t_startedby": lambda one, two: one[0] == two[0] and one[1] > two[1],
    "t_starts": lambda one, two: one[0] == two[0] and one[1] < two[1],
})


def day_of(text: str) -> date:
    """Return the day of a date, or that in China of an instant, as RFC 3339 writes them.

    Raises:
        ValueError: it is neither.
    """
    if len(text) <= len("2026-01-01"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} lacks its time zone")
    return day_in_china(moment)


def span_of(start: str, end: str) -> Span:
    """Return the span between two dates or instants; ``..`` or nothing is open.

    Raises:
        ValueError: one of them is neither, or the end is before the start.
    """
    first = date.min if start in {"", ".."} else day_of(start)
    last = date.max if end in {"", ".."} else day_of(end)
    if last < first:
        raise ValueError(f"{end} is before {start}")
    return first, last
