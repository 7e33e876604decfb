"""Filters of features (CQL2) as text and as JSON, each put to every collection of the sample network.

A filter may be refused; it may not break, and it may not take long: strangers write it.
"""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

from hypothesis import strategies as st

from stations.database import reading
from stations.errors import DomainError
from stations.features.collection import Question
from stations.features.collections import COLLECTIONS
from stations.features.filter_text import read_filter
from stations.features.filtering import select
from stations.features.snapshot import Snapshot, take_snapshot
from tests.conftest import TODAY
from tests.fuzz.target import Target, database, told
from tests.fuzz.texts import ANY_TEXT

MOST_SECONDS = 3.0
"""Of a processor, for all collections together, however busy the machine is."""
_PROPERTIES = "code name status stations as_of services chains sample residents adcode city geometry no_such"
PROPERTIES = tuple(_PROPERTIES.split())
_OPERATIONS = """= <> < > <= >= like in between and or not isNull casei accenti + - * / div % ^ s_intersects s_within
s_equals s_crosses s_contains s_touches s_overlaps s_disjoint t_after t_before t_during t_equals t_meets t_intersects
a_equals a_contains a_containedBy a_overlaps no_such"""
OPERATIONS = tuple(_OPERATIONS.split())
_POINT = st.lists(
    st.one_of(st.sampled_from([119, 120.9, 31.4, 32, 0, -1, 181, 1e300]), st.floats(width=16)), min_size=1, max_size=3
)
_LINE = st.lists(_POINT, max_size=5)
_GEOMETRIES = st.one_of(
    st.fixed_dictionaries({"type": st.just("Point"), "coordinates": _POINT}),
    st.fixed_dictionaries({"type": st.sampled_from(["LineString", "MultiPoint", "Polygon"]), "coordinates": _LINE}),
    st.fixed_dictionaries({
        "type": st.sampled_from(["Polygon", "MultiPolygon", "no such"]),
        "coordinates": st.lists(_LINE, max_size=2),
    }),
    st.just({
        "type": "Polygon",
        "coordinates": [[[119, 31], [121, 31], [121, 33], [119, 33], [119, 31]]],
    }),
    st.fixed_dictionaries({"bbox": st.lists(st.floats(width=16), max_size=7)}),
)
_DAYS = st.one_of(st.sampled_from(["2026-01-01", "2025-02-29", "..", "", "2026-01-01T00:00:00Z"]), ANY_TEXT)
_PATTERNS = ("%", "_", "a" * 300, "%a" * 60 + "b", "\\", "station", "江%")
_CONSTANTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    ANY_TEXT.map(lambda text: text[:400]),
    st.sampled_from(_PATTERNS),
    st.fixed_dictionaries({"date": _DAYS}),
    st.fixed_dictionaries({"timestamp": _DAYS}),
    st.fixed_dictionaries({"interval": st.lists(st.one_of(_DAYS, st.none()), max_size=3)}),
    _GEOMETRIES,
)
_LEAVES = st.one_of(_CONSTANTS, *[st.sampled_from(PROPERTIES).map(lambda name: {"property": name})] * 2)
TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"op": st.sampled_from(OPERATIONS), "args": st.lists(inner, max_size=4)}),
        st.fixed_dictionaries({"op": st.sampled_from(OPERATIONS), "args": st.tuples(inner, inner)}),
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)
_SIGNS = """name code status stations as_of services geometry sample AND OR NOT IN LIKE BETWEEN IS NULL ( ) , = <>
< > <= >= + - * / ^ % div 'a' '%' '_%a' 'a%b%c' 1 2.5 1e999 -0 99999999999999999999 TRUE FALSE DATE('2026-01-01')
TIMESTAMP('2026-01-01T00:00:00Z') INTERVAL('..','2026-01-01') CASEI ACCENTI S_INTERSECTS S_EQUALS POINT(120 31)
BBOX(119,31,121,33) POLYGON((119 31,121 31,121 33,119 31)) T_DURING A_CONTAINS ('metrology.calibration') "name" '' """
SIGNS = tuple(_SIGNS.split())
_SENTENCES = st.sampled_from((
    "{0} LIKE '{1}'",
    "CASEI({0}) = CASEI('{1}')",
    "{0} IN ('{1}', '{1}', 1)",
    "{0} BETWEEN '{1}' AND 3",
    "S_WITHIN(geometry, {1})",
    "NOT ({0} = '{1}' OR {0} IS NULL)",
    "'{1}' LIKE '{1}'",
    "T_AFTER({0}, DATE('{1}'))",
    "{0} ^ {1} > {0} div {1}",
))
WORDED = st.one_of(
    st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join),
    st.builds(str.format, _SENTENCES, st.sampled_from(PROPERTIES), ANY_TEXT.map(lambda text: text[:3000])),
    ANY_TEXT,
)


