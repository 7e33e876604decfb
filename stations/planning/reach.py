"""Reach: distances from where the demand of each county is to the nearest station and centre, shares of it within 10,
20 and 30 km (or 15, 30 and 60 minutes), service within reach, and how evenly it is shared.

Demand is at the places of a layer (``stations.planning.demand``); ways are measured as the question says. Stations and
centres with only a known county are at its inner point; those with only a known city have no position and are counted
as left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.accessibility import floating_catchment_of_pairs
from geo.equity import gini, lorenz
from stations.catalogue.service import get_services
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.counties import City, County, list_counties, point_of
from stations.planning.demand import DemandLayer, Weighting, county_demand, demand_of
from stations.planning.reach_report import CURVE_POINTS, PER, CityReach, CountyReach, Nearest, ReachReport
from stations.planning.travel import STRAIGHT, Degrees, Travel, TravelUnit, travel_of
from stations.planning.travel_gaps import place_gaps
from stations.registry.centre import Centre, CentreKind, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import active_stations, candidates
from stations.registry.registry_snapshot import registry_snapshot

DEFAULT_CATCHMENT_KM = 30.0
DEFAULT_CATCHMENT_MINUTES = 30.0
_AT_ONCE = 4_000_000
"""Ways measured at a time: 32 MB."""

Numbers = NDArray[np.float64]


def reach_on(
    session: Session,
    as_of: date,
    *,
    samples: bool,
    layer: str = DemandLayer.COUNTIES,
    weighting: str = Weighting.POPULATION,
    service: str | None = None,
    centre_kind: CentreKind | None = None,
    catchment_km: float = DEFAULT_CATCHMENT_KM,
    travel: str = STRAIGHT,
    catchment_minutes: float = DEFAULT_CATCHMENT_MINUTES,
    report: Callable[[float], None] | None = None,
) -> ReachReport:
    """Return the reach report on a date, of active stations and accepted centres.

    ``layer``: where demand is counted, a ``DemandLayer``. ``service``: only stations that offer this service (a code of
    the catalogue). ``centre_kind``: only centres of this kind. ``travel``: the code of a measure (``travel_of``);
    its unit says whether ``catchment_km`` or ``catchment_minutes`` counts. ``report``: as in ``travel_of``.

    Raises:
        InvalidInput: the layer, the service or the weighting is unknown, or the catchment is out of range.
    """
    if not 0 < catchment_km <= 1000:
        raise InvalidInput(
            "catchment", N_("{value} km makes no sense; give kilometres from above 0 to 1000"), value=catchment_km
        )
    if not 0 < catchment_minutes <= 1000:
        raise InvalidInput(
            "catchment_minutes",
            N_("{value} minutes makes no sense; give minutes from above 0 to 1000"),
            value=catchment_minutes,
        )
    measure = travel_of(session, travel, samples=samples, report=report)
    unit = measure.unit
    catchment = (catchment_km if unit is TravelUnit.METRES else catchment_minutes) * unit.per
    demand = demand_of(session, layer, weighting, samples=samples)
    wanted = [] if service is None else get_services(session, [service])
    active = active_stations(session, as_of, samples=samples, wanted=wanted)
    placed = candidates(session, as_of, samples=samples, wanted=wanted)
    centres = [one for one in list_centres(session, samples=samples) if _in_being(one, as_of)]
    if centre_kind is not None:
        centres = [one for one in centres if one.kind is centre_kind]
    placed_centres = [one for one in centres if point_of(one.lon, one.lat, one.county) is not None]
    offering = {
        element.code: placed.columns.offering(element.services, as_of.toordinal())[placed.rows]
        for element in registry_snapshot(session).elements
    }
    kinds = {kind: np.array([one.kind is kind for one in placed_centres], dtype=bool) for kind in CentreKind}
    points = np.array([point_of(one.lon, one.lat, one.county) for one in placed_centres], dtype=float).reshape(-1, 2)
    lons, lats = (np.array([getattr(one, axis) for one in demand.places]) for axis in ("lon", "lat"))
    to_stations = _measured(measure, (lons, lats), (placed.lons, placed.lats), offering, catchment)
    to_centres = _measured(measure, (lons, lats), (points[:, 0], points[:, 1]), kinds)
    weights = np.array([one.weight for one in demand.places])
    scores = floating_catchment_of_pairs(
        *to_stations.pairs, weights, np.ones(len(placed.rows)), catchment
    )
    stations = placed.columns.stations

    def station(place: int, metres: float) -> Nearest:
        found = placed.rows[place]
        code, name, name_en = str(stations.code[found]), stations.name[found], stations.name_en[found]
        return Nearest(code, name, name_en, metres, bool(stations.sample[found]))

    def centre(place: int, metres: float) -> Nearest:
        found = placed_centres[place]
        return Nearest(found.code, found.name, found.name_en, metres, found.sample)

    estimated = (
        {one.county.adcode for one in county_demand(session, weighting, samples=samples) if one.estimated}
        if demand.layer is not DemandLayer.PLACES
        else set()
    )
    rows_of: dict[str, list[int]] = {}
    for row, one in enumerate(demand.places):
        rows_of.setdefault(one.county or "", []).append(row)
    counties = list_counties(session)
    reached = []
    for county in counties:
        group = _Group(np.array(rows_of.get(county.adcode, []), dtype=np.int64), weights)
        reached.append(
            CountyReach(
                county=county,
                weight=group.weight,
                estimated=county.adcode in estimated,
                station=group.nearest(to_stations, station),
                centre=group.nearest(to_centres, centre),
                by_element={code: group.known(metres) for code, metres in to_stations.by_group.items()},
                by_kind={kind: group.known(metres) for kind, metres in to_centres.by_group.items()},
                score=group.average(scores) * PER if len(group.rows) else 0.0,
                within=group.shares(to_stations.ways, unit),
                centre_within=group.shares(to_centres.ways, unit),
            )
        )
    together = _Together(to_stations.ways, to_centres.ways, scores, weights, unit)
    return ReachReport(
        as_of=as_of,
        demand=demand,
        service=service,
        catchment_km=catchment_km,
        stations=len(placed.rows),
        sample_stations=int(stations.sample[placed.rows].sum()),
        centres=len(placed_centres),
        sample_centres=sum(one.sample for one in placed_centres),
        stations_left_out=active - len(placed.rows),
        centres_left_out=len(centres) - len(placed_centres),
        counties=tuple(reached),
        cities=tuple(
            together.of(inside[0].city, [row for one in inside for row in rows_of.get(one.adcode, [])])
            for inside in _by_city(counties)
        ),
        province=together.of(None, list(range(len(weights)))),
        curve=_curve(scores, weights),
        unit=unit,
        travel=travel,
        catchment=catchment / unit.per,
        about_travel=measure.about,
        gaps=place_gaps(measure, demand.places),
    )


def _in_being(centre: Centre, as_of: date) -> bool:
    entry = latest(centre.history, as_of)
    return entry is not None and entry.stage is Stage.ACCEPTED


def _by_city(counties: Sequence[County]) -> list[list[County]]:
    found: dict[str, list[County]] = {}
    for one in counties:
        found.setdefault(one.city_adcode, []).append(one)
    return list(found.values())


@dataclass(frozen=True)
class _Measured:
    """The ways from each place of demand.

    ``ways``: to the nearest target, infinite if there is none; ``nearest``: which that is. ``by_group``: to the
    nearest of each group. ``pairs``: place, target and length of every way within the catchment.
    """

    ways: Numbers
    nearest: NDArray[np.int64]
    by_group: dict[Any, Numbers]
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], Numbers]


def _measured(
    travel: Travel,
    places: tuple[Degrees, Degrees],
    targets: tuple[Degrees, Degrees],
    groups: Mapping[Any, NDArray[np.bool_]],
    catchment: float = 0.0,
) -> _Measured:
    """Measure the ways from all places to all targets, some places at a time: many places times many targets are more
    than memory holds.
    """
    count, columns = len(places[0]), len(targets[0])
    least, nearest = np.full(count, np.inf), np.zeros(count, dtype=np.int64)
    by_group = {group: np.full(count, np.inf) for group in groups}
    pairs: list[tuple[NDArray[np.int64], NDArray[np.int64], Numbers]] = []
    step = max(1, _AT_ONCE // max(1, columns))
    for first in range(0, count if columns else 0, step):
        part = slice(first, first + step)
        ways = travel.matrix(places[0][part], places[1][part], *targets)
        nearest[part] = ways.argmin(axis=1)
        least[part] = ways.min(axis=1)
        for group, taken in groups.items():
            by_group[group][part] = ways[:, taken].min(axis=1, initial=np.inf)
        if catchment:
            rows, found = np.nonzero(ways <= catchment)
            pairs.append((rows + first, found, ways[rows, found]))
    none = np.empty(0, dtype=np.int64)
    origins, ends, lengths = zip(*pairs, strict=True) if pairs else ((none,), (none,), (np.empty(0),))
    joined = np.concatenate(origins), np.concatenate(ends), np.concatenate(lengths)
    return _Measured(least, nearest, by_group, joined)


class _Group:
    """The places of demand of one county."""

    def __init__(self, rows: NDArray[np.int64], weights: Numbers) -> None:
        self.rows = rows
        own = weights[rows]
        self.weight = float(own.sum())
        self._parts = own / self.weight if self.weight else np.full(len(rows), 1 / max(1, len(rows)))

    def average(self, values: Numbers) -> float:
        """Return the average of a value of each place, infinite if it is for any."""
        return float(self._parts @ values[self.rows])

    def known(self, metres: Numbers) -> float | None:
        """Return the average distance of the demand that has a way; None if none has."""
        return average_known(metres[self.rows], self._parts)

    def nearest(self, to: _Measured, named: Any) -> Nearest | None:
        """Return what is nearest to most of the demand, with the average distance to each place's own nearest."""
        metres = self.known(to.ways)
        if metres is None:
            return None
        parts = np.where(np.isfinite(to.ways[self.rows]), self._parts, 0.0)
        found: Nearest = named(int(np.bincount(to.nearest[self.rows], parts).argmax()), metres)
        return found

    def shares(self, ways: Numbers, unit: TravelUnit) -> dict[int, float]:
        """Return the share of the demand within each of the unit's reaches; none for a county without places."""
        if not len(self.rows):
            return {}
        return {most: float(self._parts[ways[self.rows] <= most * unit.per].sum()) for most in unit.reaches}


