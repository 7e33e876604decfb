"""Reach is claimed only as far as the known places justify."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import great_circle_m
from stations.catalogue.chain import IndustrialChain
from stations.places.counties import County
from stations.planning.centre_reach import CentreReach, Reach
from stations.registry.centre import Centre

CHAIN = IndustrialChain(code="x", name_zh="某链", name_en="", source="test")
COUNTIES = [
    County(adcode=f"32{city:02d}{number:02d}", city_adcode=f"32{city:02d}00", lon=118.0 + city + number / 10, lat=32.0)
    for city in (1, 2)
    for number in range(1, 4)
]
"""Two cities a degree of longitude (94 km) apart, each of three counties in a row, 9.4 km apart."""


def centre(*, place: tuple[float, float] | None = None, county: County | None = None, city: str = "320100") -> Centre:
    lon, lat = place or (None, None)
    return Centre(code="C", lon=lon, lat=lat, county=county, city_adcode=city, chains=[CHAIN])


def reaches(centres: list[Centre], within_km: float) -> list[Reach]:
    return [row.reach for row in CentreReach(COUNTIES, centres).of_counties(within_km)]


def test_a_centre_at_its_place_reaches_by_distance() -> None:
    assert reaches([centre(place=(119.1, 32.0))], 10) == [Reach.YES, Reach.YES, *[Reach.NO] * 4]


def test_a_centre_known_to_its_county_stands_inside_it() -> None:
    rows = CentreReach(COUNTIES, [centre(county=COUNTIES[2])]).of_counties(10)
    assert [row.reach for row in rows] == [Reach.NO, Reach.YES, Reach.YES, *[Reach.NO] * 3]
    assert rows[2].nearest_m == 0


def test_a_centre_known_to_its_city_is_told_apart() -> None:
    somewhere = [centre(city="320100")]
    # From the outer counties it may be at 0 or two counties away; from the middle one never over 9.4 km.
    assert reaches(somewhere, 10) == [Reach.PERHAPS, Reach.YES, Reach.PERHAPS, *[Reach.NO] * 3]
    assert reaches(somewhere, 20) == [*[Reach.YES] * 3, *[Reach.NO] * 3]
    assert reaches(somewhere, 80) == [*[Reach.YES] * 3, Reach.PERHAPS, Reach.NO, Reach.NO]
    rows = CentreReach(COUNTIES, somewhere).of_counties(10)
    assert all(row.nearest is None and row.nearest_m is None for row in rows)


def test_chains_are_told_county_by_county() -> None:
    reach = CentreReach(COUNTIES, [centre(city="320100")])
    other = IndustrialChain(code="y", name_zh="另链", name_en="", source="test")
    with_centre, without = reach.of_chains([CHAIN, other], 10)
    assert (with_centre.centres, list(with_centre.counties.values())) == (1, [1, 2, 3])
    assert (without.centres, without.counties[Reach.NO]) == (0, 6)


def test_without_any_centre_nothing_is_reached() -> None:
    assert reaches([], 100) == [Reach.NO] * 6


PLACES = st.builds(
    lambda lon, lat, known: {
        "place": centre(place=(lon, lat)),
        "county": centre(county=COUNTIES[int(lon * 10) % 6]),
        "city": centre(city=COUNTIES[int(lon * 10) % 6].city_adcode),
    }[known],
    st.floats(118, 121),
    st.floats(31, 33),
    st.sampled_from(["place", "county", "city"]),
)


@given(st.lists(PLACES, max_size=5), st.floats(1, 200), st.floats(1, 200))
def test_farther_reaches_no_less(centres: list[Centre], one: float, other: float) -> None:
    reach = CentreReach(COUNTIES, centres)
    near, far = (reach.of_counties(km) for km in sorted((one, other)))
    for here, there in zip(near, far, strict=True):
        assert here.surely <= there.surely
        assert here.surely + here.perhaps <= there.surely + there.perhaps


def test_the_nearest_is_measured_on_the_great_circle() -> None:
    (row, *_) = CentreReach(COUNTIES, [centre(place=(120.0, 33.0))]).of_counties(10)
    assert row.nearest_m == pytest.approx(great_circle_m(COUNTIES[0].lon, COUNTIES[0].lat, 120.0, 33.0))
