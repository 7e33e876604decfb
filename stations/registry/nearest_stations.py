"""Find the nearest stations that offer what a firm needs.

A station surely offers a service that its record names. If the record names only the service's group, the station may
offer it: such stations are found too, with the service marked as unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Generic

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload
from typing_extensions import TypeVar

from geo.nearest import NearestIndex
from stations.catalogue.service import Service, get_services
from stations.language import N_, LabelledEnum
from stations.places.counties import County
from stations.registry.by_time import ByTime
from stations.registry.opening_hours import Opening, opening_at
from stations.registry.registry_snapshot import Snapshot, registry_snapshot
from stations.registry.station import Station, StationService
from stations.registry.station_columns import StationColumns, county_code

SAME_POINT_M = 1.0
"""Metres. Nearer than that are only two records of which no more than the county is known."""
CANDIDATES = 50
"""The number of nearest stations for each service from which a combination is chosen."""


class PlacedBy(LabelledEnum):
    """How exactly a record's place is known: by coordinates, or only by county or city."""

    POINT = "point", N_("Placed by its coordinates")
    COUNTY = "county", N_("Placed by its county only")
    CITY = "city", N_("Placed by its city only")


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What a list says of a station, without its record. ``located_adcode``: as in ``Station``."""

    code: str
    name: str
    name_en: str | None
    county: County | None
    located_adcode: str | None
    sample: bool

    @property
    def county_adcode(self) -> str | None:
        """The adcode of its county."""
        return self.county.adcode if self.county else None


RecordT = TypeVar("RecordT", bound=Station | StationFacts, default=Station)


@dataclass(frozen=True)
class FoundStation(Generic[RecordT]):
    """A station, its record or the facts of it, and its great-circle distance in metres.

    ``lon``/``lat``: WGS-84 degrees of the point to which the distance is measured; an inner point of the county if
    ``placed_by`` is COUNTY. ``unsure``: the services of which the record names only the group. ``seconds``: the time
    there, infinite where no way is known; None unless the search was by time.
    """

    station: RecordT
    lon: float
    lat: float
    distance_m: float
    placed_by: PlacedBy
    unsure: tuple[Service, ...]
    seconds: float | None = None

    @property
    def told_m(self) -> float | None:
        """The distance to tell; None where both are known by their county only, and so lie at one point."""
        return None if self.distance_m < SAME_POINT_M and self.placed_by is not PlacedBy.POINT else self.distance_m


Load = Callable[[Session, Snapshot, NDArray[np.int64]], list[RecordT]]
"""Returns what is wanted of the stations in some rows of the snapshot, in their order."""


def station_records(session: Session, snapshot: Snapshot, rows: NDArray[np.int64]) -> list[Station]:
    """Return the records of stations, each with its offers, county, city and chains."""
    ids = snapshot.columns.stations.id[rows].tolist()
    found = {
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
    return [found[identity] for identity in ids]


def station_facts(_session: Session, snapshot: Snapshot, rows: NDArray[np.int64]) -> list[StationFacts]:
    """Return the facts of stations without asking the database: what is in the columns already."""
    stations = snapshot.columns.stations
    counties = (*snapshot.counties, None)
    return [
        StationFacts(
            code=str(stations.code[row]),
            name=stations.name[row],
            name_en=stations.name_en[row],
            county=counties[place],
            located_adcode=county_code(stations.located[row]),
            sample=bool(stations.sample[row]),
        )
        for row, place in zip(rows.tolist(), snapshot.county_places[rows].tolist(), strict=True)
    ]


@dataclass(frozen=True)
class Search(Generic[RecordT]):
    """A search for stations active on ``as_of`` near a place in WGS-84 degrees.

    ``load``: returns what is wanted of each. ``chains``: only stations that serve one of these industrial chains.
    ``open_at``: only those that are open at that instant by their opening hours. ``by_time``: the nearest are those
    reached soonest.
    """

    lon: float
    lat: float
    as_of: date
    samples: bool
    load: Load[RecordT]
    chains: frozenset[str] = frozenset()
    open_at: datetime | None = None
    by_time: ByTime | None = None

    @property
    def by_distance(self) -> Search[RecordT]:
        """The same search as the crow flies."""
        return replace(self, by_time=None)

    def nearest(self, session: Session, services: Sequence[Service], k: int) -> list[FoundStation[RecordT]]:
        """Return the ``k`` nearest that offer all of ``services``, nearest first.

        Stations of which only the city is known are left out, since no meaningful distance can be given.
        """
        found = candidates(session, self.as_of, samples=self.samples, wanted=services, chains=self.chains)
        if self.open_at is not None:
            found = found.open_at(self.open_at)
        places, distances, seconds = self._ranked(found, k)
        rows, columns, day = found.rows[places], found.columns, self.as_of.toordinal()
        exact = ~np.isnan(columns.stations.lon[rows])
        return [
            FoundStation(
                station=station,
                lon=lon,
                lat=lat,
                distance_m=metres,
                placed_by=PlacedBy.POINT if known else PlacedBy.COUNTY,
                unsure=_unsure(columns.offered(row, day), services) if services else (),
                seconds=time,
            )
            for station, row, lon, lat, metres, known, time in zip(
                self.load(session, found.snapshot, rows),
                *(each.tolist() for each in (rows, found.lons[places], found.lats[places], distances, exact)),
                [None] * len(rows) if seconds is None else seconds.tolist(),
                strict=True,
            )
        ]

    def _ranked(
        self, found: Candidates, k: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64] | None]:
        """Return the places, their distances in metres and, by time, the seconds there."""
        if self.by_time is None:
            return *found.index.query(self.lon, self.lat, k), None
        places, metres = found.index.query(self.lon, self.lat, max(k, len(found.rows)))
        first, seconds = self.by_time.soonest(found.lons[places], found.lats[places], metres, k)
        return places[first], metres[first], seconds

    def combination(
        self, session: Session, services: Sequence[Service]
    ) -> list[tuple[FoundStation[RecordT] | None, tuple[Service, ...]]]:
        """Return a few near stations that offer all of ``services`` together, for when no single station does.

        Each comes with the services chosen from it, nearest first. Services that no station offers come last, with
        None. The choice is the greedy algorithm for set cover: in each step the station that offers most of the
        remaining services, the nearer one in a tie, among the ``CANDIDATES`` nearest for each service.
        """
        remaining = list(services)
        offers: dict[str, list[Service]] = {}
        found: dict[str, FoundStation[RecordT]] = {}
        for service in remaining:
            for one in self.by_distance.nearest(session, [service], CANDIDATES):
                offers.setdefault(one.station.code, []).append(service)
                before = found.get(one.station.code)
                found[one.station.code] = replace(one, unsure=(*(before.unsure if before else ()), *one.unsure))
        chosen: list[tuple[FoundStation[RecordT] | None, tuple[Service, ...]]] = []

        def still_wanted(code: str) -> tuple[Service, ...]:
            return tuple(service for service in offers[code] if service in remaining)

        def rank(code: str) -> tuple[int, float, str]:
            return -len(still_wanted(code)), found[code].distance_m, code

        while any(still_wanted(code) for code in offers):
            code = min(offers, key=rank)
            part = still_wanted(code)
            unsure = tuple(service for service in found[code].unsure if service in part)
            chosen.append((replace(found[code], unsure=unsure), part))
            remaining = [service for service in remaining if service not in part]
        chosen.sort(key=lambda pair: pair[0].distance_m if pair[0] else 0)
        return [*chosen, *([(None, tuple(remaining))] if remaining else [])]


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

    Distances are great-circle distances from ``lon``, ``lat`` (WGS-84 degrees). ``services``: catalogue codes of
    services or groups. ``chains``, ``open_at``: as in ``Search``.

    Raises:
        InvalidInput: a code is not in the catalogue.
        CoordinateOutOfRange: the coordinates are not on Earth.
        ValueError: ``k`` is below 1.
    """
    search = Search(lon, lat, as_of, samples, station_records, frozenset(chains), open_at)
    return search.nearest(session, get_services(session, services), k)


