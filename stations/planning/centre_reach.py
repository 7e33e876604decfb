"""The counties and chains with a centre within reach, and those where this is uncertain.

Distances are great-circle distances from an inner point of the county. A centre is at its coordinates; if only its
county is known, at that county's inner point; if only its city is known, at the inner point of any of the city's
counties. Such a centre is certainly within reach if all of these points are, and possibly if only some are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geo.distance import great_circle_m
from stations.catalogue.chain import IndustrialChain
from stations.places.counties import County, point_of
from stations.registry.centre import Centre

DISTANCES_KM = (10, 20, 30, 50, 80, 100)
DEFAULT_KM = 30


class Reach(StrEnum):
    """Whether a centre is within reach."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


@dataclass(frozen=True)
class CountyReach:
    """The centres within reach of a county.

    ``surely`` and ``perhaps``: numbers of centres certainly and possibly within reach. ``nearest``: the nearest
    centre whose county or coordinates are known, ``nearest_m`` metres away; None if there is none.
    """

    county: County
    surely: int
    perhaps: int
    nearest: Centre | None
    nearest_m: float | None

    @property
    def reach(self) -> Reach:
        """Whether any centre is within reach."""
        return Reach.YES if self.surely else Reach.PERHAPS if self.perhaps else Reach.NO


@dataclass(frozen=True)
class ChainReach:
    """The centres that serve a chain: their number, and the numbers of counties with one of them within reach."""

    chain: IndustrialChain
    centres: int
    counties: dict[Reach, int]


class CentreReach:
    """Distances between counties and centres, computed once and queried for any limit."""

    def __init__(self, counties: Sequence[County], centres: Sequence[Centre]) -> None:
        self.counties, self.centres = tuple(counties), tuple(centres)
        self._nearest, self._farthest = _bounds_m(self.counties, self.centres)

    def of_counties(self, within_km: float) -> list[CountyReach]:
        """Return every county with the numbers of centres within ``within_km`` kilometres."""
        limit = within_km * 1000
        placed = np.array([centre.lon is not None or centre.county is not None for centre in self.centres], dtype=bool)
        answer = []
        for row, county in enumerate(self.counties):
            near, far = self._nearest[row], self._farthest[row]
            surely = int((far <= limit).sum())
            distances = np.where(placed, near, np.inf)
            place = int(distances.argmin()) if placed.any() else None
            answer.append(
                CountyReach(
                    county,
                    surely,
                    int((near <= limit).sum()) - surely,
                    self.centres[place] if place is not None else None,
                    float(distances[place]) if place is not None else None,
                )
            )
        return answer

    def of_chains(self, chains: Sequence[IndustrialChain], within_km: float) -> list[ChainReach]:
        """Return every chain with the numbers of counties that have a serving centre within ``within_km`` kilometres.
        """
        limit = within_km * 1000
        answer = []
        for chain in chains:
            serving = [place for place, centre in enumerate(self.centres) if chain in centre.chains]
            surely = (self._farthest[:, serving] <= limit).any(axis=1)
            perhaps = (self._nearest[:, serving] <= limit).any(axis=1) & ~surely
            counts = {
                Reach.YES: int(surely.sum()),
                Reach.PERHAPS: int(perhaps.sum()),
                Reach.NO: int((~surely & ~perhaps).sum()),
            }
            answer.append(ChainReach(chain, len(serving), counts))
        return answer


def _bounds_m(counties: Sequence[County], centres: Sequence[Centre]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and greatest distance in metres of every centre (columns) from every county (rows)."""
    nearest = np.empty((len(counties), len(centres)))
    farthest = np.empty_like(nearest)
    lons = np.array([county.lon for county in counties])
    lats = np.array([county.lat for county in counties])
    for column, centre in enumerate(centres):
        places = _places(centre, counties)
        distances = great_circle_m(lons[:, None], lats[:, None], [lon for lon, _ in places], [lat for _, lat in places])
        nearest[:, column], farthest[:, column] = distances.min(axis=1), distances.max(axis=1)
    return nearest, farthest


def _places(centre: Centre, counties: Sequence[County]) -> list[tuple[float, float]]:
    """Return the possible positions of a centre as (lon, lat)."""
    point = point_of(centre.lon, centre.lat, centre.county)
    if point is not None:
        return [point]
    return [(county.lon, county.lat) for county in counties if county.city_adcode == centre.city_adcode]
