from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.errors import InvalidInput
from stations.places.entered_place import read_degrees

LON, LAT = st.floats(116.3, 122.0), st.floats(30.7, 35.2)  # Jiangsu


@given(LON, LAT, st.sampled_from([", ", ",", " ", "，", "、", "\t", " ; "]))
def test_longitude_and_latitude_are_read_from_one_text_either_way_round(lon: float, lat: float, between: str) -> None:
    assert read_degrees(f" {lon}{between}{lat}") == (lon, lat)
    assert read_degrees(f"{lat}{between}{lon}") == (lon, lat), "only so can it be a place"


@pytest.mark.parametrize("text", ["", "120.98", "120.98, 31.39, 4", "东经 120 北纬 31", ","])
def test_what_is_no_two_numbers_is_told_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="120.98, 31.39") as refused:
        read_degrees(text)
    assert refused.value.field == "lon"
