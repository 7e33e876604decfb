"""Routing: which station answers a request, who there, and which institution does each part.

One request has one responsible steward at one station, however many services it asks for. So routing never splits a
request into several: its *items* are assigned to the institutions that can do them. A station that offers everything is
preferred. If there is none, the one that offers most answers for all of it, and the rest is done through *partner
stations*, each the nearest for its part. The firm sees such a split before it files and must agree to it. The firm may
also choose a station itself.

A station that does not offer a service, directly or by its group, is never proposed for that service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.accounts.accounts import Duty, User
from stations.catalogue.service import Service
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidInput
from stations.language import N_, Bilingual
from stations.places.counties import point_of
from stations.registry.institutions import Institution, ScopeStanding, institutions_behind_each, scope_for
from stations.registry.nearest_stations import (
    SAME_POINT_M,
    missing_services,
    nearest_combination,
    nearest_stations,
    unsure_services,
)
from stations.registry.station import Station
from stations.requests.answering_office import office_for
from stations.requests.routing_rules import NOBODY, Factor, RoutingRule, Weighed, list_routing_rules, total, weigh
from stations.requests.service_request import ServiceRequest

CANDIDATES = 12
"""The number of nearest stations with all services that are compared."""

_USABLE = (ScopeStanding.VALID, ScopeStanding.UNDATED)


@dataclass(frozen=True)
class Need:
    """What is to be routed: concrete services, the firm's place (WGS-84 degrees), and its chain if given."""

    services: tuple[Service, ...]
    lon: float
    lat: float
    chain_code: str | None = None


@dataclass(frozen=True)
class RankedStation:
    """A station with its score (0 to 1) and the factors behind it.

    ``distance_m``: in metres; None if not even the station's county is known, or no more than that of both.
    """

    station: Station
    score: float
    weighed: tuple[Weighed, ...]
    distance_m: float | None

    def value(self, factor: Factor) -> float | None:
        """Return the value of a factor; None if it is unknown, and for a load of ``NOBODY``."""
        return next((one.value for one in self.weighed if one.factor is factor), None)


@dataclass(frozen=True)
class PlannedItem:
    """Who is to do one service.

    ``partner``: the station through which it is done, if the answering one does not offer it. ``institution``: None if
    no institution of the station is known to do it. ``standing``: the validity of that institution's scope. ``unsure``:
    the station's record names only the service's group.
    """

    service: Service
    partner: Station | None
    institution: Institution | None
    standing: ScopeStanding | None
    unsure: bool


@dataclass(frozen=True)
class Plan:
    """How a request would be answered.

    The station, who does each part, and the steward with the fewest open requests; None if the station has no account,
    so that an ``office`` answers. ``steward_load``: the number of that steward's open requests.
    """

    ranked: RankedStation
    items: tuple[PlannedItem, ...]
    steward: User | None
    steward_load: int
    office: AreaKind | None

    @property
    def station(self) -> Station:
        """The station that answers."""
        return self.ranked.station

    @property
    def split(self) -> bool:
        """Whether a part is done through another station."""
        return any(item.partner is not None for item in self.items)


def propose(session: Session, need: Need, *, as_of: date, samples: bool) -> list[RankedStation]:
    """Return the stations that could answer, best first.

    These are the nearest ones that offer everything; if there is none, the one of a combination that offers most. Those
    with a steward come before those without; in a tie of scores the nearer one, then by code.

    Raises:
        InvalidInput: no station offers one of the services (field ``services``).
    """
    codes = [service.code for service in need.services]
    near = nearest_stations(
        session, need.lon, need.lat, as_of=as_of, samples=samples, services=codes, k=CANDIDATES
    )
    found = [one.station for one in near]
    if not found:
        together = []
        for one, services in nearest_combination(
            session, need.lon, need.lat, as_of=as_of, samples=samples, services=codes
        ):
            if one is None:
                raise InvalidInput(
                    "services",
                    N_("No active station offers “{service}”; leave it out"),
                    service=Bilingual(services[0].name_zh, services[0].name_en),
                )
            together.append(one.station)
        found = _leads(session, together, need, as_of, samples)
    return rank(session, found, need, as_of=as_of, samples=samples)


