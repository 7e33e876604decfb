"""What maps show around and above the counties: complete, small, and built from made-up neighbours and water."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict

import numpy as np
import pytest
import shapely

from geo.build_surroundings import short_english, surroundings
from geo.counties import county_layer
from geo.province import known_provinces, province_english_names, province_short_names, read_province
from geo.surroundings import limits, surroundings_geojson

every_province = pytest.mark.parametrize("province", [read_province(adcode) for adcode in known_provinces()], ids=str)


def by_kind(content: bytes) -> dict[str, list[dict]]:
    features = defaultdict(list)
    for feature in json.loads(content)["features"]:
        features[feature["properties"]["kind"]].append(feature)
    return features


@every_province
def test_every_county_and_city_has_a_place_for_its_name_inside_it(province) -> None:
    layer = county_layer(province)
    features = by_kind(surroundings_geojson(province))
    for feature in features["county"]:
        properties, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        county = layer.get(properties["adcode"])
        assert (properties["name"], properties["name_en"]) == (county.name, short_english(county.name_en))
        assert layer.locate(lon, lat) == county
        assert 0 < properties["room_km"] <= county.area_km2
    assert [one["properties"]["adcode"] for one in features["county"]] == [one.adcode for one in layer.counties]
    assert [one["properties"]["adcode"] for one in features["city"]] == [one.adcode for one in layer.cities]
    for feature in features["city"]:
        found = layer.locate(*feature["geometry"]["coordinates"])
        assert found is not None and found.city_adcode == feature["properties"]["adcode"]


@every_province
def test_the_layer_names_neighbours_and_water_and_stays_small(province) -> None:
    content = surroundings_geojson(province)
    features = by_kind(content)
    assert len({one["properties"]["name"] for one in features["province"]}) >= 5
    assert province.name not in {one["properties"]["name"] for one in features["province"]}
    assert {one["properties"]["name"] for one in features["water"]} == {
        water["name"] for water in province.tables["map"]["waters"]
    }
    assert len(gzip.compress(content, 9)) < 35_000
    box = shapely.box(*limits(county_layer(province))).buffer(0.001)
    for kind in ("sea", "lake", "river", "border"):
        (feature,) = features[kind]
        shape = shapely.geometry.shape(feature["geometry"])
        assert not shape.is_empty and box.contains(shape), kind


def test_every_province_has_an_english_name() -> None:
    names = province_english_names()
    assert len(names) == len(province_short_names()) == len(set(names.values()))
    assert all(read_province(adcode).name_en == names[adcode] for adcode in known_provinces())


def test_borders_run_between_neighbours_only_and_water_is_told_apart() -> None:
    """Two neighbours to the north that share a border, sea to the east, a lake and a river inside."""
    province = read_province("320000")
    layer = county_layer(province)
    west, south, east, north = layer.total_bounds
    edge_west, edge_south, edge_east, edge_north = limits(layer)
    middle = (west + east) / 2
    neighbours = {
        "370000": ("山东省", shapely.box(middle, north, edge_east, edge_north)),
        "410000": ("河南省", shapely.box(edge_west, north, middle, edge_north)),
        "320000": (province.name, shapely.box(west, south, east, north)),
    }
    lake = shapely.box(middle, 33.0, middle + 0.3, 33.3)
    land = shapely.box(edge_west, edge_south, east, edge_north) - lake
    river = shapely.LineString([(west, 32.0), (middle, 32.0)])
    features = by_kind(surroundings(province, layer, neighbours, land, [(1, river), (77, river)]))
    (border,) = features["border"]
    xs = np.array(shapely.geometry.shape(border["geometry"]).coords)[:, 0]
    assert np.allclose(xs, middle, atol=0.01)
    sea = shapely.geometry.shape(features["sea"][0]["geometry"])
    assert sea.bounds[0] >= east - 0.01
    lakes = shapely.geometry.shape(features["lake"][0]["geometry"])
    assert lakes.contains(shapely.Point(middle + 0.15, 33.15))
    assert {one["properties"]["name"] for one in features["province"]} == {"山东省", "河南省"}
    assert len(features["river"]) == 1
