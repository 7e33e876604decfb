"""Who near a place offers what is wanted: one station, several together, or nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic

from sqlalchemy.orm import Session

from stations.catalogue.service import Service, get_services
from stations.registry.by_time import ByTime
from stations.registry.nearest_stations import (
    FoundStation,
    RecordT,
    Search,
    nearest_combination,
    station_records,
)

FAR_M = 50_000
"""Metres. Where all that is wanted is offered only beyond, a nearer station that offers a part is told of too."""


@dataclass(frozen=True)
class Offer(Generic[RecordT]):
    """A station, and those of the wanted services for which it is named."""

    found: FoundStation[RecordT]
    services: tuple[Service, ...]


@dataclass(frozen=True)
class WhoOffers(Generic[RecordT]):
    """Who offers the ``wanted`` services near a place.

    ``offers``: nearest first, or soonest where the search is by time. Each is for all ``offered`` services; or, where
    ``together``, for a part of them, because no station offers them all. ``nobody``: the wanted services that no
    station offers. ``nearer``: a station that offers a part of them nearby, where the first of ``offers`` is far away.
    """

    wanted: tuple[Service, ...]
    offers: tuple[Offer[RecordT], ...]
    together: bool = False
    nobody: tuple[Service, ...] = ()
    nearer: Offer[RecordT] | None = None

    @property
    def offered(self) -> tuple[Service, ...]:
        """The wanted services that some station offers."""
        return tuple(service for service in self.wanted if service not in self.nobody)


def who_offers(
    session: Session,
    lon: float,
    lat: float,
    *,
    as_of: date,
    samples: bool,
    services: Iterable[str] = (),
    chains: Iterable[str] = (),
    open_at: datetime | None = None,
    by_time: ByTime | None = None,
    k: int = 5,
) -> WhoOffers:
    """Return the ``k`` nearest active stations that offer all of ``services``; if there is none, what comes closest.

    ``chains``, ``open_at``, ``by_time``: as in ``Search``. Other arguments and errors are those of
    ``nearest_stations``.
    """
    search = Search(lon, lat, as_of, samples, station_records, frozenset(chains), open_at, by_time)
    return find_who_offers(session, search, services, k)


def find_who_offers(
    session: Session, search: Search[RecordT], services: Iterable[str], k: int
) -> WhoOffers[RecordT]:
    """Return the ``k`` nearest stations that offer all of ``services``; if there is none, what comes closest.

    Services that nobody offers are set aside; the rest is asked of one station, or of a few together.

    Raises:
        InvalidInput: a code is not in the catalogue.
        ValueError: ``k`` is below 1.
    """
    wanted = tuple(get_services(session, services))
    rest = wanted
    nobody: tuple[Service, ...] = ()
    found = search.nearest(session, wanted, k)
    if not found and wanted:
        parts = search.combination(session, wanted)
        nobody = tuple(service for one, services in parts if one is None for service in services)
        rest = tuple(service for service in wanted if service not in nobody)
        found = search.nearest(session, rest, k) if nobody and rest else []
        if not found:
            together = tuple(Offer(one, services) for one, services in parts if one)
            return WhoOffers(wanted, together, together=bool(together), nobody=nobody)
    nearer = None
    nearest_m = min((one.distance_m for one in found), default=0.0)
    if len(rest) > 1 and nearest_m > FAR_M:
        each = [(service, search.by_distance.nearest(session, [service], 1)[0]) for service in rest]
        nearer = _most_nearby(each, nearest_m)
    return WhoOffers(wanted, tuple(Offer(one, rest) for one in found), nobody=nobody, nearer=nearer)


def share_out(
    session: Session, who: WhoOffers, lon: float, lat: float, *, as_of: date, samples: bool
) -> tuple[Offer, ...]:
    """Return the stations among which the wanted services can be shared out, each with its part, nearest first.

    They are those that offer them only together; or, where all is offered far away only, the one nearby with the
    stations for the rest. Empty where one near station does it all, where somebody is missing for a part, or where
    sample stations would do a part and real ones another.
    """
    shares = who.offers if who.together else ()
    if who.nearer is not None:
        rest = [service.code for service in who.offered if service not in who.nearer.services]
        parts = nearest_combination(session, lon, lat, as_of=as_of, samples=samples, services=rest)
        shares = (who.nearer, *(Offer(one, services) for one, services in parts if one is not None))
    if who.nobody or len({one.found.station.sample for one in shares}) != 1 or len(shares) < 2:
        return ()
    return tuple(sorted(shares, key=lambda one: one.found.distance_m))


def _most_nearby(
    each: Iterable[tuple[Service, FoundStation[RecordT]]], within_m: float
) -> Offer[RecordT] | None:
    """Return the station that is the nearest for most services, with those; None if it is not within the distance.

    ``each``: every service with the nearest station that offers it.
    """
    parts: dict[str, tuple[FoundStation[RecordT], list[Service]]] = {}
    for service, one in each:
        parts.setdefault(one.station.code, (one, []))[1].append(service)
    one, services = min(parts.values(), key=lambda part: (-len(part[1]), part[0].distance_m))
    return Offer(one, tuple(services)) if one.distance_m < within_m else None