@dataclass(frozen=True)
class _Together:
    """What is known of every place of demand, to be told of a city or the province."""

    to_station: Numbers
    to_centre: Numbers
    scores: Numbers
    weights: Numbers
    unit: TravelUnit

    def of(self, city: City | None, rows: Sequence[int]) -> CityReach:
        weights, scores, away = self.weights[rows], self.scores[rows], self.to_station[rows]
        total = float(weights.sum())

        def shares(ways: Numbers) -> dict[int, float]:
            per = self.unit.per
            return {
                most: float(weights[ways[rows] <= most * per].sum()) / total if total else 0.0
                for most in self.unit.reaches
            }

        return CityReach(
            city=city,
            weight=total,
            within=shares(self.to_station),
            centre_within=shares(self.to_centre),
            average=average_known(away, weights),
            unreached=float(weights[np.isinf(away)].sum()) / total if total else 0.0,
            score=float(weights @ scores) / total * PER if total else 0.0,
            gini=gini(scores, weights) if total else None,
        )


def average_known(ways: Numbers, weights: Numbers) -> float | None:
    """Return the average of the ways that are known, by weight; None where no demand has one."""
    known = np.isfinite(ways)
    total = float(weights[known].sum())
    return float(weights[known] @ ways[known]) / total if total else None


def _curve(scores: Numbers, weights: Numbers) -> tuple[tuple[float, float], ...]:
    """Return the Lorenz curve; of very many points, some that lie evenly along it."""
    along, had = lorenz(scores, weights)
    if len(along) > CURVE_POINTS:
        kept = np.unique(np.searchsorted(along, np.linspace(0, 1, CURVE_POINTS)).clip(0, len(along) - 1))
        kept = np.union1d(kept, [0, len(along) - 1])[-CURVE_POINTS:]
        along, had = along[kept], had[kept]
    return tuple(zip(map(float, along), map(float, had), strict=True))
