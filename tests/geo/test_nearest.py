import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.coordinates import CoordinateOutOfRange
from geo.distance import great_circle_m
from geo.nearest import NearestIndex, nearest, pairs_within

anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
# A coarse grid makes equal places and equal distances common.
on_a_grid = st.tuples(st.integers(-18, 18).map(lambda n: n * 10.0), st.integers(-9, 9).map(lambda n: n * 10.0))


def brute_force(lon, lat, lons, lats, k):
    metres = great_circle_m(lon, lat, np.asarray(lons), np.asarray(lats))
    return sorted(zip(metres.tolist(), range(len(metres)), strict=True))[:k]


def check_against_brute_force(point, places, k):
    lons, lats = np.array(places).T
    indices, metres = nearest(*point, lons, lats, k)
    expected = brute_force(*point, lons, lats, k)
    assert list(zip(metres.tolist(), indices.tolist(), strict=True)) == expected


@settings(deadline=None, max_examples=300)
@given(anywhere, st.lists(anywhere, min_size=1, max_size=40), st.integers(1, 50))
@example((179.9, 0.0), [(0.0, 0.0), (-179.9, 0.0), (170.0, 0.0)], 2)
@example((0.0, 89.9), [(0.0, 80.0), (180.0, 89.9)], 1)
@example((0.0, 0.0), [(180.0, 0.0), (180.0, 1e-6), (-180.0, 2e-6)], 3)
def test_is_what_comparing_all_distances_gives(point, places, k):
    check_against_brute_force(point, places, k)


@settings(deadline=None, max_examples=300)
@given(on_a_grid, st.lists(on_a_grid, min_size=1, max_size=60), st.integers(1, 20))
def test_ties_too(point, places, k):
    check_against_brute_force(point, places, k)


def test_a_thousand_places_in_jiangsu():
    random = np.random.default_rng(2260)
    index = NearestIndex(lons := random.uniform(116, 122, 1000), lats := random.uniform(30, 36, 1000))
    assert len(index) == 1000
    for lon, lat in random.uniform((116, 30), (122, 36), (50, 2)):
        indices, metres = index.query(lon, lat, k=10)
        assert list(zip(metres.tolist(), indices.tolist(), strict=True)) == brute_force(lon, lat, lons, lats, 10)


def test_places_at_one_spot_come_by_index():
    indices, metres = nearest(118.8, 32.0, [120.0, 119.0, 119.0, 119.0], [32.0] * 4, k=2)
    assert indices.tolist() == [1, 2]
    assert metres[0] == metres[1]


def test_asking_for_more_than_there_are_gives_all():
    indices, metres = nearest(118.8, 32.0, [120.0, 119.0], [32.0, 32.0], k=5)
    assert indices.tolist() == [1, 0]
    assert metres[0] < metres[1]


def test_of_none_none_is_nearest():
    indices, metres = nearest(118.8, 32.0, [], [], k=3)
    assert indices.shape == metres.shape == (0,)
    assert indices.dtype.kind == "i"


@pytest.mark.parametrize("k", [0, -1])
@pytest.mark.parametrize("places", [[], [118.8]])
def test_k_below_one_is_refused(k, places):
    with pytest.raises(ValueError, match="at least 1"):
        nearest(118.8, 32.0, places, places and [32.0], k=k)


def test_what_is_no_place_is_refused():
    with pytest.raises(CoordinateOutOfRange, match="latitude 132.0"):
        nearest(118.8, 132.0, [118.0], [32.0])
    with pytest.raises(CoordinateOutOfRange, match="longitude nan at position 1"):
        NearestIndex([118.0, np.nan], [32.0, 32.0])
    with pytest.raises(ValueError, match="2 longitudes but 1 latitudes"):
        NearestIndex([118.0, 119.0], [32.0])


@settings(deadline=None, max_examples=200)
@given(st.lists(anywhere, max_size=25, unique=True), st.floats(0, 2e7))
@example([(179.999, 0.0), (-179.999, 0.0)], 300.0)
def test_pairs_within_a_distance_are_what_comparing_all_gives(places, metres):
    lons, lats = np.array(places).reshape(-1, 2).T
    pairs, apart = pairs_within(lons, lats, metres)
    expected = [
        (one, other)
        for one in range(len(places))
        for other in range(one + 1, len(places))
        if great_circle_m(*places[one], *places[other]) <= metres
    ]
    assert [tuple(pair) for pair in pairs.tolist()] == expected
    assert (apart <= metres).all()


def test_places_at_one_point_are_paired_with_the_first_of_them():
    pairs, apart = pairs_within([118.0, 119.0, 118.0, 118.0], [32.0, 32.0, 32.0, 32.0], 150.0)
    assert pairs.tolist() == [[0, 2], [0, 3]] and apart.tolist() == [0.0, 0.0]
    assert len(pairs_within([], [], 150.0)[0]) == len(pairs_within([118.0], [32.0], 150.0)[0]) == 0
