"""Every province whose data is shipped holds together, and which one is in use is chosen by its adcode alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
import shapely

from geo.address import read_address
from geo.area_within import share_of_area_within
from geo.coordinates import CRS, from_wgs84
from geo.counties import county_kind, county_layer, locate
from geo.gazetteer import former_names, get_town, towns
from geo.province import (
    UnknownProvince,
    default_province,
    known_provinces,
    province_in_use,
    province_short_names,
    read_province,
    use_province,
)

COUNTS = {"320000": (95, 13, 1237, 103_633), "360000": (100, 11, 1581, 166_927)}
"""Counties, cities, towns, km²."""

every_province = pytest.mark.parametrize("province", [read_province(adcode) for adcode in known_provinces()], ids=str)


@pytest.fixture
def jiangxi() -> Iterator[None]:
    before = province_in_use()
    use_province("360000")
    yield
    use_province(before.adcode)


def test_the_provinces_are_counted_here() -> None:
    assert known_provinces() == tuple(COUNTS)
    assert default_province() in known_provinces()
    assert len(province_short_names()) == 34


def test_a_province_without_data_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(UnknownProvince, match=r"'330000'.*320000, 360000"):
        read_province("330000")


@pytest.mark.parametrize("written", ["", "..", "360000/", "江西省", "country.toml"])
def test_only_an_adcode_names_a_province(written: str) -> None:
    with pytest.raises(UnknownProvince):
        use_province(written)


@every_province
def test_the_layer_is_whole(province) -> None:
    layer = county_layer(province)
    counties, cities, number_of_towns, area_km2 = COUNTS[province.adcode]
    assert (len(layer.counties), len(layer.cities)) == (counties, cities)
    assert round(sum(county.area_km2 for county in layer.counties)) == pytest.approx(area_km2, abs=1)
    assert {county.adcode[:2] for county in layer.counties} == {province.adcode[:2]}
    assert all(county.kind == county_kind(county.adcode) for county in layer.counties)
    assert all(county.name_en.replace("'", "").replace(" ", "").isalpha() for county in layer.counties)
    outlines = layer.frame.geometry.to_numpy()
    assert shapely.coverage_is_valid(outlines)
    assert layer.locate_many([c.lon for c in layer.counties], [c.lat for c in layer.counties]) == [
        county.adcode for county in layer.counties
    ]
    assert len(towns(province)) == number_of_towns
    assert {town.adcode for town in towns(province)} == {county.adcode for county in layer.counties}
    assert all(town.name_en.isascii() for town in towns(province))
    assert all(set(one.adcodes) <= {county.adcode for county in layer.counties} for one in former_names(province))


@every_province
def test_the_outlines_were_put_back_to_wgs84(province) -> None:
    """The source has six decimals of a degree in GCJ-02: so has each vertex moved there again, and only there."""
    vertices = shapely.get_coordinates(county_layer(province).frame.geometry.to_numpy())
    there = np.stack(from_wgs84(vertices[:, 0], vertices[:, 1], "gcj02"), axis=1)
    assert np.abs(there - there.round(6)).max() < 1e-9
    assert np.abs(vertices - vertices.round(6)).max() > 4e-7


@every_province
@pytest.mark.parametrize("crs", CRS)
def test_the_map_layer_is_a_coverage_in_every_system_and_small(province, crs) -> None:
    content = county_layer(province).map_geojson(crs)
    outlines = shapely.from_geojson([json.dumps(one["geometry"]) for one in json.loads(content)["features"]])
    assert len(outlines) == COUNTS[province.adcode][0]
    assert shapely.is_valid(outlines).all()
    assert shapely.coverage_is_valid(outlines)
    assert len(content) < 750_000


@every_province
def test_an_address_is_read_in_its_own_province(province) -> None:
    layer = county_layer(province)
    times = Counter((county.city, county.name) for county in layer.counties)
    assert set(times.values()) == {1}
    for county in layer.counties:
        place = read_address(f"{province.name}{county.city}{county.name}人民路1号", province).place
        assert place is not None
        assert place.county == county
    other = next(one for one in known_provinces() if one != province.adcode)
    reading = read_address(f"{province.name}某地", read_province(other))
    assert reading.elsewhere == province.short_name


@every_province
def test_the_files_are_named_with_their_source(province) -> None:
    told = (province.folder / "SOURCES.md").read_text(encoding="utf-8")
    shipped = [path.name for path in province.folder.iterdir() if path.suffix in {".csv", ".fgb", ".geojson"}]
    assert [name for name in shipped if f"`{name}`" not in told] == []


@pytest.mark.parametrize(
    ("text", "county", "town"),
    [
        ("江西省南昌市红谷滩区沙井街道会展路1号", "红谷滩区", "沙井街道"),
        ("赣州市宁都县梅江镇", "宁都县", "梅江街道"),
        ("九江县", "柴桑区", None),
        ("星子县温泉镇", "庐山市", "温泉镇"),
        ("吉安县敦厚镇", "吉安县", "敦厚镇"),
    ],
)
def test_addresses_of_jiangxi(jiangxi, text, county, town) -> None:
    place = read_address(text).place
    assert place is not None
    assert place.county.name == county
    assert (place.town.name if place.town else None) == town


def test_what_is_in_use_is_chosen_once_for_everything(jiangxi) -> None:
    assert province_in_use().name == "江西省"
    assert locate(120.98, 31.39) is None
    assert locate(115.8579, 28.6829).city == "南昌市"
    assert get_town(towns()[0].code).adcode == "360102"
    shares = share_of_area_within([115.8579], [28.6829], 100_000)
    assert len(shares) == 100
    assert shares["360102"] == 1.0
    assert shares["360735"] == 0.0


def test_the_misleading_names_of_jiangxi_stand_right() -> None:
    names = {county.name: county.name_en for county in county_layer(read_province("360000")).counties}
    expected = {
        "都昌县": "Duchang County",
        "宁都县": "Ningdu County",
        "于都县": "Yudu County",
        "吉安县": "Ji'an County",
        "乐安县": "Le'an County",
        "乐平市": "Leping City",
        "铅山县": "Yanshan County",
        "弋阳县": "Yiyang County",
        "鄱阳县": "Poyang County",
        "婺源县": "Wuyuan County",
        "赣县区": "Ganxian District",
        "新干县": "Xingan County",
    }
    assert {name: names[name] for name in expected} == expected
