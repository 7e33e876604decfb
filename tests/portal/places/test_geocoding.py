"""The setting of an outside geocoder: none by default, else told what is missing."""

from __future__ import annotations

import pytest

from geo.geocoding import Geocoder
from portal.places.geocoding import read_geocoder
from stations.errors import InvalidInput


@pytest.mark.parametrize("environment", [{}, {"GEOCODER": "none"}, {"GEOCODER": " ", "GEOCODER_KEY": "k"}])
def test_none_is_asked_unless_one_is_named(environment: dict[str, str]) -> None:
    assert read_geocoder(environment) is None


@pytest.mark.parametrize("name", ["tianditu", "AMap"])
def test_one_with_its_key(name: str) -> None:
    assert isinstance(read_geocoder({"GEOCODER": name, "GEOCODER_KEY": "k"}), Geocoder)
    own = {"GEOCODER": name, "GEOCODER_KEY": "k", "GEOCODER_URL": "http://gateway.example:8080/geo"}
    assert isinstance(read_geocoder(own), Geocoder)


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({"GEOCODER": "baidu", "GEOCODER_KEY": "k"}, "GEOCODER"),
        ({"GEOCODER": "amap"}, "GEOCODER_KEY"),
        ({"GEOCODER": "amap", "GEOCODER_KEY": "k", "GEOCODER_URL": "gateway/geo"}, "GEOCODER_URL"),
        ({"GEOCODER": "amap", "GEOCODER_KEY": "k", "GEOCODER_URL": "file:///etc/passwd"}, "GEOCODER_URL"),
    ],
)
def test_what_is_wrong_is_named(environment: dict[str, str], variable: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_geocoder(environment)
    assert told.value.field == variable
    assert variable in str(told.value)
