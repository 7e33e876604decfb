"""CQL2: what a filter selects, and what it can't. The features are invented: four with and one without a place."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.features import filtering
from stations.features.collection import Collection, Question
from stations.features.filter_text import LONGEST, read_filter
from stations.features.filtering import select
from stations.features.places import point
from stations.features.properties import Kind, Property
from stations.features.snapshot import Snapshot, take_snapshot
from stations.language import N_


@dataclass(frozen=True)
class Spot:
    key: str
    name: str | None
    count: int | None
    open: bool | None
    day: date | None
    offers: tuple[str, ...]
    lon: float | None
    lat: float | None


SPOTS = (
    Spot("a", "Kunshan", 1, True, date(2025, 1, 1), ("metrology", "testing"), 120.9, 31.4),
    Spot("b", "昆山 100%", 2, False, date(2025, 6, 30), ("testing",), 120.0, 32.0),
    Spot("c", "O'Neil", 3, None, None, (), 119.0, 33.0),
    Spot("d", "Café", None, True, date(2026, 1, 1), ("standards",), 118.0, 34.0),
    Spot("e", None, 5, False, date(2025, 1, 1), ("metrology",), None, None),
)


@pytest.fixture(scope="module")
def spots() -> Snapshot:
    collection = Collection[Spot](
        id="spots",
        title=N_("Name"),
        description=N_("Name"),
        geometry="Point",
        read=lambda _session, _question: SPOTS,
        key=lambda one: one.key,
        place=lambda one: point(one.lon, one.lat),
        properties=(
            Property("key", Kind.TEXT, N_("Name"), lambda one: one.key),
            Property("name", Kind.TEXT, N_("Name"), lambda one: one.name),
            Property("count", Kind.WHOLE, N_("Name"), lambda one: one.count),
            Property("open", Kind.FLAG, N_("Name"), lambda one: one.open),
            Property("day", Kind.DAY, N_("Name"), lambda one: one.day),
            Property("offers", Kind.TEXTS, N_("Name"), lambda one: list(one.offers)),
        ),
    )
    return take_snapshot(cast(Session, None), collection, Question(date(2026, 11, 24), samples=True))


def found(spots: Snapshot, text: str, language: str = "cql2-text", *, lat_first: bool = False) -> str:
    tree: Any = read_filter("filter", text, language)
    return "".join(spots.ids[row] for row in select(spots, tree, field="filter", lat_first=lat_first))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'Kunshan'", "a"),
        ("name <> 'Kunshan'", "bcd"),
        ("NOT name = 'Kunshan'", "bcd"),  # what has no name is neither
        ("name = 'O''Neil'", "c"),
        ("'Kunshan' = name", "a"),
        ('"name" = \'Kunshan\'', "a"),
        ("name > 'Kunshan'", "bc"),
        ("count > 1 AND count <= 3", "bc"),
        ("count = 1 OR count = 5", "ae"),
        ("NOT (count = 1 OR count = 5)", "bc"),
        ("count BETWEEN 2 AND 3", "bc"),
        ("count NOT BETWEEN 2 AND 3", "ae"),
        ("count IN (1, 3, 99)", "ac"),
        ("count NOT IN (1, 3)", "be"),
        ("name IN ('Café', 'x')", "d"),
        ("CASEI(name) IN (CASEI('KUNSHAN'), CASEI('café'))", "ad"),
        ("count * 2 + 1 = 5", "b"),
        ("count / 0 = 1", ""),
        ("count % 2 = 1", "ace"),
        ("count = -1 * -1", "a"),
        ("count ^ 2 = 9", "c"),
        ("count div 2 = 1", "bc"),
        ("name LIKE 'Kun%'", "a"),
        ("name LIKE 'K_nshan'", "a"),
        ("name LIKE '%100\\%'", "b"),
        ("name LIKE 'kun%'", ""),
        ("CASEI(name) LIKE CASEI('KUN%')", "a"),
        ("name NOT LIKE '%a%'", "bc"),
        ("ACCENTI(name) = ACCENTI('Cafe')", "d"),
        ("name LIKE '昆山%'", "b"),
        ("key LIKE '%' AND count > 1", "bce"),
        ("key LIKE 'e' OR key LIKE key", "abcde"),
        ("name IS NULL", "e"),
        ("name IS NOT NULL", "abcd"),
        ("open", "ad"),
        ("NOT open", "be"),
        ("open = TRUE", "ad"),
        ("open <> TRUE", "be"),
        ("open IS NULL", "c"),
        ("TRUE", "abcde"),
        ("FALSE", ""),
        ("day = DATE('2025-01-01')", "ae"),
        ("day >= DATE('2025-06-30')", "bd"),
        ("day >= '2025-06-30'", "bd"),
        ("day < TIMESTAMP('2025-06-29T20:00:00Z')", "ae"),  # which is the 30th in China
        ("day BETWEEN DATE('2025-01-01') AND DATE('2025-12-31')", "abe"),
        ("T_AFTER(day, DATE('2025-06-30'))", "d"),
        ("T_BEFORE(day, DATE('2025-06-30'))", "ae"),
        ("T_DURING(day, INTERVAL('2025-01-01', '2025-12-31'))", "b"),
        ("T_INTERSECTS(day, INTERVAL('2025-01-01', '2025-12-31'))", "abe"),
        ("T_INTERSECTS(day, INTERVAL('2025-07-01', '..'))", "d"),
        ("T_INTERSECTS(day, INTERVAL('..', '2025-01-01'))", "ae"),
        ("T_DISJOINT(day, INTERVAL('..', '2025-12-31'))", "d"),
        ("T_EQUALS(day, DATE('2026-01-01'))", "d"),
        ("T_STARTS(day, INTERVAL('2025-01-01', '2025-12-31'))", "ae"),
        ("T_FINISHES(day, INTERVAL('2025-01-01', '2025-06-30'))", "b"),
        ("A_CONTAINS(offers, ('testing'))", "ab"),
        ("A_CONTAINS(offers, ('testing', 'metrology'))", "a"),
        ("A_CONTAINEDBY(offers, ('testing', 'metrology'))", "abce"),
        ("A_EQUALS(offers, ('metrology'))", "e"),
        ("A_OVERLAPS(offers, ('standards', 'metrology'))", "ade"),
        ("S_INTERSECTS(geometry, BBOX(118.5, 32.5, 119.5, 33.5))", "c"),
        ("S_INTERSECTS(geometry, POINT(119 33))", "c"),
        ("S_WITHIN(geometry, POLYGON((117 31, 121 31, 121 32.5, 117 32.5, 117 31)))", "ab"),
        ("S_DISJOINT(geometry, POLYGON((117 31, 121 31, 121 32.5, 117 32.5, 117 31)))", "cd"),
        ("S_CONTAINS(POLYGON((117 31, 121 31, 121 32.5, 117 32.5, 117 31)), geometry)", "ab"),
        ("S_EQUALS(geometry, POINT(118 34))", "d"),
        ("S_TOUCHES(geometry, LINESTRING(118 34, 119 34))", "d"),
        ("geometry IS NULL", "e"),
        ("s_intersects(geometry, point(119 33)) or name = 'Café'", "cd"),
    ],
)
def test_what_a_filter_selects(spots: Snapshot, text: str, expected: str) -> None:
    assert found(spots, text) == expected


def test_a_filter_in_json_selects_the_same(spots: Snapshot) -> None:
    assert found(spots, '{"op": "in", "args": [{"property": "count"}, [1, 3]]}', "cql2-json") == "ac"
    nameless = '{"op": "and", "args": [true, {"op": "isNull", "args": [{"property": "name"}]}]}'
    assert found(spots, nameless, "cql2-json") == "e"


def test_geometries_in_a_filter_have_the_axes_of_their_system(spots: Snapshot) -> None:
    assert found(spots, "S_INTERSECTS(geometry, POINT(33 119))", lat_first=True) == "c"
    assert found(spots, "S_INTERSECTS(geometry, BBOX(32.5, 118.5, 33.5, 119.5))", lat_first=True) == "c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name =",
        "name = 'a' AND",
        "name",
        "'name'",
        "1",
        "nosuch = 1",
        "nosuch(name) = 1",
        "nosuch(name)",
        "name = 1",
        "count = 'x'",
        "name + 1 = 2",
        "open > TRUE",
        "offers = 'testing'",
        "geometry = 1",
        "day = 'yesterday'",
        "day = DATE('2025-02-30')",
        "T_AFTER(name, DATE('2025-01-01'))",
        "T_DURING(day, INTERVAL('2025-12-31', '2025-01-01'))",
        "A_CONTAINS(name, ('x'))",
        "S_INTERSECTS(name, POINT(1 2))",
        "S_INTERSECTS(geometry, POLYGON((1 2)))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
        "S_INTERSECTS(geometry)",
        "LIKE(name)",
        "name LIKE count",
        "CASEI(count) = 'x'",
        "name BETWEEN 1 AND 2",
        "count IN ('x')",
        "(" * 5000 + "count = 1" + ")" * 5000,
        "NOT " * 5000 + "count = 1",
        "count = " + "-" * 5000 + "1",
        "count = " + "1+" * 5000 + "1",
        "name = '" + "x" * LONGEST + "'",
        "name = '\ud800' AND",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
    ],
)
def test_a_filter_that_cannot_be_evaluated_is_refused_under_its_name(spots: Snapshot, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        found(spots, text)
    assert refused.value.field == "filter"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "1", '"x"', "{", '{"op": "="}', '{"op": "=", "args": [1]}', "[" * 5000]
)
def test_a_filter_in_json_that_cannot_be_evaluated_is_refused(spots: Snapshot, text: str) -> None:
    with pytest.raises(InvalidInput):
        found(spots, text, "cql2-json")


def test_a_long_outline_is_no_nesting(spots: Snapshot) -> None:
    ring = ", ".join(f"{117 + step / 100} 31" for step in range(400))
    assert found(spots, f"S_WITHIN(geometry, POLYGON(({ring}, 121 35, 117 35, 117 31)))") != ""


def test_numbers_may_be_huge_or_none(spots: Snapshot) -> None:
    assert found(spots, "count < 1e308 * 10") in {"", "abce"}
    assert found(spots, "count ^ 1e300 > 1") == ""


def test_boxes(spots: Snapshot) -> None:
    def within(*box: float) -> str:
        west, south, east, north = box
        return "".join(spots.ids[row] for row in spots.within((west, south, east, north)))

    assert within(118, 31, 120, 34) == "bcd"  # edges included
    assert within(119, 33, 119, 33) == "c"  # a point
    assert within(119, 30, 119, 35) == "c"  # a line
    assert within(120.5, -90, 119.5, 90) == "acd"  # across the 180th meridian
    assert within(0, 0, 1, 1) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name LIKE 'K%h%n'", "a"),
        ("name LIKE '%un%sh%an'", "a"),
        ("name LIKE '%a%b%c%d%'", ""),
        ("name LIKE '%%'", "abcd"),
        ("name LIKE 'K_n%'", "a"),
        ("name LIKE '%n_il'", ""),
        ("name LIKE '%N_il'", "c"),
        (r"name LIKE '%100\%'", "b"),
        ("count IN (1, 3, 1)", "ac"),
        ("NOT count IN (1, 3)", "be"),
        ("open IN (TRUE, FALSE)", "abde"),
    ],
)
def test_patterns_and_lists_of_choices(spots: Snapshot, text: str, expected: str) -> None:
    assert found(spots, text) == expected


@pytest.mark.parametrize(
    "tree",
    [
        {"op": "like", "args": ["a" * 300, "%a" * 60 + "b"]},
        {"op": "like", "args": ["a" * 6000, "%" + "a_" * 2000 + "b%"]},
        {"op": "in", "args": [{"property": "name"}, [f"{number:x}" for number in range(2000)]]},
    ],
)
def test_a_filter_takes_no_time(spots: Snapshot, tree: Any) -> None:
    began = time.process_time()
    assert found(spots, json.dumps(tree), "cql2-json") == ""
    assert time.process_time() - began < 1


def test_outlines_are_compared_with_themselves_once(spots: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outlines of counties take a tenth of a second each time."""
    asked: list[str] = []
    compared = filtering._Filter._compared

    def counted(self: Any, name: str, one: Any, two: Any) -> Any:
        asked.append(name)
        return compared(self, name, one, two)

    monkeypatch.setattr(filtering._Filter, "_compared", counted)
    each = " OR ".join(["S_EQUALS(geometry, geometry)", "S_TOUCHES(geometry, geometry)"] * 20)
    assert found(spots, each) == "abcd"
    assert asked == ["s_equals", "s_touches"]


