import json

import numpy as np
import pytest
import shapely

from geo.build_layers import (
    SourceCounty,
    build_layers,
    county_records,
    simplify,
    wgs84_outlines,
)
from geo.coordinates import from_wgs84
from geo.counties import (
    COUNTY_TABLE,
    FULL_LAYER,
    MAP_LAYER,
    CountyLayer,
    county_layer,
    feature_collection,
)
from geo.province import read_province

JIANGSU = read_province("320000")
ENGLISH_NAMES = JIANGSU.tables["build"]["english_names"]
LAYER = county_layer(JIANGSU)
OUTLINES = LAYER.frame.geometry.to_numpy()
NANJING = [row for row, county in enumerate(LAYER.counties) if county.city == "南京市"]
PINYIN_SUFFIX = {"District": "qu", "City": "shi", "County": "xian"}


def in_gcj02(outlines):
    return shapely.transform(outlines, lambda lon, lat: from_wgs84(lon, lat, "gcj02"), interleaved=False)


def as_source(rows):
    """Counties of the layer as the packages give them: in GCJ-02, with names in pinyin."""
    source = []
    for row, outline in zip(rows, in_gcj02(OUTLINES[rows]), strict=True):
        county = LAYER.counties[row]
        pinyin, suffix = county.name_en.split()
        source.append(
            SourceCounty(
                adcode=county.adcode,
                name=county.name,
                pinyin=pinyin.replace("'", "") + PINYIN_SUFFIX[suffix],
                city=county.city,
                city_pinyin=county.city_en.replace("'", ""),
                outline=outline,
            )
        )
    return source


def test_the_map_layer_is_the_full_layer_simplified():
    adcodes = [county.adcode for county in LAYER.counties]
    simple = simplify(OUTLINES, JIANGSU.map_crs, JIANGSU.tables["map"]["simplify_m"])
    assert feature_collection(adcodes, simple) == (JIANGSU.folder / MAP_LAYER).read_bytes()


def test_the_table_is_what_the_full_layer_says():
    rows = list(range(len(LAYER.counties)))
    assert tuple(county_records(as_source(rows), OUTLINES, ENGLISH_NAMES)) == LAYER.counties


def test_outlines_in_gcj02_come_back_to_wgs84_with_their_borders_shared():
    moved = in_gcj02(OUTLINES)
    assert np.abs(shapely.get_coordinates(moved) - shapely.get_coordinates(OUTLINES)).max() > 0.004
    back = wgs84_outlines(moved)
    assert shapely.coverage_is_valid(back)
    np.testing.assert_allclose(shapely.get_coordinates(back), shapely.get_coordinates(OUTLINES), rtol=0, atol=1e-9)


def test_the_same_source_gives_the_same_bytes_and_a_layer_that_works(tmp_path):
    built = build_layers(as_source(NANJING), JIANGSU)
    assert built == build_layers(as_source(NANJING), JIANGSU)
    assert set(built) == {FULL_LAYER, MAP_LAYER, COUNTY_TABLE}
    for name, content in built.items():
        (tmp_path / name).write_bytes(content)
    layer = CountyLayer(tmp_path)
    assert layer.counties == tuple(LAYER.counties[row] for row in NANJING)
    assert [layer.locate(c.lon, c.lat) for c in layer.counties] == list(layer.counties)
    assert layer.map_geojson() == built[MAP_LAYER]


def test_outlines_that_differ_from_the_table_are_not_taken_for_it(tmp_path):
    fewer = build_layers(as_source(NANJING[1:]), JIANGSU)
    built = build_layers(as_source(NANJING), JIANGSU) | {COUNTY_TABLE: fewer[COUNTY_TABLE]}
    for name, content in built.items():
        (tmp_path / name).write_bytes(content)
    layer = CountyLayer(tmp_path)
    with pytest.raises(ValueError, match="rebuild both layers"):
        layer.locate(118.8, 32.05)


def test_simplifying_leaves_borders_shared_and_exteriors_counter_clockwise():
    simple = simplify(OUTLINES[NANJING], JIANGSU.map_crs, 125)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < (shapely.get_num_coordinates(OUTLINES[NANJING]).sum() / 3)
    for part in shapely.get_parts(simple):
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)
    coordinates = shapely.get_coordinates(simple)
    np.testing.assert_array_equal(coordinates, coordinates.round(5))


def test_outlines_that_overlap_are_no_coverage_to_simplify():
    with pytest.raises(ValueError, match="no coverage"):
        simplify(np.array([shapely.box(118, 32, 119, 33), shapely.box(118.5, 32, 119.5, 33)]), JIANGSU.map_crs, 125)


def test_features_carry_their_adcode_and_plain_polygons():
    parts = [shapely.box(118, 32, 119, 33), shapely.box(120, 32, 121, 33)]
    collection = json.loads(
        feature_collection(
            ["320102", "320104"],
            np.array([shapely.MultiPolygon(parts[:1]), shapely.MultiPolygon(parts)]),
        )
    )
    one, two = collection["features"]
    assert one["properties"] == {"adcode": "320102"}
    assert (one["geometry"]["type"], two["geometry"]["type"]) == ("Polygon", "MultiPolygon")
