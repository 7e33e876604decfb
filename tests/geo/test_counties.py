import gzip
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

from geo.coordinates import CRS, CoordinateOutOfRange, UnknownCRS, from_wgs84
from geo.counties import KINDS, City, UnknownAdcode, county_kind, county_layer, locate

LAYER = county_layer()
OUTLINES = LAYER.frame.geometry.to_numpy()
ADCODES = [county.adcode for county in LAYER.counties]


def map_layer(crs="wgs84"):
    """The map layer's adcodes and outlines."""
    features = json.loads(LAYER.map_geojson(crs))["features"]
    outlines = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return [feature["properties"]["adcode"] for feature in features], outlines


def holders(lon, lat):
    """Every county that a point touches, by asking each outline."""
    touched = shapely.intersects(OUTLINES, shapely.Point(lon, lat))
    return [adcode for adcode, touches in zip(ADCODES, touched, strict=True) if touches]


def shared_vertices(least):
    """Vertices of the full layer that at least so many counties have, with their adcodes."""
    owners = {}
    for adcode, outline in zip(ADCODES, OUTLINES, strict=True):
        for vertex in set(map(tuple, shapely.get_coordinates(outline).tolist())):
            owners.setdefault(vertex, []).append(adcode)
    return {vertex: adcodes for vertex, adcodes in owners.items() if len(adcodes) >= least}


def test_95_counties_of_three_kinds_in_13_cities():
    assert len(LAYER.counties) == len(set(ADCODES)) == 95
    assert sorted(ADCODES) == ADCODES
    assert Counter(county.kind for county in LAYER.counties) == {
        "district": 55,
        "county_level_city": 21,
        "county": 19,
    }
    assert [city.name_en for city in LAYER.cities] == [
        "Nanjing", "Wuxi", "Xuzhou", "Changzhou", "Suzhou", "Nantong", "Lianyungang", "Huai'an",
        "Yancheng", "Yangzhou", "Zhenjiang", "Taizhou", "Suqian",
    ]  # fmt: skip
    assert LAYER.cities[0] == City("320100", "南京市", "Nanjing")


def test_each_county_agrees_with_itself():
    endings = {"district": "区", "county_level_city": "市", "county": "县"}
    cities = {city.adcode: city for city in LAYER.cities}
    for county in LAYER.counties:
        assert county.kind == county_kind(county.adcode)
        assert county.name.endswith(endings[county.kind])
        assert county.city_adcode == county.adcode[:4] + "00"
        assert cities[county.city_adcode] == City(county.city_adcode, county.city, county.city_en)
        assert LAYER.get(county.adcode) is county


@pytest.mark.parametrize(
    ("adcode", "kind"),
    [("320101", "district"), ("320120", "district"), ("320151", "district"), ("320180", "district"),
     ("320121", "county"), ("320150", "county"),
     ("320181", "county_level_city"), ("320199", "county_level_city")],
)  # fmt: skip
def test_the_code_says_the_kind(adcode, kind):
    assert kind in KINDS
    assert county_kind(adcode) == kind


@pytest.mark.parametrize("adcode", ["320100", "3201", "32010x", "", "３２０１０１"])
def test_a_code_of_no_county_has_no_kind(adcode):
    with pytest.raises(UnknownAdcode, match="GB/T 2260"):
        county_kind(adcode)


def test_an_unknown_adcode_is_named():
    with pytest.raises(UnknownAdcode, match="'310101'") as error:
        LAYER.get("310101")
    assert isinstance(error.value, ValueError)


def test_the_frame_is_the_full_layer():
    frame = LAYER.frame
    assert frame.crs == "EPSG:4326"
    assert frame["adcode"].tolist() == ADCODES
    assert frame["name_en"].tolist() == [county.name_en for county in LAYER.counties]
    assert shapely.get_num_coordinates(OUTLINES).sum() == 141_568


def test_the_full_layer_is_a_valid_coverage():
    assert shapely.is_valid(OUTLINES).all()
    assert shapely.coverage_is_valid(OUTLINES)


@pytest.mark.parametrize("crs", CRS)
def test_the_map_layer_is_a_valid_coverage_in_every_system(crs):
    adcodes, outlines = map_layer(crs)
    assert adcodes == ADCODES
    assert shapely.is_valid(outlines).all()
    assert shapely.coverage_is_valid(outlines)


def test_area_of_the_province():
    areas = LAYER.frame.to_crs("ESRI:102025").area / 1e6
    assert areas.sum() == pytest.approx(103_633, abs=1)
    np.testing.assert_allclose(LAYER.frame["area_km2"], areas, atol=0.051)


def test_the_layer_was_converted_from_gcj02():
    nanjing_centre = {"320102", "320104", "320106"}
    meeting = [v for v, adcodes in shared_vertices(3).items() if nanjing_centre <= set(adcodes)]
    assert len(meeting) == 1
    lon, lat = meeting[0]
    assert (lon, lat) == pytest.approx((118.779, 32.044), abs=0.0005)
    assert lon < 118.7841 - 0.004
    # Put into GCJ-02 it is where the source has it.
    assert from_wgs84(lon, lat, "gcj02") == pytest.approx((118.7841, 32.0418), abs=0.0001)


def test_every_county_holds_its_inner_point():
    assert [LAYER.locate(county.lon, county.lat) for county in LAYER.counties] == list(
        LAYER.counties
    )


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (118.8485, 32.0640, "玄武区"),  # Sun Yat-sen Mausoleum, Nanjing
        (120.9807, 31.3846, "昆山市"),  # the middle of Kunshan
        (120.6250, 31.3250, "姑苏区"),  # the Humble Administrator's Garden, Suzhou
    ],
)
def test_known_places(lon, lat, name):
    assert locate(lon, lat).name == name


