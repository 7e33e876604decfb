"""The shares of the province's area and residents within some kilometres of an active station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from geo.area_within import share_of_area_within
from stations.language import N_
from stations.places.counties import list_cities
from stations.planning.demand import DemandLayer, Weighting, county_demand
from stations.planning.distances import REACHES_KM
from stations.registry.nearest_stations import candidates

METHOD = N_(
    "As the crow flies from every station active on the date; a station placed by its county only stands at a point "
    "inside it. Area: geodesic circles cut with the county outlines in an equal-area projection, true to 0.1 "
    "percentage points. People: residents of the 2020 census, taken as spread evenly over the area of their county."
)

TWO_COUNTS = N_(
    "Why two figures differ: spread evenly by area, a county is reached in part; counted at one point in each county, "
    "it is reached as a whole once a station stands near that point. Near stations the second is therefore higher."
)
"""Explains the two ways to count people near a station: this module's, and that of ``stations.planning.reach`` and
siting at one point in each county.
"""

OTHER_COUNT = N_(
    "Why two figures differ: the page of coverage takes people as spread evenly over the area of their county; here "
    "they are counted where this layer has them."
)


def two_counts(layer: DemandLayer) -> str:
    """Return why reach and siting in a layer, and this module, tell two figures, as a message."""
    return TWO_COUNTS if layer is DemandLayer.COUNTIES else OTHER_COUNT


@dataclass(frozen=True)
class ReachShare:
    """The shares (0 to 1) of area and residents within ``km`` of a station, and the number of these residents."""

    km: int
    area: float
    people: float
    residents: float


@dataclass(frozen=True)
class CoverageReach:
    """The reach of the stations active on ``as_of``.

    ``stations``: number included, of which ``sample_stations`` are samples and ``by_county`` have only a known
    county. ``estimated_people``: share of all residents whose county's figure is estimated. ``people_left_out``:
    residents that the census counts in areas that are not counties; they are in neither part of a share.
    """

    as_of: date
    samples: bool
    stations: int
    sample_stations: int
    by_county: int
    estimated_people: float
    people_left_out: int
    shares: tuple[ReachShare, ...]


def reach_on(session: Session, as_of: date, *, samples: bool, reaches_km: Sequence[int] = REACHES_KM) -> CoverageReach:
    """Return the shares within each of ``reaches_km`` of a station active on ``as_of``.

    Sample stations count only with ``samples``. Stations with only a known city are left out.
    """
    placed = candidates(session, as_of, samples=samples)
    stations = placed.columns.stations
    demand = county_demand(session, Weighting.POPULATION)
    residents = sum(one.weight for one in demand)
    area = sum(one.county.area_km2 for one in demand)
    shares = []
    for km in reaches_km:
        within = share_of_area_within(placed.lons, placed.lats, km * 1000)
        reached = sum(one.weight * within[one.county.adcode] for one in demand)
        shares.append(
            ReachShare(
                km=km,
                area=sum(one.county.area_km2 * within[one.county.adcode] for one in demand) / area,
                people=reached / residents,
                residents=reached,
            )
        )
    return CoverageReach(
        as_of=as_of,
        samples=samples,
        stations=len(placed.rows),
        sample_stations=int(stations.sample[placed.rows].sum()),
        by_county=int(np.isnan(stations.lon[placed.rows]).sum()),
        estimated_people=sum(one.weight for one in demand if one.estimated) / residents,
        people_left_out=round(sum(city.population or 0 for city in list_cities(session)) - residents),
        shares=tuple(shares),
    )
