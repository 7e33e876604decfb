from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import area_within
from geo.area_within import circles, share_of_area_within
from geo.coordinates import CoordinateOutOfRange
from geo.counties import county_layer
from geo.distance import great_circle_m

KUNSHAN = "320583"


@pytest.mark.parametrize("radius_m", [1_000, 30_000])
def test_a_circle_has_the_area_of_one(radius_m: float) -> None:
    drawn = circles([118.8, 121.9], [35.0, 30.8], radius_m)
    assert shapely.area(drawn) == pytest.approx([math.pi * radius_m**2] * 2, rel=0.001)


def test_nothing_and_everything() -> None:
    adcodes = {county.adcode for county in county_layer().counties}
    assert share_of_area_within([], [], 10_000) == dict.fromkeys(adcodes, 0.0)
    assert share_of_area_within([119.5], [32.9], 500_000) == dict.fromkeys(adcodes, 1.0)


@pytest.mark.parametrize("radius_m", [8_000, 20_000])
def test_the_share_is_that_of_points_strewn_over_the_county(radius_m: float) -> None:
    """Another way to the same figure: points at random in the full outline, by great-circle distance."""
    county = county_layer().get(KUNSHAN)
    west, south, east, north = county_layer().bounds(KUNSHAN)
    chance = np.random.default_rng(7)
    lons, lats = chance.uniform(west, east, 40_000), chance.uniform(south, north, 40_000)
    inside = np.array([adcode == KUNSHAN for adcode in county_layer().locate_many(lons, lats)])
    place = county.lon - 0.08, county.lat + 0.05
    near = great_circle_m(*place, lons[inside], lats[inside]) <= radius_m
    share = share_of_area_within([place[0]], [place[1]], radius_m)[KUNSHAN]
    assert share == pytest.approx(near.mean(), abs=0.01)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.floats(116.5, 121.8), st.floats(31, 35)), min_size=1, max_size=6),
    st.floats(2_000, 60_000),
)
def test_more_places_and_longer_ways_never_reach_less(places: list[tuple[float, float]], radius_m: float) -> None:
    lons, lats = zip(*places, strict=True)
    all_of_them = share_of_area_within(lons, lats, radius_m)
    assert all(0 <= share <= 1 + 1e-9 for share in all_of_them.values())
    fewer = share_of_area_within(lons[1:], lats[1:], radius_m)
    farther = share_of_area_within(lons, lats, radius_m * 1.5)
    for adcode, share in all_of_them.items():
        assert fewer[adcode] <= share + 1e-9
        assert share <= farther[adcode] + 1e-9


def test_what_is_no_place_or_no_distance_is_refused() -> None:
    with pytest.raises(CoordinateOutOfRange):
        circles([200], [32], 10_000)
    with pytest.raises(ValueError, match="no inside"):
        circles([120], [32], 0)


@pytest.mark.parametrize("radius_m", [5_000, 30_000])
def test_joining_a_few_circles_at_a_time_gives_what_joining_all_gives(
    monkeypatch: pytest.MonkeyPatch, radius_m: float
) -> None:
    chance = np.random.default_rng(7)
    lons, lats = chance.uniform(116, 122, 300), chance.uniform(30.5, 35.2, 300)
    at_once = share_of_area_within(lons, lats, radius_m)
    monkeypatch.setattr(area_within, "AT_ONCE", 20)
    in_parts = share_of_area_within(lons, lats, radius_m)
    assert in_parts == pytest.approx(at_once, abs=1e-9)
