"""Reading what is asked of a collection: day, place, filter, page."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.api.inquiry import Inquiry, unknown_word
from portal.api.ogc.parameters import DEFAULT_LIMIT, MOST
from stations.errors import InvalidForm, InvalidInput, Problems
from stations.features.collection import Collection, Question
from stations.features.filter_text import read_filter, read_filter_language
from stations.features.intervals import day_of
from stations.features.properties import Kind
from stations.features.reference_systems import CRS84, ReferenceSystem, read_reference_system
from stations.features.snapshot import Box
from stations.language import N_
from stations.places.coordinates import check_degrees
from stations.readers.dates import read_day
from stations.readers.numbers import read_number, read_whole_number

MOST_OFFSET = 10**9
_INSTANT = re.compile(r"\s*\d{4}-\d{2}-\d{2}T", re.ASCII)
_WORDS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Days:
    """``as_of``: the day that features are true of. ``only_known``: whether those not known by then are left out."""

    as_of: date
    only_known: bool


@dataclass(frozen=True)
class ItemsQuestion:
    """What is asked. ``equal``: property → its value. ``tree``: the filter, or None. ``after``, ``before``: the
    place in the order (``Snapshot.order``) from which the page is counted.
    """

    days: Days
    samples: bool
    crs: ReferenceSystem
    box: Box | None
    equal: Mapping[str, Any]
    tree: Any
    filter_crs: ReferenceSystem
    limit: int
    offset: int
    after: str | None
    before: str | None

    @property
    def question(self) -> Question:
        """What the features must be true of."""
        return Question(self.days.as_of, self.samples)


def read_question(inquiry: Inquiry, collection: Collection[Any], written: Mapping[str, str]) -> ItemsQuestion:
    """Return what the parameters of a request ask.

    Raises:
        InvalidForm: some of them can't be used; it names each.
    """
    problems = Problems()

    def system(name: str) -> ReferenceSystem:
        return problems.attempt(read_reference_system, name, written[name]) if name in written else CRS84

    language = problems.attempt(read_filter_language, "filter-lang", written.get("filter-lang", "cql2-text"))
    bbox_crs = system("bbox-crs")
    box = problems.attempt(read_box, "bbox", written["bbox"], bbox_crs or CRS84) if "bbox" in written else None
    tree = None
    if "filter" in written and language:
        tree = problems.attempt(read_filter, "filter", written["filter"], language)
    if sum(name in written for name in ("offset", "after", "before")) > 1:
        problems.add("offset", N_("Give one of offset, after and before"))
    asked = ItemsQuestion(
        days=problems.attempt(read_days, inquiry, written.get("datetime")),
        samples=inquiry.samples,
        crs=system("crs"),
        box=box,
        equal=problems.attempt(_equal, collection, written),
        tree=tree,
        filter_crs=system("filter-crs"),
        limit=problems.attempt(_limit, written.get("limit")),
        offset=problems.attempt(_offset, written.get("offset")),
        after=written.get("after"),
        before=written.get("before"),
    )
    problems.stop()
    return asked


def read_days(inquiry: Inquiry, text: str | None) -> Days:
    """Return the days of ``datetime``: a day, an instant, or a span of them with ``..`` for an open end.

    Raises:
        InvalidInput: it is neither, or its end is before its start.
    """
    if text is None:
        return Days(inquiry.today, only_known=False)
    start, slash, end = (part.strip() for part in text.partition("/"))
    first = None if slash and start in {"", ".."} else _day(start)
    if not slash:
        assert first is not None
        return Days(first, only_known=True)
    last = None if end in {"", ".."} else _day(end)
    if first and last and last < first:
        raise InvalidInput("datetime", N_("{end} is before {start}"), start=start, end=end)
    if first is None and last is None:
        return Days(inquiry.today, only_known=False)
    return Days(last or max(inquiry.today, first or inquiry.today), only_known=True)


def _day(text: str) -> date:
    try:
        return day_of(text.strip().upper().removesuffix("T"))  # GDAL 3.6 writes 2026-11-01T
    except (ValueError, OverflowError):
        if _INSTANT.match(text.upper()):  # which the reader of days would take for its day, whatever the time
            raise InvalidInput("datetime", N_("“{text}” is not a date; write it as 2025-12-31"), text=text) from None
        return read_day("datetime", text)


def read_box(field: str, text: str, system: ReferenceSystem) -> Box:
    """Return the box that four numbers give, or six, of which the heights don't matter.

    Raises:
        InvalidInput: there are not so many numbers, one is no degree, or the south is north of the north.
    """
    parts = [part.strip() for part in text.split(",")]
    try:
        edges = [float(part) for part in parts]
    except ValueError:
        edges = []
    if len(edges) not in {4, 6} or not all(map(math.isfinite, edges)):
        raise InvalidInput(field, N_("“{text}” is not a box; write four numbers, or six, with commas"), text=text)
    low, high = edges[:2], edges[len(edges) // 2 :][:2]
    (west, south), (east, north) = (low[::-1], high[::-1]) if system.lat_first else (low, high)
    for name, value in (("lon", west), ("lat", south), ("lon", east), ("lat", north)):
        try:
            check_degrees(name, value)
        except InvalidInput as problem:
            raise InvalidInput(field, problem.message, **problem.params) from None
    if south > north:
        told = N_("The south of the box, {south}, is north of its north, {north}")
        raise InvalidInput(field, told, south=south, north=north)
    return west, south, east, north


def _limit(text: str | None) -> int:
    """More than the most is no error (OGC 17-069r4, 7.15.2)."""
    return DEFAULT_LIMIT if text is None else min(read_whole_number("limit", text, 1), MOST)


def _offset(text: str | None) -> int:
    return 0 if text is None else read_whole_number("offset", text, 0, MOST_OFFSET)


def _equal(collection: Collection[Any], written: Mapping[str, str]) -> Mapping[str, Any]:
    wanted, problems = {}, []
    for name, text in written.items():
        known = collection.property(name)
        if known is None or name == "sample":
            continue
        try:
            wanted[name] = _value(name, known.kind, text)
            if known.choices and text not in known.choices:
                raise unknown_word(name, text, known.choices)
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    return wanted


def _value(name: str, kind: Kind, text: str) -> Any:
    match kind:
        case Kind.WHOLE:
            return read_whole_number(name, text, -MOST_OFFSET)
        case Kind.NUMBER:
            return read_number(name, text)
        case Kind.FLAG:
            if text.casefold() not in _WORDS:
                raise unknown_word(name, text, list(_WORDS))
            return _WORDS[text.casefold()]
        case Kind.DAY:
            return read_day(name, text)
    return text