def test_drum_tower_districts_of_two_cities_are_told_apart():
    drum_towers = [county for county in LAYER.counties if county.name == "鼓楼区"]
    assert {county.city for county in drum_towers} == {"南京市", "徐州市"}


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (123.0, 33.0),  # the Yellow Sea
        (121.4737, 31.2304),  # Shanghai
        (117.2272, 31.8206),  # Hefei
        (0.0, 0.0),
        (180.0, -90.0),
    ],
)
def test_outside_the_province_is_no_county(lon, lat):
    assert locate(lon, lat) is None
    assert LAYER.locate_many([lon], [lat]) == [None]


def test_each_point_of_the_province_is_in_exactly_one_county():
    random = np.random.default_rng(32)
    lons, lats = random.uniform((116.3, 30.7), (122.0, 35.2), (3000, 2)).T
    found = LAYER.locate_many(lons, lats)
    asked = [holders(lon, lat) for lon, lat in zip(lons, lats, strict=True)]
    assert sum(len(adcodes) == 1 for adcodes in asked) > 1000
    assert [[adcode] if adcode else [] for adcode in found] == asked
    one_by_one = [LAYER.locate(lon, lat) for lon, lat in zip(lons, lats, strict=True)]
    assert [county and county.adcode for county in one_by_one] == found


def test_a_border_point_belongs_to_the_lowest_adcode():
    vertices = shared_vertices(2)
    where_three_meet = [vertex for vertex, adcodes in vertices.items() if len(adcodes) > 2]
    assert len(where_three_meet) > 100
    sample = where_three_meet + sorted(vertices)[:: len(vertices) // 1000]
    lowest = [min(vertices[vertex]) for vertex in sample]
    assert LAYER.locate_many(*np.array(sample).T) == lowest
    assert [LAYER.locate(*vertex).adcode for vertex in sample] == lowest


def test_many_points_keep_their_order_and_may_be_none():
    assert LAYER.locate_many([], []) == []
    assert LAYER.locate_many([0.0, 118.7969, 0.0], [0.0, 32.0603, 1.0]) == [None, "320102", None]


@pytest.mark.parametrize(("lon", "lat"), [(200, 32), (118, 91), (float("nan"), 32)])
def test_what_is_no_place_is_refused(lon, lat):
    with pytest.raises(CoordinateOutOfRange):
        LAYER.locate(lon, lat)
    with pytest.raises(CoordinateOutOfRange, match="position 1"):
        LAYER.locate_many([118.8, lon], [32.0, lat])


def test_longitudes_without_latitudes_are_refused():
    with pytest.raises(ValueError, match="2 longitudes but 1 latitudes"):
        LAYER.locate_many([118.8, 118.9], [32.0])


def test_the_shared_layer_answers_many_threads_alike():
    points = [(county.lon, county.lat) for county in LAYER.counties] * 5
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda point: LAYER.locate(*point).adcode, points))
    assert found == ADCODES * 5


def test_the_map_layer_agrees_with_the_full_one_away_from_borders():
    _, simple = map_layer()
    random = np.random.default_rng(125)
    points = shapely.points(random.uniform((116.3, 30.7), (122.0, 35.2), (2000, 2)))
    full_rows, full_points = shapely.STRtree(points).query(OUTLINES, predicate="intersects")
    simple_rows, simple_points = shapely.STRtree(points).query(simple, predicate="intersects")
    half_kilometre = 0.005
    borders = shapely.STRtree(shapely.boundary(OUTLINES))
    near_border, _ = borders.query(points, predicate="dwithin", distance=half_kilometre)
    away = np.setdiff1d(np.arange(len(points)), near_border)
    assert len(away) > 1500

    def held(rows, indices):
        kept = np.isin(indices, away)
        return set(zip(indices[kept].tolist(), rows[kept].tolist(), strict=True))

    assert held(full_rows, full_points) == held(simple_rows, simple_points)
    assert len(held(full_rows, full_points)) > 500


def test_the_map_layer_loses_next_to_no_area():
    _, simple = map_layer()
    full_areas, simple_areas = shapely.area(OUTLINES), shapely.area(simple)
    np.testing.assert_allclose(simple_areas, full_areas, rtol=0.01)
    assert simple_areas.sum() == pytest.approx(full_areas.sum(), rel=1e-4)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_the_map_layer_in_another_system_is_the_same_map_moved(crs):
    _, wgs84 = map_layer()
    _, moved = map_layer(crs)
    assert LAYER.map_geojson(crs) is LAYER.map_geojson(crs)
    lons, lats = shapely.get_coordinates(wgs84).T
    expected = np.column_stack(from_wgs84(lons, lats, crs))
    np.testing.assert_allclose(shapely.get_coordinates(moved), expected, rtol=0, atol=0.50001e-5)
    assert np.abs(shapely.get_coordinates(moved) - np.column_stack([lons, lats])).max() > 0.004


def test_the_map_layer_in_an_unknown_system_is_refused():
    with pytest.raises(UnknownCRS, match="wgs84, gcj02, bd09"):
        LAYER.map_geojson("cgcs2000")


def test_the_map_layer_is_small_enough_to_fetch_once():
    for crs in CRS:
        assert len(gzip.compress(LAYER.map_geojson(crs), 6)) < 155_000


def test_the_bounds_of_a_county_hold_its_inner_point_and_touch_its_outline() -> None:
    layer = county_layer()
    for county, outline in zip(layer.counties, layer.frame.geometry, strict=True):
        west, south, east, north = layer.bounds(county.adcode)
        assert west < county.lon < east
        assert south < county.lat < north
        assert (west, south, east, north) == outline.bounds
    with pytest.raises(UnknownAdcode):
        layer.bounds("110101")