def _leads(session: Session, stations: Sequence[Station], need: Need, as_of: date, samples: bool) -> list[Station]:
    """Return those stations of a combination that offer most and can have the rest done through others."""
    leads: dict[int, list[Station]] = {}
    for station in stations:
        missing = missing_services(station, need.services, as_of)
        try:
            _partners(session, station, missing, need, as_of, samples)
        except InvalidInput:
            continue
        leads.setdefault(len(missing), []).append(station)
    return leads[min(leads)] if leads else []


def rank(
    session: Session, stations: Sequence[Station], need: Need, *, as_of: date, samples: bool
) -> list[RankedStation]:
    """Return the stations with a steward, then those without, by score, without checking that they offer everything."""
    return rank_by(
        list_routing_rules(session),
        stations,
        need,
        as_of=as_of,
        loads=_loads(session, stations),
        behind=institutions_behind_each(session, stations, as_of, samples=samples, to_weigh=True),
    )


def rank_by(
    rules: Sequence[RoutingRule],
    stations: Sequence[Station],
    need: Need,
    *,
    as_of: date,
    loads: Mapping[int, float],
    behind: Mapping[int, Sequence[Institution]],
) -> list[RankedStation]:
    """Return the stations with a steward, then those without, by score, from known loads and institutions.

    ``loads``: the number of open requests for each steward (or ``NOBODY``), by the station's id. ``behind``: the
    institutions of each station, by its id.
    """
    ranked, metres = [], {}
    for station in stations:
        distance = metres[station.id] = _distance(station, need)
        missing = missing_services(station, need.services, as_of)
        offered = [service for service in need.services if service not in missing]
        unsure = unsure_services(station, offered, as_of)
        able = [one for one in offered if _best(behind[station.id], one, as_of, (ScopeStanding.VALID,))[0]]
        chains = {chain.code for chain in station.chains}
        weighed = weigh(
            rules,
            {
                Factor.DISTANCE: None if distance is None else distance / 1000,
                Factor.LOAD: loads[station.id],
                Factor.CHAIN: None if need.chain_code is None else float(need.chain_code in chains),
                Factor.CERTAINTY: (len(offered) - len(unsure)) / len(need.services),
                Factor.CAPABILITY: len(able) / len(need.services),
            },
        )
        told = None if station.lon is None and distance is not None and distance < SAME_POINT_M else distance
        ranked.append(RankedStation(station, total(weighed), weighed, told))
    far = float("inf")
    return sorted(
        ranked,
        key=lambda one: (
            loads[one.station.id] == NOBODY,
            -one.score,
            far if (distance := metres[one.station.id]) is None else distance,
            one.station.code,
        ),
    )


def plan(session: Session, ranked: RankedStation, need: Need, *, as_of: date, samples: bool) -> Plan:
    """Return how that station would answer.

    Services that it does not offer are planned through partner stations only if no station offers everything. Partners
    of a sample station are sample stations only.

    Raises:
        InvalidInput: it does not offer a service though another station offers everything, or nobody offers it (field
            ``station_code``).
    """
    station = ranked.station
    missing = missing_services(station, need.services, as_of)
    partners = _partners(session, station, missing, need, as_of, samples) if missing else {}
    involved = [station, *{partner.id: partner for partner in partners.values()}.values()]
    behind = institutions_behind_each(session, involved, as_of, samples=station.sample, to_weigh=True)
    items = tuple(plan_item(service, station, partners.get(service.code), behind, as_of) for service in need.services)
    steward, load = _least_loaded_steward(session, station)
    office = None if steward else office_for(session, station)
    return Plan(ranked, items, steward, load, office)


def plan_item(
    service: Service,
    station: Station,
    partner: Station | None,
    behind: Mapping[int, Sequence[Institution]],
    as_of: date,
) -> PlannedItem:
    """Return which institution of the station, or of the partner, is to do a service."""
    where = partner or station
    institution, standing = _best(behind[where.id], service, as_of, _USABLE)
    return PlannedItem(service, partner, institution, standing, bool(unsure_services(where, [service], as_of)))


