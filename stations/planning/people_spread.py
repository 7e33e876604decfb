"""Where in a county its people are taken to be: at its towns, or in the hexagons around them.

No source at hand gives the residents of towns. What the census gives is a county's residents and how many of them live
in cities and towns (its urban share), so they are spread by a rule:

- The urban share is divided alike among the county's subdistricts (街道) and its seat; the rest alike among its other
  towns (镇 and 乡). Where the census gives no urban share, all its towns count alike.
- A town that no source places takes no part: its people are with the other towns of its kind. If none of a kind is
  placed, that share stands at a point inside the county.
- In the grid a town's share of the rest is spread by area over the hexagons nearer to it than to the county's other
  places, its share of the urban people over the same hexagons more thickly towards its point: their density falls
  exponentially with the distance (Clark 1951).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from geo.counties import County, county_layer
from geo.distance import great_circle_m
from geo.gazetteer import Town, county_seats, towns
from geo.hexagon_grid import HexagonGrid, hexagon_grid
from geo.province import Province, province_in_use
from stations.places.census import urban_share

SAME_PLACE_M = 3_000.0
"""A town whose point is nearer to the seat is the seat's town: the two are one place."""

URBAN_DECAY_M = 3_000.0
"""Distance over which the density of urban people falls to 37 % (1/e): a choice of ours, for no source at hand
measures it town by town.
"""


SUBDISTRICT = "街道"


class StandsAt(StrEnum):
    """What a place of people is."""

    TOWN = "town"
    SEAT = "seat"
    INNER_POINT = "inner_point"
    HEXAGON = "hexagon"


@dataclass(frozen=True)
class PeoplePlace:
    """A place of a county's people, in WGS-84 degrees.

    ``urban``, ``rest``: its shares, from 0 to 1, of all the county's people, as urban ones and as others. Those of a
    county's places add up to 1.
    """

    id: str
    name: str
    name_en: str
    lon: float
    lat: float
    county: str
    urban: float
    rest: float
    at: StandsAt

    @property
    def share(self) -> float:
        """The share of the county's people."""
        return self.urban + self.rest


def people_at_towns() -> tuple[PeoplePlace, ...]:
    """Return the places of people of the province in use, sorted by county, then by id; each holds somebody."""
    return _at_towns(province_in_use())


def people_in_hexagons() -> tuple[PeoplePlace, ...]:
    """Return the hexagons with people, cut at county borders, of the province in use, sorted by county, then by id."""
    return _in_hexagons(province_in_use())


def placed_by_county_only() -> dict[str, float]:
    """Return by adcode the share of a county's people that stand at its inner point, for lack of a placed town."""
    return {one.county: one.share for one in people_at_towns() if one.at is StandsAt.INNER_POINT}


@functools.cache
def _at_towns(province: Province) -> tuple[PeoplePlace, ...]:
    seats = county_seats(province)
    inside: dict[str, list[Town]] = {}
    for town in towns(province):
        inside.setdefault(town.adcode, []).append(town)
    return tuple(
        place
        for county in county_layer(province).counties
        for place in spread_over_towns(
            county, inside.get(county.adcode, ()), seats.get(county.adcode), urban_share(county.adcode)
        )
    )


