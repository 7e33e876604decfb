"""Find the nearest stations that offer what a firm needs.

A station surely offers a service that its record names. If the record names only the service's group, the station may
offer it: such stations are found too, with the service marked as unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from geo.nearest import NearestIndex
from stations.catalogue.service import Service, get_services
from stations.language import N_, LabelledEnum
from stations.registry.opening_hours import Opening, opening_at
from stations.registry.registry_snapshot import registry_snapshot
from stations.registry.station import Station, StationService
from stations.registry.station_columns import StationColumns

SAME_POINT_M = 1.0
"""Metres. Nearer than that are only two records of which no more than the county is known."""
CANDIDATES = 50
"""The number of nearest stations for each service from which a combination is chosen."""


class PlacedBy(LabelledEnum):
    """How exactly a record's place is known: by coordinates, or only by county or city."""

    POINT = "point", N_("Placed by its coordinates")
    COUNTY = "county", N_("Placed by its county only")
    CITY = "city", N_("Placed by its city only")


@dataclass(frozen=True)
class FoundStation:
    """A station and its great-circle distance in metres.

    ``lon``/``lat``: WGS-84 degrees of the point to which the distance is measured; an inner point of the county if
    ``placed_by`` is COUNTY. ``unsure``: the services of which the record names only the group.
    """

    station: Station
    lon: float
    lat: float
    distance_m: float
    placed_by: PlacedBy
    unsure: tuple[Service, ...]

    @property
    def told_m(self) -> float | None:
        """The distance to tell; None where both are known by their county only, and so lie at one point."""
        return None if self.distance_m < SAME_POINT_M and self.placed_by is not PlacedBy.POINT else self.distance_m


