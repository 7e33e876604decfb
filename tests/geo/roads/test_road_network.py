"""Times by car: of drawn networks, worked out by hand; and of a real one, against another search."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point

from geo.distance import great_circle_m
from geo.roads import build
from geo.roads.build import build_network
from geo.roads.car_rules import FASTEST_KMH
from geo.roads.extract import UNITS_PER_DEGREE, UnreadableExtract, read_extract
from geo.roads.isochrones import IsochroneTask, isochrones, read_isochrones
from geo.roads.network import RoadNetwork, read_facts, read_network
from geo.roads.snapping import snap
from geo.roads.travel_times import travel_times
from tests.geo.roads.drawn_extract import DrawnExtract

REAL = Path(__file__).parent / "data" / "finland.osm.pbf"
EQUATOR_KM = 0.00899321605918731
"""Degrees along the equator, or a meridian, that are one kilometre."""

# A triangle with a one-way road, a stub, a private road, and a road that nothing leads to. In kilometres:
#
#   D(0,10) ── private ── E(10,10)
#   │ 36 km/h: A-D 10 km        P──Q: apart
#   A(0,0) ─ M(5,0) ─ B(10,0) ── C(30,0)
#      72 km/h            one way B→C, 90 km/h; C→D back by 25 km/h
PLACES = {
    "A": (0.0, 0.0), "M": (5.0, 0.0), "B": (10.0, 0.0), "C": (30.0, 0.0), "D": (0.0, 10.0), "E": (10.0, 10.0),
    "P": (50.0, 50.0), "Q": (51.0, 50.0),
}  # fmt: skip
WAYS = [
    ("AM", {"highway": "primary", "maxspeed": "90"}),
    ("MB", {"highway": "primary", "maxspeed": "90"}),
    ("BC", {"highway": "motorway"}),
    ("CD", {"highway": "residential"}),
    ("AD", {"highway": "tertiary", "maxspeed": "45"}),
    ("DE", {"highway": "service", "access": "private"}),
    ("PQ", {"highway": "primary"}),
]


def degrees(*kilometres: tuple[float, float]) -> np.ndarray:
    """Return longitudes and latitudes of points near the equator, where both axes are alike."""
    return np.array(kilometres, dtype=float).T * EQUATOR_KM


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    nodes = {name: (east * EQUATOR_KM, north * EQUATOR_KM) for name, (east, north) in PLACES.items()}
    return build_network(DrawnExtract(nodes, WAYS).write(tmp_path_factory.mktemp("roads") / "drawn.osm.pbf"))


def seconds(network: RoadNetwork, start: tuple[float, float], end: tuple[float, float]) -> float:
    return float(travel_times(network, *degrees(start), *degrees(end))[0, 0])


HYPOTENUSE = float(np.hypot(30, 10))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 0), (10, 0), 10 / 72 * 3600),
        ((10, 0), (0, 0), 10 / 72 * 3600),
        ((2, 0), (7, 0), 5 / 72 * 3600),  # across the joint M, which the graph no longer has
        ((7, 0), (2, 0), 5 / 72 * 3600),
        ((0, 0), (30, 0), (10 / 72 + 20 / 90) * 3600),
        ((15, 0), (25, 0), 10 / 90 * 3600),
        ((0, 5), (5, 0), (5 / 36 + 5 / 72) * 3600),
        # Back from the one-way road: on to C, and home by the slow road.
        ((25, 0), (15, 0), (5 / 90 + HYPOTENUSE / 25 + 10 / 36 + 10 / 72 + 5 / 90) * 3600),
        ((30, 0), (10, 0), (HYPOTENUSE / 25 + 10 / 36 + 10 / 72) * 3600),
        # A kilometre beside the road, walked at 5 km/h.
        ((5, -1), (10, 0), (1 / 5 + 5 / 72) * 3600),
        ((5, -1), (10, -2), (1 / 5 + 5 / 72 + 2 / 5) * 3600),
        # Nearer to each other than to the road: walked.
        ((5, -1), (5.5, -1), 0.5 / 5 * 3600),
        ((5, -1), (5, -1), 0),
        # Beside the private road, 3 km from the next that is open; and beside the road that nothing leads to.
        ((10, 10), (0, 0), np.inf),
        ((50.5, 50), (0, 0), np.inf),
    ],
)
def test_times_are_those_worked_out_by_hand(
    drawn: RoadNetwork, start: tuple[float, float], end: tuple[float, float], expected: float
) -> None:
    assert seconds(drawn, start, end) == pytest.approx(expected, abs=0.5)


def test_many_at_once_are_the_times_of_each(drawn: RoadNetwork) -> None:
    random = np.random.default_rng(7)
    places = [(float(east), float(north)) for east, north in random.uniform((-1, -1), (31, 11), (40, 2))]
    several = travel_times(drawn, *degrees(*places), *degrees(*places[:9]))
    turned = travel_times(drawn, *degrees(*places[:9]), *degrees(*places))
    single = np.array([[seconds(drawn, start, end) for end in places[:9]] for start in places[:5]])
    np.testing.assert_allclose(several[:5], single, atol=1e-4)
    np.testing.assert_allclose(turned[:, 20], [seconds(drawn, start, places[20]) for start in places[:9]], atol=1e-4)


def test_the_graph_has_only_what_leads_somewhere(drawn: RoadNetwork) -> None:
    facts = drawn.facts
    assert facts.junctions == 2  # only at B and C does the way change; E is private, P and Q are apart
    assert facts.left_out == 1
    assert facts.as_of == datetime(2026, 10, 31, 20, 21, 2, tzinfo=UTC)


def test_a_place_is_told_how_far_its_road_is(drawn: RoadNetwork) -> None:
    found = snap(drawn, *degrees((5, -1), (5, -2.9), (10, 3.3), (5, -3.1), (400, 0)))
    assert found.metres[:2] == pytest.approx([1000, 2900], rel=1e-3)
    assert np.isinf(found.metres[2:]).all()
    assert (found.piece[2:] == -1).all()
    assert found.covered.tolist() == [True, True, True, False, False]


def test_a_network_is_read_again_as_it_was(drawn: RoadNetwork, tmp_path: Path) -> None:
    drawn.save(tmp_path / "network")
    again = read_network(tmp_path / "network")
    assert again.facts == read_facts(tmp_path / "network")
    assert again.facts.mark == drawn.facts.mark
    assert isinstance(again.seconds, np.memmap)
    assert seconds(again, (0, 5), (5, 0)) == seconds(drawn, (0, 5), (5, 0))


@pytest.mark.parametrize(
    ("ways", "tagged", "expected"),
    [
        # A bollard at M: from A to B around by D and C.
        ([("AMB", {"highway": "primary", "maxspeed": "90"}), ("ADCB", {"highway": "primary", "maxspeed": "90"})],
         {"M": {"barrier": "bollard"}}, (10 + HYPOTENUSE + 20) / 72 * 3600),
        # A ferry whose duration is mapped.
        ([("AB", {"route": "ferry", "duration": "00:20"}), ("AD", {"highway": "primary"})], {}, 20 * 60),
        # The faster of two roads between the same ends.
        ([("AB", {"highway": "residential"}), ("AB", {"highway": "motorway", "oneway": "no"})], {}, 10 / 90 * 3600),
        # A ring road, all one way.
        ([("ADEBA", {"highway": "primary", "maxspeed": "90", "oneway": "yes"})], {}, 30 / 72 * 3600),
        # A way with a node that the extract does not hold is cut there.
        ([("A?B", {"highway": "primary", "maxspeed": "90"}), ("ADB", {"highway": "primary", "maxspeed": "90"})], {},
         (10 + np.hypot(10, 10)) / 72 * 3600),
    ],
    ids=["barrier", "ferry", "parallel", "ring", "edge"],
)  # fmt: skip
def test_further_kinds_of_ways(
    ways: list[tuple[str, dict[str, str]]], tagged: dict[str, dict[str, str]], expected: float, tmp_path: Path
) -> None:
    nodes = {name: (east * EQUATOR_KM, north * EQUATOR_KM) for name, (east, north) in PLACES.items()}
    network = build_network(DrawnExtract(nodes, ways, tagged).write(tmp_path / "drawn.osm.pbf"))
    assert seconds(network, (0, 0), (10, 0)) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("content", [b"", b"no extract", b"\x00\x00\x00\x0d\x0a\x09OSMHeader"])
def test_a_file_that_is_no_extract_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "broken.osm.pbf").write_bytes(content)
    with pytest.raises(UnreadableExtract):
        build_network(tmp_path / "broken.osm.pbf")


def test_an_extract_without_roads_is_refused(tmp_path: Path) -> None:
    drawn = DrawnExtract({"A": (0, 0), "B": (0, 1)}, [("AB", {"highway": "footway"})])
    with pytest.raises(UnreadableExtract):
        build_network(drawn.write(tmp_path / "footway.osm.pbf"))


def test_isochrones_hold_what_is_reached_in_time(drawn: RoadNetwork) -> None:
    near, far = isochrones(drawn, *degrees((10, 0)), [5, 10])
    # To B at 72 km/h: 6 km in five minutes, but nothing from the one-way road ahead of it.
    for east, inside in ((5.0, True), (3.0, False), (14.0, False)):
        assert near.area.contains(Point(*degrees((east, 0.0)))) is inside
    assert far.area.contains(Point(*degrees((1.0, 0.0))))
    assert far.area.covers(near.area)
    [nowhere] = isochrones(drawn, *degrees((50.5, 50)), [5])
    assert nowhere.area.is_empty


def test_nothing_is_faster_than_the_fastest_speed(tmp_path: Path) -> None:
    """A wrong posted speed, or a ferry with the duration of another: the straight line stays a bound of the time."""
    drawn = DrawnExtract(
        {"A": (0, 0), "B": (0.2, 0), "C": (0.4, 0), "D": (0.4, 0.2)},
        [
            ("AB", {"highway": "motorway", "maxspeed": "900", "oneway": "no"}),
            ("BC", {"route": "ferry", "duration": "00:01"}),
            ("CD", {"highway": "primary"}),
        ],
    )
    network = build_network(drawn.write(tmp_path / "fast.osm.pbf"))
    lons, lats = np.array([0.0, 0.2, 0.4]), np.zeros(3)
    times = travel_times(network, lons, lats, lons, lats)
    apart = great_circle_m(lons[:, None], lats[:, None], lons[None], lats[None])
    assert np.isfinite(times).all()
    assert (times * FASTEST_KMH / 3.6 >= apart * 0.999).all()


def test_isochrones_drawn_apart_are_the_same(drawn: RoadNetwork, tmp_path: Path) -> None:
    drawn.save(tmp_path / "network")
    (lon,), (lat,) = degrees((10, 0))
    task = IsochroneTask(tmp_path / "network", ((float(lon), float(lat)),), (5, 10))
    told: list[float] = []
    result = json.loads(json.dumps(task.run(told.append)))
    assert [one.area.equals(other.area) for one, other in zip(
        read_isochrones(result), isochrones(drawn, *degrees((10, 0)), [5, 10]), strict=True
    )] == [True, True]  # fmt: skip
    assert told == sorted(told) and told


def every_way_by_itself(path: Path) -> tuple[dict[int, list[tuple[int, float]]], dict[int, tuple[float, float]]]:
    """Return, from the same extract, what leads from node to node without any contraction, and where the nodes are."""
    ways = read_extract(path)
    places = {
        int(node): (x / UNITS_PER_DEGREE, y / UNITS_PER_DEGREE)
        for node, x, y in zip(ways.node, ways.x, ways.y, strict=True)
    }
    leads: dict[int, list[tuple[int, float]]] = {node: [] for node in places}
    blocked = set(ways.blocked.tolist())
    for (a, way), (b, next_way) in pairwise(zip(ways.node.tolist(), ways.way.tolist(), strict=True)):
        if way != next_way or {a, b} & blocked:
            continue
        metres = float(great_circle_m(*places[a], *places[b]))
        for start, end, kmh in ((a, b, ways.forward[way]), (b, a, ways.backward[way])):
            if kmh:
                leads[start].append((end, metres * 3.6 / kmh))
    return leads, places


def test_a_real_network_gives_the_times_of_another_search() -> None:
    network = build_network(REAL)
    leads, places = every_way_by_itself(REAL)
    assert network.facts.vertices == len(places) == 883
    assert network.facts.junctions < len(places) / 3
    random = np.random.default_rng(3)
    on = snap(network, *np.array(list(places.values())).T)
    connected = [node for node, metres in zip(places, on.metres, strict=True) if metres < 0.05]
    chosen = [connected[index] for index in random.choice(len(connected), 25, replace=False)]
    points = np.array([places[node] for node in chosen]).T
    found = travel_times(network, *points, *points)
    for row, start in enumerate(chosen):
        known = _dijkstra(leads.__getitem__, start)
        np.testing.assert_allclose(found[row], [known.get(end, np.inf) for end in chosen], atol=0.2)


def _dijkstra(leads: Callable[[int], list[tuple[int, float]]], start: int) -> dict[int, float]:
    known: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        at, node = heapq.heappop(waiting)
        if node not in known:
            known[node] = at
            for end, cost in leads(node):
                heapq.heappush(waiting, (at + cost, end))
    return known


def test_building_tells_how_far_it_has_come(tmp_path: Path) -> None:
    steps: list[str] = []
    build_network(REAL, steps.append)
    assert tuple(steps) == build.STEPS
