"""Which features a question selects, and the page of them that it asks for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from portal.api.ogc.items_question import ItemsQuestion
from stations.errors import InvalidInput
from stations.features.filtering import select
from stations.features.snapshot import Rows, Snapshot
from stations.places.area_words import AreaWords, areas_on_file

_AREAS: dict[str, tuple[str, Callable[[AreaWords, str], str]]] = {
    "city": ("city_adcode", lambda areas, text: areas.read(text, "")[0]),
    "county": ("county_adcode", lambda areas, text: areas.read_county("county", text)),
}
"""Properties that name an area, which may be written in any way: the property with its adcode, and its reader."""


@dataclass(frozen=True)
class Selected:
    """``matched``: how many features are selected. ``rows``: those of the page. ``start``: how many come before it.
    ``after``, ``before``: the places in the order from which the next page and the page before are counted; None where
    there is no such page.
    """

    matched: int
    rows: Rows
    start: int
    after: str | None
    before: str | None


def selected(session: Session, snapshot: Snapshot, asked: ItemsQuestion) -> Selected:
    """Return the page of features that a question asks for, in the order of the snapshot.

    Raises:
        InvalidInput: the filter can't be evaluated, or a name is that of no area.
    """
    rows = snapshot.all_rows
    if asked.box is not None:
        rows = snapshot.within(asked.box)
    if asked.days.only_known and snapshot.collection.dated:
        rows = np.intersect1d(rows, snapshot.known_by(asked.days.as_of), assume_unique=True)
    for name, value in asked.equal.items():
        column = _column(session, snapshot, name, value)
        rows = np.array([row for row in rows if column(row)], dtype=np.intp)
    if asked.tree is not None:
        found = select(snapshot, asked.tree, field="filter", lat_first=asked.filter_crs.lat_first)
        rows = np.intersect1d(rows, found, assume_unique=True)
    return _page([snapshot.order[row] for row in rows], rows, asked)


def _column(session: Session, snapshot: Snapshot, name: str, value: Any) -> Callable[[int], bool]:
    """Return a function that says whether the property of a feature has a value, or a list has it among others."""
    column: Sequence[Any] = snapshot.columns[name]
    if name in _AREAS:
        other, read = _AREAS[name]
        try:
            adcode = read(areas_on_file(session), value)
        except InvalidInput as problem:
            raise InvalidInput(name, problem.message, **problem.params) from None
        codes = snapshot.columns[other]
        return lambda row: codes[row] == adcode
    return lambda row: value in column[row] if isinstance(column[row], list) else column[row] == value


def _page(order: Sequence[str], rows: Rows, asked: ItemsQuestion) -> Selected:
    start = min(asked.offset, len(order))
    if asked.after is not None:
        start = bisect_right(order, asked.after)
    end = min(start + asked.limit, len(order))
    if asked.before is not None:
        end = bisect_left(order, asked.before)
        start = max(0, end - asked.limit)
    return Selected(
        matched=len(order),
        rows=rows[start:end],
        start=start,
        after=order[end - 1] if 0 < end < len(order) else None,
        before=order[start] if 0 < start < len(order) else None,
    )