def nearest_combination(
    session: Session, lon: float, lat: float, *, as_of: date, samples: bool, services: Iterable[str]
) -> list[tuple[FoundStation | None, tuple[Service, ...]]]:
    """Return ``Search.combination`` of these services. Arguments and errors are those of ``nearest_stations``."""
    return Search(lon, lat, as_of, samples, station_records).combination(session, get_services(session, services))


@dataclass(frozen=True, eq=False)
class Candidates:
    """The stations that are asked for, wherever they are: rows of a snapshot, and their points (WGS-84 degrees)."""

    snapshot: Snapshot
    rows: NDArray[np.int64]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]

    @property
    def columns(self) -> StationColumns:
        """The columns of the snapshot."""
        return self.snapshot.columns

    @cached_property
    def index(self) -> NearestIndex:
        """The index of the points, in the order of ``rows``."""
        return NearestIndex(self.lons, self.lats)

    def open_at(self, moment: datetime) -> Candidates:
        """Return those that are open at an instant by their opening hours."""
        hours = self.columns.stations.hours[self.rows]
        open_hours = {text for text in set(hours.tolist()) if _is_open(text, moment)}
        kept = np.array([text in open_hours for text in hours], dtype=bool)
        return Candidates(self.snapshot, self.rows[kept], self.lons[kept], self.lats[kept])


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
        return Candidates(snapshot, rows, lons[rows], lats[rows])

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


def _is_open(hours: str | None, at: datetime) -> bool:
    state = opening_at(hours, at)
    return state is not None and state.opening is Opening.OPEN


def offers_it(station: Station, service: Service, as_of: date) -> bool:
    """Whether a station offers a wanted entry on a date."""
    return not _covering(service).isdisjoint(_offered_codes(station, as_of))


def covers(service: Service) -> ColumnElement[bool]:
    """Return the SQL condition that an offer covers a wanted entry."""
    return StationService.service_code.in_(_covering(service))


def _covering(service: Service) -> set[str]:
    """Return the codes by which an offer covers a wanted entry: its own, its group's, or of a service in it."""
    inside = {one.code for one in service.services} if service.parent_code is None else set()
    return {service.code, service.group_code} | inside


def _offered_codes(station: Station, as_of: date) -> Collection[str]:
    return {offer.service_code for offer in station.offers if offer.holds_on(as_of)}


def unsure_services(station: Station, wanted: Sequence[Service], as_of: date) -> tuple[Service, ...]:
    """Return the wanted services of which the station's record names only the group."""
    return _unsure(_offered_codes(station, as_of), wanted)


def _unsure(offered: Collection[str], wanted: Sequence[Service]) -> tuple[Service, ...]:
    return tuple(
        service
        for service in wanted
        if service.parent_code is not None and service.code not in offered and service.group_code in offered
    )


def missing_services(station: Station, wanted: Sequence[Service], as_of: date) -> tuple[Service, ...]:
    """Return the wanted services that the station does not offer."""
    return tuple(service for service in wanted if not offers_it(station, service, as_of))