@pytest.mark.parametrize(
    "tree",
    [
        {"op": "a_contains", "args": [{"property": "offers"}, [["testing"]]]},
        {"op": "a_contains", "args": [{"property": "offers"}, [{"property": "name"}]]},
        {"op": "a_equals", "args": [[["testing"]], [["testing"]]]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": ["120", 31, 121, 32]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [None, 31, 121, 32]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [[1], {}, True, 32]}]},
    ],
)
def test_what_no_list_and_no_box_may_hold_is_refused(spots: Snapshot, tree: Any) -> None:
    with pytest.raises(InvalidInput, match=r"not understood|can’t be read|can't be read"):
        found(spots, json.dumps(tree), "cql2-json")


def test_a_comparison_with_nothing_is_neither_true_nor_false(spots: Snapshot) -> None:
    for arguments in ([{"property": "name"}, None], [None, "a"], [None, None]):
        like = {"op": "like", "args": arguments}
        assert found(spots, json.dumps(like), "cql2-json") == ""
        assert found(spots, json.dumps({"op": "not", "args": [like]}), "cql2-json") == ""
    for choices in (["Kunshan", None], [None]):
        among = {"op": "not", "args": [{"op": "in", "args": [{"property": "name"}, choices]}]}
        assert found(spots, json.dumps(among), "cql2-json") == ""
