"""The places of the rows of a list, all at once: axis order corrected, coordinate system stated or guessed.

If rows state no coordinate system, all three systems are tried. The chosen one puts most places into the county (or
city) that their row states, or where the registry already has them; if none is better, WGS-84 is assumed. The systems
differ by some 500 metres, so only places near a border, or known before, make a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import CRS, to_wgs84
from geo.counties import county_layer
from geo.distance import great_circle_m

DEFAULT = CRS[0]
CRS_NAMES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
SAME_PLACE_M = 15.0
"""A place within this distance of the registered one is taken to be the same place."""

_KNOWN_BEFORE = 5  # the weight of a match with a registered place, against 1 for a place in its stated county
_DECIMALS = 7  # of a degree, about a centimetre


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """Coordinates as given in a row, in degrees.

    ``crs``: their system, "" if not stated. ``area``: the adcode of the county or city that the row states, "" if none.
    ``known``: the registered place, WGS-84 degrees.
    """

    lon: float
    lat: float
    crs: str
    area: str
    known: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """The place of a row.

    ``point``: WGS-84 degrees (lon, lat). ``crs``: the system it was taken to be in. ``guessed``: the system was neither
    stated nor the usual one. ``swapped``: latitude came first. ``located``: the adcode of the county that contains it,
    None outside the province. ``fits``: whether it lies in the stated area, or no area is stated. ``fitting``: if not,
    a system in which it would.
    """

    point: tuple[float, float]
    crs: str
    guessed: bool
    swapped: bool
    located: str | None
    fits: bool
    fitting: str = ""


def find_places(asked: Sequence[PlaceAsked]) -> Iterator[PlaceFound]:
    """Yield the place found for each request. All coordinates must be valid degrees, in either order."""
    if not asked:
        return
    lons, lats = np.array([one.lon for one in asked]), np.array([one.lat for one in asked])
    swapped = np.abs(lats) > 90  # the same rule as ``places.coordinates.in_order``, for all rows at once
    lons, lats = np.where(swapped, lats, lons), np.where(swapped, lons, lats)
    points = {crs: np.array(to_wgs84(lons, lats, crs)) for crs in CRS}
    located = {crs: county_layer().locate_many(*points[crs]) for crs in CRS}
    fits = {
        crs: np.array([_fits(where, one.area) for where, one in zip(located[crs], asked, strict=True)]) for crs in CRS
    }
    unsaid = np.array([not one.crs for one in asked])
    usual = _most_likely(asked, unsaid, points, fits)
    for index, one in enumerate(asked):
        crs = one.crs or usual
        fitting = "" if fits[crs][index] else next((other for other in CRS if fits[other][index]), "")
        yield PlaceFound(
            (round(float(points[crs][0][index]), _DECIMALS), round(float(points[crs][1][index]), _DECIMALS)),
            crs,
            guessed=bool(unsaid[index]) and usual != DEFAULT,
            swapped=bool(swapped[index]),
            located=located[crs][index],
            fits=bool(fits[crs][index]),
            fitting=fitting,
        )


def metres_between(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the distance in metres of two places, ``[lon, lat]`` in WGS-84 degrees."""
    return float(great_circle_m(one[0], one[1], other[0], other[1]))


def _fits(located: str | None, area: str) -> bool:
    if located is None:
        return False
    return not area or located == area or (area.endswith("00") and located[:4] == area[:4])


def _most_likely(
    asked: Sequence[PlaceAsked],
    unsaid: NDArray[np.bool_],
    points: dict[str, NDArray[np.float64]],
    fits: dict[str, NDArray[np.bool_]],
) -> str:
    """Return the system that fits the rows without a stated one best; in a tie the first of ``CRS``."""
    known = np.array([one.known or (np.nan, np.nan) for one in asked], dtype=float)
    has = np.flatnonzero(unsaid & ~np.isnan(known[:, 0]))
    votes = {}
    for crs in CRS:
        votes[crs] = int(fits[crs][unsaid].sum())
        if has.size:
            apart = great_circle_m(points[crs][0][has], points[crs][1][has], known[has, 0], known[has, 1])
            votes[crs] += _KNOWN_BEFORE * int((np.asarray(apart) <= SAME_PLACE_M).sum())
    return max(CRS, key=lambda crs: (votes[crs], -CRS.index(crs)))