def _calls(names: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return operations with arguments of the kinds that they take."""
    return st.fixed_dictionaries({"op": st.sampled_from(names.split()), "args": st.tuples(*arguments).map(list)})


def _property(*names: str) -> st.SearchStrategy[Any]:
    return st.sampled_from([{"property": name} for name in names])


_TEXTS = st.one_of(
    _property("code", "name", "status"), ANY_TEXT.map(lambda text: text[:400]), st.sampled_from(_PATTERNS)
)
_TIMES = st.one_of(
    _property("as_of"),
    st.fixed_dictionaries({"date": _DAYS}),
    st.fixed_dictionaries({"interval": st.tuples(_DAYS, _DAYS).map(list)}),
)
_LISTS = st.one_of(_property("services", "chains"), st.lists(_LEAVES, max_size=4))
_SHAPES = st.one_of(_property("geometry"), _GEOMETRIES)
_NUMBERS = st.one_of(_property("stations", "residents"), st.integers(), st.floats(allow_nan=False))
_RIGHT = st.one_of(
    _calls("= <> < > <= >=", _TEXTS, _TEXTS),
    _calls("like", _TEXTS, _TEXTS),
    _calls("in", _TEXTS, st.lists(st.one_of(_TEXTS, _CONSTANTS), max_size=5)),
    _calls("= < >", _calls("casei accenti", _TEXTS), _TEXTS),
    _calls("= < >", _calls("+ - * / div % ^", _NUMBERS, _NUMBERS), _NUMBERS),
    _calls("between", _NUMBERS, _NUMBERS, _NUMBERS),
    _calls("s_intersects s_within s_equals s_crosses s_contains s_touches s_overlaps s_disjoint", _SHAPES, _SHAPES),
    _calls("t_after t_before t_during t_equals t_meets t_intersects t_overlaps t_starts", _TIMES, _TIMES),
    _calls("a_equals a_contains a_containedBy a_overlaps", _LISTS, _LISTS),
    _calls("isNull", _LEAVES),
)
_JOINED = st.one_of(_RIGHT, _calls("and or", _RIGHT, _RIGHT), _calls("not", _RIGHT))


@st.composite
def filters(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a filter and its language; of those in JSON most are such as a program would write."""
    if draw(st.booleans()):
        return draw(WORDED), "cql2-text"
    return json.dumps(draw(TREES if draw(st.integers(0, 3)) == 0 else _JOINED)), "cql2-json"


@cache
def _snapshots() -> tuple[Snapshot, ...]:
    with reading(database()) as session:
        return tuple(take_snapshot(session, one, Question(TODAY, samples=True)) for one in COLLECTIONS.values())


def _check(case: tuple[str, str]) -> None:
    snapshots, began = _snapshots(), time.process_time()
    try:
        tree: Any = read_filter("filter", *case)
    except DomainError as error:
        told(error)
        return
    for snapshot in snapshots:
        for lat_first in (False, True):
            try:
                select(snapshot, tree, field="filter", lat_first=lat_first)
            except DomainError as error:
                told(error)
    assert time.process_time() - began < MOST_SECONDS, time.process_time() - began


FILTER_TEXTS = [Target("filters of features", filters(), _check, short=80)]
