"""Find the nearest stations that offer what a firm needs.

A station surely offers a service that its record names. If the record names only the service's group, the station may
offer it: such stations are found too, with the service marked as unsure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from geo.nearest import nearest
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service, get_services
from stations.language import N_, LabelledEnum
from stations.places.counties import County
from stations.registry.opening_hours import Opening, opening_at
from stations.registry.station import Station, StationService, Status, offered_on, status_on

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
    status = status_on(as_of).subquery()
    statement = (
        select(
            Station.id,
            func.coalesce(Station.lon, County.lon).label("lon"),
            func.coalesce(Station.lat, County.lat).label("lat"),
            Station.hours,
        )
        .join(status, status.c.station_id == Station.id)
        .outerjoin(County, County.adcode == Station.county_adcode)
        .where(status.c.status == Status.ACTIVE, or_(Station.lon.is_not(None), County.adcode.is_not(None)))
        .order_by(Station.code)
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    for service in wanted:
        statement = statement.where(Station.offers.any(covers(service) & offered_on(as_of)))
    if wanted_chains := set(chains):
        statement = statement.where(Station.chains.any(IndustrialChain.code.in_(wanted_chains)))
    rows = session.execute(statement).all()
    if open_at is not None:
        open_hours = {hours for hours in {row.hours for row in rows} if _is_open(hours, open_at)}
        rows = [row for row in rows if row.hours in open_hours]
    places = np.array([(row.lon, row.lat) for row in rows], dtype=float).reshape(-1, 2)
    indices, distances = nearest(lon, lat, places[:, 0], places[:, 1], k)
    chosen = [rows[index] for index in indices]
    stations = {
        station.id: station
        for station in session.scalars(
            select(Station)
            .where(Station.id.in_([row.id for row in chosen]))
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
            station=stations[row.id],
            lon=row.lon,
            lat=row.lat,
            distance_m=float(distance),
            placed_by=PlacedBy.POINT if stations[row.id].lon is not None else PlacedBy.COUNTY,
            unsure=unsure_services(stations[row.id], wanted, as_of),
        )
        for row, distance in zip(chosen, distances, strict=True)
    ]


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
    """Whether a station offers a wanted entry on a date; the same rule as ``covers``."""
    named = {service.code, service.group_code}
    if service.parent_code is None:
        named |= {one.code for one in service.services}
    return bool(named & _offered_codes(station, as_of))


def covers(service: Service) -> ColumnElement[bool]:
    """Return the SQL condition that an offer covers a wanted entry: it names it, its group, or a service in it."""
    named = StationService.service_code.in_({service.code, service.group_code})
    if service.parent_code is not None:
        return named
    inside = select(Service.code).where(Service.parent_code == service.code)
    return named | StationService.service_code.in_(inside)


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
