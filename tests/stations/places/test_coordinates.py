from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import CRS, to_wgs84
from stations.errors import InvalidInput
from stations.places.coordinates import (
    CRS_WORDS,
    in_order,
    read_coordinate_system,
    read_degrees,
    read_degrees_pair,
    read_place,
)

LON, LAT = st.floats(116.3, 122.0), st.floats(30.7, 35.2)  # Jiangsu
BETWEEN = st.sampled_from([", ", ",", " ", "，", "、", "\t", " ; "])


@given(LON, LAT, BETWEEN)
def test_longitude_and_latitude_are_read_from_one_text_either_way_round(lon: float, lat: float, between: str) -> None:
    assert read_degrees_pair("lon", f" {lon}{between}{lat}") == (lon, lat)
    assert in_order(*read_degrees_pair("lon", f"{lat}{between}{lon}")) == (lon, lat), "only so can it be a place"
    for written in ("东经{}° 北纬{}°", "经度：{} 纬度：{}", "lng={}, lat={}", "POINT({} {})"):
        assert read_degrees_pair("lon", written.format(lon, lat)) == (lon, lat)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 599))
def test_degrees_minutes_and_seconds_are_read_in_every_writing(degrees: int, minutes: int, tenths: int) -> None:
    value = degrees + minutes / 60 + tenths / 36000
    for written in (
        "{}°{}′{}″",
        "{}°{}'{}\"",
        "{}度{}分{}秒",
        "东经{}度{}分{}秒",
        "E{} {} {}",
        "{}:{}:{}",
        "{}-{}-{}",
        "经度：{}°{}′{}″",
        "{}°{}’{}”E",
    ):
        assert read_degrees("lon", written.format(degrees, minutes, tenths / 10)) == pytest.approx(value, abs=1e-12)


@given(st.floats(-180, 180))
def test_a_decimal_reads_as_it_was_written(value: float) -> None:
    assert read_degrees("lon", repr(value)) == value


@pytest.mark.parametrize("text", ["", "120.98", "120.98, 31.39, 4", "东经 120", ",", "east, north"])
def test_what_is_no_two_numbers_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="120.98, 31.39") as refused:
        read_degrees_pair("lon", text)
    assert refused.value.field == "lon"


@pytest.mark.parametrize("text", ["", "east", "西经120", "120°61′", "120°10′60″", "S31"])
def test_what_is_no_number_of_degrees_is_quoted(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{text}” is not a number of degrees"):
        read_degrees("lat", text)


@given(LON, LAT, st.sampled_from(CRS))
def test_a_place_is_put_into_wgs84_in_either_order(lon: float, lat: float, crs: str) -> None:
    assert read_place(lon, lat, crs) == read_place(lat, lon, crs.upper()) == pytest.approx(to_wgs84(lon, lat, crs))


@pytest.mark.parametrize(
    ("lon", "lat", "field", "told"),
    [
        (200, 32, "lon", "longitude 200 is out of range"),
        (120, 91, "lat", "latitude 91 is out of range"),
        (32, 200, "lat", "latitude 200 is out of range"),
        (40512345.5, 3473210, "lon", "metres"),
    ],
)
def test_numbers_that_are_no_place_are_told(lon: float, lat: float, field: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        read_place(lon, lat)
    assert refused.value.field == field


def test_systems_are_known_by_their_usual_names() -> None:
    for word, crs in CRS_WORDS.items():
        assert read_coordinate_system("crs", f" {word.lower()} ") == crs
    with pytest.raises(InvalidInput, match="“wgs72” is not a coordinate system; use one of: wgs84, gcj02, bd09"):
        read_coordinate_system("crs", "wgs72")