def assess(session: Session, station: Station, need: Need, *, as_of: date, samples: bool) -> RankedStation:
    """Return one station's score for a need, whoever chose it."""
    return rank(session, [station], need, as_of=as_of, samples=samples)[0]


def _partners(
    session: Session, station: Station, missing: Sequence[Service], need: Need, as_of: date, samples: bool
) -> dict[str, Station]:
    """Return the partner station for each missing service, by code."""

    def refuse(service: Service) -> InvalidInput:
        return InvalidInput(
            "station_code",
            N_("“{name}” does not offer “{service}”; choose another station or leave that service out"),
            name=Bilingual(station.name, station.name_en),
            service=Bilingual(service.name_zh, service.name_en),
        )

    samples = samples and station.sample
    codes = [service.code for service in need.services]
    if len(missing) == len(codes) or nearest_stations(
        session, need.lon, need.lat, as_of=as_of, samples=samples, services=codes, k=1
    ):
        raise refuse(missing[0])
    partners: dict[str, Station] = {}
    lacking = [service.code for service in missing]
    for one, services in nearest_combination(
        session, need.lon, need.lat, as_of=as_of, samples=samples, services=lacking
    ):
        if one is None:
            raise refuse(services[0])
        partners |= {service.code: one.station for service in services}
    return partners


def _best(
    institutions: Sequence[Institution], service: Service, as_of: date, standings: Sequence[ScopeStanding]
) -> tuple[Institution | None, ScopeStanding | None]:
    """Return the institution whose scope for a service has the best of the given validities; None if none has."""
    able = []
    for institution in institutions:
        entries = scope_for(institution, [service], as_of)
        standing = entries[0].standing_on(as_of) if entries else None
        if standing in standings:
            able.append((standings.index(standing), institution.code, institution, standing))
    if not able:
        return None, None
    _place, _code, institution, standing = min(able, key=lambda one: one[:2])
    return institution, standing


def _distance(station: Station, need: Need) -> float | None:
    point = point_of(station.lon, station.lat, station.county)
    return None if point is None else great_circle_m(need.lon, need.lat, *point)


def _stewards(session: Session, codes: Sequence[str]) -> dict[str, list[User]]:
    """Return the active accounts of stations' stewards, sorted by user name, by the station's code."""
    rows = session.execute(
        select(Duty.area_code, User)
        .join(User, User.id == Duty.user_id)
        .where(Duty.role == Role.STATION, Duty.area_kind == AreaKind.STATION, Duty.area_code.in_(codes), User.active)
        .order_by(User.username)
    )
    stewards: dict[str, list[User]] = {code: [] for code in codes}
    for code, user in rows:
        stewards[code].append(user)
    return stewards


def _loads(session: Session, stations: Sequence[Station]) -> dict[int, float]:
    """Return the number of open requests for each steward, by the station's id; ``NOBODY`` without any steward."""
    stewards = _stewards(session, [station.code for station in stations])
    counts = dict(
        session.execute(
            select(ServiceRequest.station_id, func.count())
            .where(ServiceRequest.station_id.in_([station.id for station in stations]), ServiceRequest.is_open())
            .group_by(ServiceRequest.station_id)
        ).all()
    )
    return {
        station.id: counts.get(station.id, 0) / len(there) if (there := stewards[station.code]) else NOBODY
        for station in stations
    }


def _least_loaded_steward(session: Session, station: Station) -> tuple[User | None, int]:
    stewards = _stewards(session, [station.code])[station.code]
    if not stewards:
        return None, 0
    counts = dict(
        session.execute(
            select(ServiceRequest.steward_username, func.count())
            .where(
                ServiceRequest.steward_username.in_([steward.username for steward in stewards]),
                ServiceRequest.is_open(),
            )
            .group_by(ServiceRequest.steward_username)
        ).all()
    )
    chosen = min(stewards, key=lambda steward: (counts.get(steward.username, 0), steward.username))
    return chosen, counts.get(chosen.username, 0)
