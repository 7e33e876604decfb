from __future__ import annotations

import pytest

from geo.geocoding import GeocodedPlace, Geocoder, GeocodingFailed
from geo.place_of_address import place_of_address

KUNSHAN, NANJING, GULOU, SHANGHAI = (120.98, 31.385), (118.84, 32.02), (118.76, 32.07), (121.47, 31.23)


class Known(Geocoder):
    """A geocoder that has the answer already."""

    def __init__(self, place: tuple[float, float] | None) -> None:
        super().__init__("tianditu", "k")
        self._place = place

    def _ask(self, address: str) -> GeocodedPlace | None:
        return GeocodedPlace(*self._place, "门址") if self._place else None


class Broken(Geocoder):
    def _ask(self, address: str) -> GeocodedPlace | None:
        raise GeocodingFailed("503")


def test_the_geocoder_s_place_is_taken_where_it_agrees() -> None:
    answer = place_of_address("昆山市前进中路1号", Known(KUNSHAN))
    assert (answer.geocoded.lon, answer.geocoded.lat) == KUNSHAN
    assert answer.reading.place.county.name == "昆山市"


@pytest.mark.parametrize("elsewhere", [NANJING, SHANGHAI, None])
def test_one_that_contradicts_the_address_is_not(elsewhere: tuple[float, float] | None) -> None:
    answer = place_of_address("昆山市前进中路1号", Known(elsewhere))
    assert (answer.geocoded, answer.failed) == (None, False)
    assert answer.reading.place.county.name == "昆山市"


def test_it_decides_between_namesakes_and_finds_what_is_not_read_offline() -> None:
    assert place_of_address("鼓楼区中山北路", Known(GULOU)).geocoded is not None
    assert place_of_address("紫金山天文台", Known(NANJING)).geocoded is not None


def test_where_it_fails_the_reading_stands() -> None:
    answer = place_of_address("昆山市前进中路1号", Broken("amap", "k"))
    assert answer.failed
    assert answer.reading.place.county.name == "昆山市"


def test_without_one_nothing_is_asked() -> None:
    assert place_of_address("昆山", None).reading.place.county.name == "昆山市"
