"""Reach: distances from each county to the nearest station and centre, shares of demand within 10, 20 and 30 km,
service within reach, and how evenly it is shared.

All people of a county are assumed at one inner point: no available source locates people or towns more exactly.
Distances are great-circle metres. Stations and centres with only a known county are at its inner point; those with
only a known city have no position and are counted as left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.accessibility import two_step_floating_catchment
from geo.distance import great_circle_m
from geo.equity import gini, lorenz
from stations.catalogue.service import get_services
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.counties import City, County, point_of
from stations.planning.demand import CountyDemand, Weighting, county_demand
from stations.planning.distances import REACHES_KM
from stations.registry.centre import Centre, CentreKind, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import active_stations, candidates
from stations.registry.registry_snapshot import registry_snapshot

DEFAULT_CATCHMENT_KM = 30.0
PER = 100_000
"""The catchment score is given as stations per this much demand."""

SCORE_BREAKS = (0.5, 1.0, 2.0)
"""Where the classes of the catchment score end on maps, as multiples of ``ReachReport.score_of_one_each``."""

BY_POINT = N_("Counted at one point in each county; distances are great-circle distances.")

TOWNS_NOTE = N_(
    "Told by county, not by town: no gazetteer of towns with coordinates and residents is at hand. "
    "Everybody of a county is taken to be at one point inside it."
)

@dataclass(frozen=True)
class Nearest:
    """The nearest record of some kind, and the distance to it in metres."""

    code: str
    name: str
    name_en: str | None
    metres: float
    sample: bool


@dataclass(frozen=True)
class CountyReach:
    """The reach of a county.

    ``station``/``centre``: the nearest one, None if there is none. ``by_element``: metres to the nearest station
    that offers each of the four elements, by group code. ``by_kind``: metres to the nearest centre of each kind.
    None in both means there is none. ``score``: stations within the catchment per ``PER`` of demand (2SFCA).
    """

    county: County
    weight: float
    estimated: bool
    station: Nearest | None
    centre: Nearest | None
    by_element: dict[str, float | None]
    by_kind: dict[CentreKind, float | None]
    score: float


@dataclass(frozen=True)
class CityReach:
    """The reach of the counties of one city together, or of the province if ``city`` is None.

    ``within``: share of the demand within so many km of a station. ``centre_within``: of a centre. ``gini``: of the
    catchment score over the demand; None if all scores are 0.
    """

    city: City | None
    weight: float
    within: dict[int, float]
    centre_within: dict[int, float]
    average_m: float | None
    score: float
    gini: float | None


@dataclass(frozen=True)
class ReachReport:
    """The reach report of one date.

    ``stations``/``centres``: numbers included, of which ``sample_stations`` and ``sample_centres`` are samples.
    ``…_left_out``: records with only a known city. ``curve``: Lorenz curve of the score over the province, as
    cumulative shares of demand and of stations.
    """

    as_of: date
    weighting: str
    service: str | None
    catchment_km: float
    stations: int
    sample_stations: int
    centres: int
    sample_centres: int
    stations_left_out: int
    centres_left_out: int
    counties: tuple[CountyReach, ...]
    cities: tuple[CityReach, ...]
    province: CityReach
    curve: tuple[tuple[float, float], ...]

    @property
    def score_of_one_each(self) -> float:
        """The catchment score if each county had one station and all of them were shared alike."""
        return PER * len(self.counties) / self.province.weight if self.province.weight else 0.0

    @property
    def samples(self) -> int:
        """The number of sample records included."""
        return self.sample_stations + self.sample_centres


def reach_on(
    session: Session,
    as_of: date,
    *,
    samples: bool,
    weighting: str = Weighting.POPULATION,
    service: str | None = None,
    centre_kind: CentreKind | None = None,
    catchment_km: float = DEFAULT_CATCHMENT_KM,
) -> ReachReport:
    """Return the reach report on a date, of active stations and accepted centres.

    ``service``: only stations that offer this service (a code of the catalogue). ``centre_kind``: only centres of
    this kind.

    Raises:
        InvalidInput: the service or the weighting is unknown, or the catchment is out of range.
    """
    if not 0 < catchment_km <= 1000:
        raise InvalidInput(
            "catchment", N_("{value} km makes no sense; give kilometres from above 0 to 1000"), value=catchment_km
        )
    demand = county_demand(session, weighting, samples=samples)
    wanted = [] if service is None else get_services(session, [service])
    active = active_stations(session, as_of, samples=samples, wanted=wanted)
    placed = candidates(session, as_of, samples=samples, wanted=wanted)
    centres = [one for one in list_centres(session, samples=samples) if _in_being(one, as_of)]
    if centre_kind is not None:
        centres = [one for one in centres if one.kind is centre_kind]
    placed_centres = [one for one in centres if point_of(one.lon, one.lat, one.county) is not None]
    weights = np.array([one.weight for one in demand])
    to_stations = _distances(demand, placed.lons, placed.lats)
    points = [point for one in placed_centres if (point := point_of(one.lon, one.lat, one.county)) is not None]
    to_centres = _distances(demand, *np.array(points, dtype=float).reshape(-1, 2).T)
    scores = two_step_floating_catchment(to_stations, weights, np.ones(len(placed.rows)), catchment_km * 1000)
    offering = {
        element.code: placed.columns.offering(element.services, as_of.toordinal())[placed.rows]
        for element in registry_snapshot(session).elements
    }
    near_element = {code: _least(to_stations, mask) for code, mask in offering.items()}
    nearest_station = to_stations.argmin(axis=1) if len(placed.rows) else np.empty(0, dtype=int)
    stations = placed.columns.stations

    def station_nearest(row: int) -> Nearest | None:
        if not len(placed.rows):
            return None
        found = placed.rows[nearest_station[row]]
        return Nearest(
            str(stations.code[found]),
            stations.name[found],
            stations.name_en[found],
            float(to_stations[row, nearest_station[row]]),
            bool(stations.sample[found]),
        )

    near_kind = {
        kind: _least(to_centres, np.array([one.kind is kind for one in placed_centres], dtype=bool))
        for kind in CentreKind
    }
    counties = tuple(
        CountyReach(
            county=one.county,
            weight=one.weight,
            estimated=one.estimated,
            station=station_nearest(row),
            centre=_nearest(to_centres[row], placed_centres),
            by_element={code: _known(column[row]) for code, column in near_element.items()},
            by_kind={kind: _known(column[row]) for kind, column in near_kind.items()},
            score=float(scores[row]) * PER,
        )
        for row, one in enumerate(demand)
    )
    by_city: dict[str, list[CountyReach]] = {}
    for one in counties:
        by_city.setdefault(one.county.city_adcode, []).append(one)
    along, had = lorenz([one.score for one in counties], weights)
    return ReachReport(
        as_of=as_of,
        weighting=weighting,
        service=service,
        catchment_km=catchment_km,
        stations=len(placed.rows),
        sample_stations=int(stations.sample[placed.rows].sum()),
        centres=len(placed_centres),
        sample_centres=sum(one.sample for one in placed_centres),
        stations_left_out=active - len(placed.rows),
        centres_left_out=len(centres) - len(placed_centres),
        counties=counties,
        cities=tuple(_together(inside[0].county.city, inside) for inside in by_city.values()),
        province=_together(None, counties),
        curve=tuple(zip(map(float, along), map(float, had), strict=True)),
    )


def _in_being(centre: Centre, as_of: date) -> bool:
    entry = latest(centre.history, as_of)
    return entry is not None and entry.stage is Stage.ACCEPTED


def _distances(
    demand: Sequence[CountyDemand], lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> NDArray[np.float64]:
    return great_circle_m(
        np.array([[one.county.lon] for one in demand]),
        np.array([[one.county.lat] for one in demand]),
        lons[None, :],
        lats[None, :],
    )


def _least(metres: NDArray[np.float64], taken: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return each county's least distance to the records in ``taken``; infinite if there is none."""
    return np.asarray(metres[:, taken].min(axis=1, initial=np.inf), dtype=float)


