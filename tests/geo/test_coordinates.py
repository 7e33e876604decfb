import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.coordinates import (
    CHINA_BOX,
    CRS,
    EDGE_STRIP,
    CoordinateOutOfRange,
    UnknownCRS,
    bd09_to_gcj02,
    bd09_to_wgs84,
    check_coordinates,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

WEST, SOUTH, EAST, NORTH = CHINA_BOX
RESIDUAL = 1e-9

FORWARD = [wgs84_to_gcj02, gcj02_to_bd09, wgs84_to_bd09]
INVERSE = [gcj02_to_wgs84, bd09_to_gcj02, bd09_to_wgs84]
PAIRS = list(zip(FORWARD, INVERSE, strict=True))

inside = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
corners = [(WEST, SOUTH), (WEST, NORTH), (EAST, SOUTH), (EAST, NORTH)]


def strictly_outside(point, margin):
    lon, lat = point
    return not (WEST - margin <= lon <= EAST + margin and SOUTH - margin <= lat <= NORTH + margin)


def assert_close(found, expected, within=RESIDUAL):
    np.testing.assert_allclose(found, expected, rtol=0, atol=within)


# Figures printed in the README of coordtransform (github.com/wandergis/coordtransform).
@pytest.mark.parametrize(
    ("conversion", "expected", "within"),
    [
        (wgs84_to_gcj02, (116.41024449916938, 39.91640428150164), 1e-12),
        (gcj02_to_bd09, (116.41036949371029, 39.92133699351021), 1e-12),
        # It inverts by approximation: equal to no more than that.
        (bd09_to_gcj02, (116.39762729119315, 39.90865673957631), 3e-6),
    ],
)
def test_agrees_with_published_figures(conversion, expected, within):
    assert_close(conversion(116.404, 39.915), expected, within)


def test_xinjiekou_crossing_goes_back_to_its_wgs84_place():
    assert_close(gcj02_to_wgs84(118.7841, 32.0418), (118.779, 32.044), within=0.0005)


@pytest.mark.parametrize(("forward", "inverse"), PAIRS)
@given(point=inside)
@example(point=corners[0])
@example(point=corners[1])
@example(point=corners[2])
@example(point=corners[3])
@example(point=(105.0, 35.0))
def test_there_and_back_inside_china(forward, inverse, point):
    # What GCJ-02 and BD-09 know as a place is the image of a WGS-84 one.
    start = wgs84_to_gcj02(*point) if forward is gcj02_to_bd09 else point
    moved = forward(*start)
    back = inverse(*moved)
    assert_close(back, start)
    assert_close(forward(*back), moved)


@given(point=inside)
def test_the_shift_is_some_hundred_metres_and_never_nothing(point):
    lon, lat = wgs84_to_gcj02(*point)
    assert 0 < np.hypot(lon - point[0], lat - point[1]) < 0.02


@given(point=anywhere.filter(lambda p: strictly_outside(p, 0)))
def test_right_up_to_the_edge_nothing_outside_is_shifted_to_gcj02(point):
    assert wgs84_to_gcj02(*point) == point


@pytest.mark.parametrize("conversion", FORWARD + INVERSE)
@given(point=anywhere.filter(lambda p: strictly_outside(p, EDGE_STRIP)))
@example(point=(-73.9857, 40.7484))
@example(point=(WEST - 2 * EDGE_STRIP, 30.0))
def test_outside_china_nothing_changes_either_way(conversion, point):
    assert conversion(*point) == point


@pytest.mark.parametrize("conversion", FORWARD + INVERSE)
@given(points=st.lists(st.one_of(inside, anywhere), max_size=20))
def test_a_whole_array_gives_what_its_points_give(conversion, points):
    lons, lats = np.array(points).reshape(-1, 2).T
    new_lons, new_lats = conversion(lons, lats)
    assert new_lons.shape == new_lats.shape == lons.shape
    one_by_one = [conversion(*point) for point in points]
    assert_close(np.stack([new_lons, new_lats], axis=1), np.array(one_by_one).reshape(-1, 2), 1e-12)


@pytest.mark.parametrize("conversion", FORWARD + INVERSE)
def test_scalars_give_floats_and_shapes_are_kept(conversion):
    assert [type(value) for value in conversion(118, 32)] == [float, float]
    grid = np.array([[118.0, 119.0, 120.0], [118.5, 119.5, 120.5]])
    lons, lats = conversion(grid, 32.0)
    assert lons.shape == lats.shape == (2, 3)
    assert conversion(118.5, 32.0) == (lons[1, 0], lats[1, 0])
    assert [len(values) for values in conversion([118.0], [32.0])] == [1, 1]
    assert [len(values) for values in conversion([], [])] == [0, 0]


@pytest.mark.parametrize("conversion", FORWARD + INVERSE)
def test_the_input_is_left_alone(conversion):
    lons, lats = np.array([118.0, 0.0]), np.array([32.0, 0.0])
    conversion(lons, lats)
    assert lons.tolist() == [118.0, 0.0]
    assert lats.tolist() == [32.0, 0.0]


@pytest.mark.parametrize("conversion", FORWARD + INVERSE)
@pytest.mark.filterwarnings("error")
def test_what_is_no_number_stays_so_and_harms_no_neighbour(conversion):
    lons, lats = conversion([np.nan, 118.0, 118.0, np.inf], [32.0, np.nan, 32.0, 32.0])
    np.testing.assert_array_equal(lons[[0, 3]], [np.nan, np.inf])
    assert np.isnan(lats[1])
    assert (lons[2], lats[2]) == conversion(118.0, 32.0)


@pytest.mark.parametrize("crs", CRS)
@given(point=inside)
def test_by_name_there_and_back(crs, point):
    assert_close(to_wgs84(*from_wgs84(*point, crs), crs), point)


def test_by_name_is_the_conversion_of_that_name():
    assert from_wgs84(118.8, 32.0, "wgs84") == to_wgs84(118.8, 32.0, "wgs84") == (118.8, 32.0)
    assert from_wgs84(118.8, 32.0, "gcj02") == wgs84_to_gcj02(118.8, 32.0)
    assert from_wgs84(118.8, 32.0, "bd09") == wgs84_to_bd09(118.8, 32.0)
    assert to_wgs84(118.8, 32.0, "gcj02") == gcj02_to_wgs84(118.8, 32.0)
    assert to_wgs84(118.8, 32.0, "bd09") == bd09_to_wgs84(118.8, 32.0)


@pytest.mark.parametrize("convert", [to_wgs84, from_wgs84])
@pytest.mark.parametrize("crs", ["WGS84", "epsg:4326", "", None])
def test_an_unknown_system_is_named_with_those_known(convert, crs):
    with pytest.raises(UnknownCRS, match=r"wgs84, gcj02, bd09") as error:
        convert(118.8, 32.0, crs)
    assert repr(crs) in str(error.value)
    assert isinstance(error.value, ValueError)


def test_in_china_takes_the_edges_in_and_nan_out():
    assert in_china(118.8, 32.0) is True
    assert in_china(-0.1, 51.5) is False
    lons, lats = np.array(corners).T
    assert in_china(lons, lats).all()
    assert in_china([np.nan, 118.8], [32.0, np.nan]).tolist() == [False, False]


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (180.0001, 0, "longitude 180.0001 is not"),
        (0, -90.5, "latitude -90.5 is not"),
        (float("nan"), 0, "longitude nan"),
        (0, float("inf"), "latitude inf"),
        ([1, 2, 500], [1, 2, 3], "longitude 500.0 at position 2"),
    ],
)
def test_a_coordinate_out_of_range_is_named(lon, lat, message):
    with pytest.raises(CoordinateOutOfRange, match=message) as error:
        check_coordinates(lon, lat)
    assert isinstance(error.value, ValueError)


def test_the_ends_of_the_range_are_in_range():
    check_coordinates([-180, 180], [-90, 90])
