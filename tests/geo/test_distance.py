import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.distance import EARTH_RADIUS_M, great_circle_m

SPHERE = Geod(a=EARTH_RADIUS_M, b=EARTH_RADIUS_M)
MICROMETRE = 1e-6

lons, lats = st.floats(-180, 180), st.floats(-90, 90)


@settings(max_examples=300)
@given(lons, lats, lons, lats)
@example(118.8, 32.0, 118.8, 32.0)
@example(0.0, 90.0, 77.0, -90.0)
@example(179.9999, 10.0, -179.9999, 10.0)
def test_agrees_with_proj_on_the_sphere(lon1, lat1, lon2, lat2):
    expected = SPHERE.inv(lon1, lat1, lon2, lat2)[2]
    assert great_circle_m(lon1, lat1, lon2, lat2) == pytest.approx(
        expected, rel=1e-12, abs=MICROMETRE
    )


@given(lons, lats, lons, lats)
def test_is_a_distance(lon1, lat1, lon2, lat2):
    metres = great_circle_m(lon1, lat1, lon2, lat2)
    assert 0 <= metres <= np.pi * EARTH_RADIUS_M * (1 + 1e-15)
    assert metres == pytest.approx(great_circle_m(lon2, lat2, lon1, lat1), abs=MICROMETRE)
    assert great_circle_m(lon1, lat1, lon1, lat1) == 0


@given(lons, lats)
def test_antipodes_lose_no_digits(lon, lat):
    far = lon - 180 if lon > 0 else lon + 180
    half_way_round = np.pi * EARTH_RADIUS_M
    assert great_circle_m(lon, lat, far, -lat) == pytest.approx(half_way_round, abs=MICROMETRE)
    # A metre short of the antipode: where the common form of the formula is centimetres off.
    metre = np.degrees(1 / EARTH_RADIUS_M)
    assert great_circle_m(0, 0, 180, metre) == pytest.approx(half_way_round - 1, abs=MICROMETRE)


@pytest.mark.parametrize("metres", [1e-3, 1.0, 1e3])
def test_tiny_distances_lose_no_digits(metres):
    degrees = np.degrees(metres / EARTH_RADIUS_M)
    assert great_circle_m(118.8, 0.0, 118.8, degrees) == pytest.approx(metres, rel=1e-12)
    assert great_circle_m(0.0, 0.0, degrees, 0.0) == pytest.approx(metres, rel=1e-12)


def test_arrays_broadcast_and_scalars_give_floats():
    one = great_circle_m(118.8, 32.0, 120.6, 31.3)
    assert type(one) is float
    assert one == pytest.approx(187_000, rel=0.01)
    matrix = great_circle_m(
        np.array([[118.8], [120.6]]), np.array([[32.0], [31.3]]), [118.8, 120.6], [32.0, 31.3]
    )
    np.testing.assert_allclose(matrix, [[0, one], [one, 0]], rtol=1e-12)


def test_no_number_in_none_out():
    assert np.isnan(great_circle_m(np.nan, 32.0, 120.6, 31.3))