def _known(metres: float) -> float | None:
    return float(metres) if np.isfinite(metres) else None


def _nearest(metres: NDArray[np.float64], records: Sequence[Centre]) -> Nearest | None:
    if not records:
        return None
    found = records[int(metres.argmin())]
    return Nearest(found.code, found.name, found.name_en, float(metres.min()), found.sample)


def _together(city: City | None, counties: Sequence[CountyReach]) -> CityReach:
    weights = np.array([one.weight for one in counties])
    total = float(weights.sum())
    scores = np.array([one.score for one in counties])

    def shares(kind: str) -> dict[int, float]:
        found = [getattr(one, kind) for one in counties]
        metres = np.array([np.inf if one is None else one.metres for one in found])
        return {km: float(weights[metres <= km * 1000].sum()) / total if total else 0.0 for km in REACHES_KM}

    away = [one.station.metres for one in counties if one.station is not None]
    return CityReach(
        city=city,
        weight=total,
        within=shares("station"),
        centre_within=shares("centre"),
        average_m=float(weights @ np.array(away)) / total if len(away) == len(counties) and total else None,
        score=float(weights @ scores) / total if total else 0.0,
        gini=gini(scores, weights) if total else None,
    )


def reach_report_data(report: ReachReport) -> dict[str, Any]:
    """Return the report as JSON data: distances in metres, shares from 0 to 1."""

    def nearest(one: Nearest | None) -> dict[str, Any] | None:
        if one is None:
            return None
        return {"code": one.code, "name": one.name, "metres": round(one.metres, 1), "sample": one.sample}

    def rounded(metres: dict[Any, float | None]) -> dict[str, float | None]:
        return {str(name): None if value is None else round(value, 1) for name, value in metres.items()}

    def together(one: CityReach) -> dict[str, Any]:
        return {
            "adcode": one.city.adcode if one.city else None,
            "name": one.city.name if one.city else None,
            "weight": one.weight,
            "within": {str(km): round(share, 6) for km, share in one.within.items()},
            "centre_within": {str(km): round(share, 6) for km, share in one.centre_within.items()},
            "average_m": one.average_m,
            "score": one.score,
            "gini": one.gini,
        }

    return {
        "as_of": report.as_of.isoformat(),
        "weights": report.weighting,
        "service": report.service,
        "catchment_km": report.catchment_km,
        "score_per": PER,
        "stations": report.stations,
        "sample_stations": report.sample_stations,
        "centres": report.centres,
        "sample_centres": report.sample_centres,
        "stations_left_out": report.stations_left_out,
        "centres_left_out": report.centres_left_out,
        "province": together(report.province),
        "cities": [together(one) for one in report.cities],
        "lorenz": [list(point) for point in report.curve],
        "counties": [
            {
                "adcode": one.county.adcode,
                "name": one.county.name,
                "city": one.county.city.name,
                "weight": one.weight,
                "estimated": one.estimated,
                "station": nearest(one.station),
                "centre": nearest(one.centre),
                "by_element_m": rounded(one.by_element),
                "by_centre_kind_m": rounded(one.by_kind),
                "score": one.score,
            }
            for one in report.counties
        ],
    }