def spread_over_towns(
    county: County, inside: Sequence[Town], seat: tuple[float, float] | None, urban: float | None
) -> list[PeoplePlace]:
    """Return the places of a county's people, sorted by id; each has a share above 0.

    ``inside``: its towns. ``seat``: longitude and latitude, None if no source places it. ``urban``: the share of
    people in cities and towns, None if the census doesn't say.
    """
    spots = {one.code: _Spot(one.code, one.name, one.name_en, *one.point, StandsAt.TOWN) for one in inside if one.point}
    subdistricts = {one.code for one in inside if one.name.endswith(SUBDISTRICT)}
    inner = _Spot(county.adcode, county.name, county.name_en, county.lon, county.lat, StandsAt.INNER_POINT)
    cores = subdistricts & spots.keys()
    if seat is not None:
        near = _nearest(seat, list(spots.values()))
        if near is None:
            near = _Spot(
                f"{county.adcode}-seat", f"{county.name}城区", f"{county.name_en} seat", *seat, StandsAt.SEAT
            )
            spots[near.id] = near
        cores = cores | {near.id}
    villages = spots.keys() - cores
    if not cores or (not villages and (not inside or any(one.code not in subdistricts | cores for one in inside))):
        spots[inner.id] = inner
    cores = cores or {inner.id}
    villages = villages or ({inner.id} if inner.id in spots else cores)
    if urban is None:
        alike = cores | villages
        shares = {one: (0.0, 1 / len(alike)) for one in alike}
    else:
        shares = {
            one: (urban * (one in cores) / len(cores), (1 - urban) * (one in villages) / len(villages))
            for one in cores | villages
        }
    return [
        PeoplePlace(spot.id, spot.name, spot.name_en, spot.lon, spot.lat, county.adcode, *shares[spot.id], spot.at)
        for spot in sorted((spots[one] for one in shares), key=lambda spot: spot.id)
        if sum(shares[spot.id]) > 0
    ]


@dataclass(frozen=True)
class _Spot:
    id: str
    name: str
    name_en: str
    lon: float
    lat: float
    at: StandsAt


def _nearest(point: tuple[float, float], spots: Sequence[_Spot]) -> _Spot | None:
    """Return the spot that is the same place as a point, None if there is none within ``SAME_PLACE_M``."""
    if not spots:
        return None
    lons, lats = (np.array([getattr(one, axis) for one in spots]) for axis in ("lon", "lat"))
    metres = great_circle_m(*point, lons, lats)
    return spots[int(metres.argmin())] if metres.min() < SAME_PLACE_M else None


@functools.cache
def _in_hexagons(province: Province) -> tuple[PeoplePlace, ...]:
    grid = hexagon_grid(province)
    towned: dict[str, list[PeoplePlace]] = {}
    for place in _at_towns(province):
        towned.setdefault(place.county, []).append(place)
    return tuple(
        place
        for county in county_layer(province).counties
        for place in spread_over_hexagons(county, towned[county.adcode], grid)
    )


def spread_over_hexagons(county: County, places: Sequence[PeoplePlace], grid: HexagonGrid) -> list[PeoplePlace]:
    """Return the hexagons of a county with its people, sorted by id, each named after the place nearest to it.

    ``places``: of the county's people (``spread_over_towns``).
    """
    rows = grid.by_county[county.adcode]
    areas = grid.areas_km2[rows]
    lons, lats = (np.array([getattr(one, axis) for one in places]) for axis in ("lon", "lat"))
    metres = great_circle_m(grid.lons[rows, None], grid.lats[rows, None], lons[None], lats[None])
    nearest = metres.argmin(axis=1)
    urban, rest = np.zeros(len(rows)), np.zeros(len(rows))
    for column, place in enumerate(places):
        around = nearest == column
        around[metres[:, column].argmin()] = True  # a place between others has at least its own hexagon
        thickly = np.where(around, areas * np.exp(-metres[:, column] / URBAN_DECAY_M), 0.0)
        evenly = np.where(around, areas, 0.0)
        urban += place.urban * thickly / thickly.sum()
        rest += place.rest * evenly / evenly.sum()
    return [
        PeoplePlace(
            grid.ids[row],
            f"{county.name}{near.name if near.id != county.adcode else ''}附近",
            f"near {near.name_en}" + ("" if near.id == county.adcode else f", {county.name_en}"),
            float(grid.lons[row]),
            float(grid.lats[row]),
            county.adcode,
            float(urban_here),
            float(rest_here),
            StandsAt.HEXAGON,
        )
        for row, near, urban_here, rest_here in zip(rows, (places[one] for one in nearest), urban, rest, strict=True)
        if urban_here + rest_here > 0
    ]
