from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.counties import county_layer
from geo.gazetteer import Town
from geo.province import read_province
from stations.places.census import urban_share
from stations.planning.people_spread import (
    PeoplePlace,
    StandsAt,
    people_at_towns,
    people_in_hexagons,
    spread_over_towns,
)
from stations.planning.whole_shares import in_whole_parts

COUNTY = county_layer(read_province("320000")).get("320623")
SEAT = (121.185, 32.317)
IN_SEAT = Town("320623001", "掘港街道", "320623", (121.186, 32.318))
VILLAGE = Town("320623100", "洋口镇", "320623", (121.0, 32.5))
OTHER = Town("320623101", "栟茶镇", "320623", (120.9, 32.55))
UNPLACED = Town("320623102", "岔河镇", "320623")


def shares(*towns: Town, seat: tuple[float, float] | None = SEAT, urban: float | None = 0.6) -> dict[str, tuple]:
    found = spread_over_towns(COUNTY, towns, seat, urban)
    return {one.id: (pytest.approx(one.urban), pytest.approx(one.rest)) for one in found}


def test_the_urban_share_is_at_subdistricts_and_seat_the_rest_alike_in_other_towns() -> None:
    assert shares(IN_SEAT, VILLAGE, OTHER) == {"320623001": (0.6, 0), "320623100": (0, 0.2), "320623101": (0, 0.2)}
    far = dataclasses.replace(IN_SEAT, point=(121.3, 32.3))
    assert shares(far, VILLAGE) == {"320623-seat": (0.3, 0), "320623001": (0.3, 0), "320623100": (0, 0.4)}


def test_a_seat_in_a_town_makes_it_urban() -> None:
    town = dataclasses.replace(IN_SEAT, name="掘港镇")
    assert shares(town, VILLAGE) == {"320623001": (0.6, 0), "320623100": (0, 0.4)}


def test_a_town_that_is_not_placed_leaves_its_people_to_the_others_of_its_kind() -> None:
    assert shares(IN_SEAT, VILLAGE, UNPLACED) == {"320623001": (0.6, 0), "320623100": (0, 0.4)}
    assert shares(IN_SEAT, UNPLACED) == {"320623": (0, 0.4), "320623001": (0.6, 0)}
    assert shares(UNPLACED) == {"320623": (0, 0.4), "320623-seat": (0.6, 0)}


def test_without_seat_or_towns_the_inner_point_stands() -> None:
    assert shares(seat=None) == {"320623": (0.6, 0.4)}
    assert shares(UNPLACED, seat=None) == {"320623": (0.6, 0.4)}
    assert shares(VILLAGE, seat=None) == {"320623": (0.6, 0), "320623100": (0, 0.4)}


def test_subdistricts_alone_hold_everybody_where_a_county_has_no_other_towns() -> None:
    assert shares(IN_SEAT) == {"320623001": (0.6, 0.4)}


def test_where_the_census_gives_no_urban_share_towns_count_alike() -> None:
    third = 1 / 3
    assert shares(IN_SEAT, VILLAGE, OTHER, urban=None) == {
        "320623001": (0, third), "320623100": (0, third), "320623101": (0, third)
    }  # fmt: skip


LAYERS = {"towns": people_at_towns, "hexagons": people_in_hexagons}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_county_is_shared_out_whole_and_as_urban_as_the_census_says(layer: str) -> None:
    places = LAYERS[layer]()
    assert len({one.id for one in places}) == len(places)
    assert [(one.county, one.id) for one in places] == sorted((one.county, one.id) for one in places)
    found = {adcode: list(inside) for adcode, inside in groupby(places, lambda one: one.county)}
    assert found.keys() == {one.adcode for one in county_layer().counties}
    for adcode, inside in found.items():
        assert sum(one.urban for one in inside) == pytest.approx(urban_share(adcode))
        assert sum(one.share for one in inside) == pytest.approx(1)
        assert min(one.share for one in inside) > 0


def test_people_of_a_hexagon_thin_out_from_the_town() -> None:
    def of(adcode: str) -> list[PeoplePlace]:
        return [one for one in people_in_hexagons() if one.county == adcode]

    town = max((one for one in people_at_towns() if one.county == "320583"), key=lambda one: one.share)
    near, *others = sorted(of("320583"), key=lambda one: (one.lon - town.lon) ** 2 + (one.lat - town.lat) ** 2)
    assert near.share == max(one.share for one in of("320583"))
    assert all(one.urban < near.urban for one in others)


def test_half_the_towns_are_placed_and_who_is_not_is_at_a_point_inside_the_county() -> None:
    kinds = Counter(one.at for one in people_at_towns())
    assert kinds[StandsAt.TOWN] == 544
    assert kinds[StandsAt.INNER_POINT] == 29


@given(st.integers(0, 10**8), st.lists(st.floats(0, 1e6), min_size=1, max_size=60).filter(any))
def test_whole_parts_add_up_and_are_near_their_exact_parts(total: int, given_shares: list[float]) -> None:
    parts = in_whole_parts(total, given_shares)
    exact = total * np.array(given_shares) / sum(given_shares)
    assert parts.sum() == total
    assert np.all(np.abs(parts - exact) < 1 + 1e-6 * total)
    assert np.all(parts >= 0)


@pytest.mark.parametrize(("total", "given_shares"), [(-1, [1.0]), (3, [0.0]), (3, [2.0, -1.0]), (3, [])])
def test_what_cannot_be_divided_is_told(total: int, given_shares: list[float]) -> None:
    with pytest.raises(ValueError, match="can't be divided"):
        in_whole_parts(total, given_shares)
