import pytest

from portal.settings import Settings, read_settings
from stations.errors import InvalidInput


def test_defaults_need_no_outside_service() -> None:
    assert read_settings({}) == Settings("127.0.0.1", 8501, "none", "", "", "")


def test_everything_can_be_set() -> None:
    environment = {
        "HOST": "0.0.0.0",
        "PORT": "80",
        "BASEMAP": " Tianditu ",
        "TIANDITU_KEY": "abc",
        "MAP_REVIEW_NUMBER": "苏S(2026)1号",
    }
    assert read_settings(environment) == Settings("0.0.0.0", 80, "tianditu", "", "abc", "苏S(2026)1号")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.5", "http", "８０"])
def test_a_port_is_a_number_in_range(port: str) -> None:
    with pytest.raises(InvalidInput, match="PORT is “.*”; set it to") as error:
        read_settings({"PORT": port})
    assert error.value.field == "PORT"


def test_an_unknown_base_map_is_told_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="baidu.*none, tianditu, amap, osm"):
        read_settings({"BASEMAP": "baidu"})


def test_tianditu_needs_a_key_or_an_own_copy() -> None:
    with pytest.raises(InvalidInput, match="TIANDITU_KEY"):
        read_settings({"BASEMAP": "tianditu"})
    own = "http://tiles.example/{z}/{x}/{y}.png"
    assert read_settings({"BASEMAP": "tianditu", "BASEMAP_URL": own}).tile_url == own


@pytest.mark.parametrize(
    "environment",
    [
        {"BASEMAP_URL": "http://tiles.example/{z}/{x}/{y}.png"},
        {"BASEMAP_URL": "http://tiles.example/{z}/{x}.png", "BASEMAP": "osm"},
    ],
)
def test_an_own_copy_needs_its_kind_and_its_places(environment: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="BASEMAP_URL needs"):
        read_settings(environment)