def nearest_stations(
    session: Session,
    lon: float,
    lat: float,
    *,
    as_of: date,
    samples: bool,
    services: Iterable[str] = (),
    chains: Iterable[str] = (),
    open_at: datetime | None = None,
    k: int = 5,
) -> list[FoundStation]:
    """Return the ``k`` nearest stations active on ``as_of`` that offer all of ``services``, nearest first.

    Distances are great-circle distances from ``lon``, ``lat`` (WGS-84 degrees). Stations of which only the city is
    known are left out, since no meaningful distance can be given.

    ``services``: catalogue codes of services or groups. ``chains``: only stations that serve one of these industrial
    chains. ``open_at``: only stations that are open at that instant by their opening hours.

    Raises:
        InvalidInput: a code is not in the catalogue.
        CoordinateOutOfRange: the coordinates are not on Earth.
        ValueError: ``k`` is below 1.
    """
    wanted = get_services(session, services)
    found = candidates(session, as_of, samples=samples, wanted=wanted, chains=chains)
    if open_at is not None:
        found = found.open_at(open_at)
    places, distances = found.index.query(lon, lat, k)
    chosen = found.rows[places]
    ids = found.columns.stations.id[chosen].tolist()
    stations = {
        station.id: station
        for station in session.scalars(
            select(Station)
            .where(Station.id.in_(ids))
            .options(
                selectinload(Station.offers),
                selectinload(Station.county),
                selectinload(Station.city),
                selectinload(Station.chains),
            )
        )
    }
    return [
        FoundStation(
            station=stations[identity],
            lon=float(found.lons[place]),
            lat=float(found.lats[place]),
            distance_m=float(distance),
            placed_by=PlacedBy.POINT if stations[identity].lon is not None else PlacedBy.COUNTY,
            unsure=unsure_services(stations[identity], wanted, as_of),
        )
        for identity, place, distance in zip(ids, places, distances, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class Candidates:
    """The stations that are asked for, wherever they are: rows of ``columns``, and their points (WGS-84 degrees)."""

    columns: StationColumns
    rows: NDArray[np.int64]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]

    @cached_property
    def index(self) -> NearestIndex:
        """The index of the points, in the order of ``rows``."""
        return NearestIndex(self.lons, self.lats)

    def open_at(self, moment: datetime) -> Candidates:
        """Return those that are open at an instant by their opening hours."""
        hours = self.columns.stations.hours[self.rows]
        open_hours = {text for text in set(hours.tolist()) if _is_open(text, moment)}
        kept = np.array([text in open_hours for text in hours], dtype=bool)
        return Candidates(self.columns, self.rows[kept], self.lons[kept], self.lats[kept])


def candidates(
    session: Session, as_of: date, *, samples: bool, wanted: Sequence[Service] = (), chains: Iterable[str] = ()
) -> Candidates:
    """Return the stations active on ``as_of`` that offer all of ``wanted`` and serve one of ``chains``, if any.

    Those of which only the city is known are left out, since no meaningful distance can be given.
    """
    snapshot, chosen = registry_snapshot(session), frozenset(chains)
    question = ("candidates", as_of, samples, tuple(service.code for service in wanted), chosen)

    def find() -> Candidates:
        columns = snapshot.columns
        matching = _matching(columns, as_of, samples, wanted)
        if chosen:
            matching &= columns.serving(chosen)
        lons, lats = snapshot.points
        rows = np.flatnonzero(matching & ~np.isnan(lons))
        return Candidates(columns, rows, lons[rows], lats[rows])

    return snapshot.remembered(question, find)


def active_stations(session: Session, as_of: date, *, samples: bool, wanted: Sequence[Service] = ()) -> int:
    """Return the number of stations active on ``as_of`` that offer all of ``wanted``, wherever they are."""
    return int(_matching(registry_snapshot(session).columns, as_of, samples, wanted).sum())


def _matching(
    columns: StationColumns, as_of: date, samples: bool, wanted: Sequence[Service]
) -> NDArray[np.bool_]:
    matching = columns.active_on(as_of.toordinal(), samples=samples)
    for service in wanted:
        matching &= columns.offering(_covering(service), as_of.toordinal())
    return matching


def nearest_combination(
    session: Session,
    lon: float,
    lat: float,
    *,
    as_of: date,
    samples: bool,
    services: Iterable[str],
    chains: Iterable[str] = (),
    open_at: datetime | None = None,
) -> list[tuple[FoundStation | None, tuple[Service, ...]]]:
    """Return a few near stations that offer all of ``services`` together, for when no single station does.

    Each comes with the services chosen from it, nearest first. Services that no station offers come last, with None.
    The choice is the greedy algorithm for set cover: in each step the station that offers most of the remaining
    services, the nearer one in a tie, among the ``CANDIDATES`` nearest for each service. ``lon``, ``lat``: degrees,
    WGS-84. Other arguments and errors are those of ``nearest_stations``.
    """
    remaining = get_services(session, services)
    chains = set(chains)
    offers: dict[str, list[Service]] = {}
    found: dict[str, FoundStation] = {}
    for service in remaining:
        for one in nearest_stations(
            session,
            lon,
            lat,
            as_of=as_of,
            samples=samples,
            services=[service.code],
            chains=chains,
            open_at=open_at,
            k=CANDIDATES,
        ):
            offers.setdefault(one.station.code, []).append(service)
            before = found.get(one.station.code)
            found[one.station.code] = replace(one, unsure=(*(before.unsure if before else ()), *one.unsure))
    chosen: list[tuple[FoundStation, tuple[Service, ...]]] = []

    def still_wanted(code: str) -> tuple[Service, ...]:
        return tuple(service for service in offers[code] if service in remaining)

    while any(still_wanted(code) for code in offers):
        code = min(offers, key=lambda code: (-len(still_wanted(code)), found[code].distance_m, code))
        part = still_wanted(code)
        unsure = tuple(service for service in found[code].unsure if service in part)
        chosen.append((replace(found[code], unsure=unsure), part))
        remaining = [service for service in remaining if service not in part]
    chosen.sort(key=lambda pair: pair[0].distance_m)
    rest: list[tuple[FoundStation | None, tuple[Service, ...]]] = [(None, tuple(remaining))] if remaining else []
    return [*chosen, *rest]


def _is_open(hours: str | None, at: datetime) -> bool:
    state = opening_at(hours, at)
    return state is not None and state.opening is Opening.OPEN


def offers_it(station: Station, service: Service, as_of: date) -> bool:
    """Whether a station offers a wanted entry on a date."""
    return bool(_covering(service) & _offered_codes(station, as_of))


def covers(service: Service) -> ColumnElement[bool]:
    """Return the SQL condition that an offer covers a wanted entry."""
    return StationService.service_code.in_(_covering(service))


def _covering(service: Service) -> set[str]:
    """Return the codes by which an offer covers a wanted entry: its own, its group's, or of a service in it."""
    inside = {one.code for one in service.services} if service.parent_code is None else set()
    return {service.code, service.group_code} | inside


def _offered_codes(station: Station, as_of: date) -> set[str]:
    return {offer.service_code for offer in station.offers if offer.holds_on(as_of)}


def unsure_services(station: Station, wanted: Sequence[Service], as_of: date) -> tuple[Service, ...]:
    """Return the wanted services of which the station's record names only the group."""
    offered = _offered_codes(station, as_of)
    return tuple(
        service
        for service in wanted
        if service.parent_code is not None and service.code not in offered and service.group_code in offered
    )


def missing_services(station: Station, wanted: Sequence[Service], as_of: date) -> tuple[Service, ...]:
    """Return the wanted services that the station does not offer."""
    return tuple(service for service in wanted if not offers_it(station, service, as_of))
