from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from geo.coordinates import gcj02_to_wgs84
from geo.map_links import amap_directions, amap_marker, tianditu_map

PLACE = (120.98071, 31.38463)


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize(("link", "parameter"), [(amap_marker, "position"), (amap_directions, "to")])
def test_amap_gets_gcj02_and_the_name(link: object, parameter: str) -> None:
    url = link(*PLACE, "示例,站 & <b>", "some-portal")
    asked = query(url)
    lon, lat = (float(value) for value in asked[parameter].split(",")[:2])
    assert [float(value) for value in gcj02_to_wgs84(lon, lat)] == pytest.approx(PLACE, abs=2e-6)
    assert asked["coordinate"] == "gaode"
    assert asked["src"] == "some-portal"
    assert "示例" in (asked.get("name") or asked["to"])
    assert "<" not in url
    assert urlsplit(url).hostname == "uri.amap.com"


def test_a_comma_in_a_name_is_no_third_coordinate() -> None:
    assert query(amap_directions(*PLACE, "a,b", "some-portal"))["to"].count(",") == 2


def test_tianditu_gets_the_place_as_it_is() -> None:
    assert query(tianditu_map(*PLACE))["center"] == "120.980710,31.384630"
