"""The reasons for a request's routing, stored with it, so that they can be shown even after the underlying data have
changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.duty.roles import AreaKind
from stations.language import N_, LabelledEnum
from stations.registry.institutions import ScopeStanding
from stations.registry.station import Station
from stations.requests.routing import Need, Plan, RankedStation, assess, plan
from stations.requests.routing_rules import Factor, Weighed
from stations.requests.service_request import ServiceRequest

ALTERNATIVES = 2
"""The number of other compared stations that are stored."""


class Chooser(LabelledEnum):
    """Who chose the station."""

    RULES = "rules", N_("Proposed by the routing rules")
    FIRM = "firm", N_("Chosen by the firm")
    STATION = "station", N_("Handed over by another station")


@dataclass(frozen=True)
class RecordedStation:
    """A station that was compared, with its score (0 to 1) and the factors at that time."""

    code: str
    name: str
    name_en: str | None
    score: float
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True)
class RecordedItem:
    """Who was to do a service, with the names at that time. ``partner``: the station through which it is done."""

    service_code: str
    institution: str | None
    standing: ScopeStanding | None
    partner: str | None


@dataclass(frozen=True)
class RoutingRecord:
    """The reasons for a routing. ``station``: the one that answers. ``others``: the best of the rest, best first.
    ``office``: whose office answers, if the station has no steward.
    """

    as_of: date
    chooser: Chooser
    station: RecordedStation
    others: tuple[RecordedStation, ...]
    items: tuple[RecordedItem, ...]
    steward: str | None
    steward_load: int
    office: AreaKind | None = None


def record_routing(
    request: ServiceRequest,
    planned: Plan,
    compared: Sequence[RankedStation],
    as_of: date,
    chooser: Chooser | None = None,
) -> None:
    """Set a request's station, its steward and each item's institution from a plan, and store the reasons.

    ``compared``: the stations that the rules proposed, best first. ``chooser``: if None, the rules if the plan's
    station is the first of them, else the firm.
    """
    parts = {item.service.code: item for item in planned.items}
    for item in request.items:
        item.institution = parts[item.service_code].institution
        item.partner_station = parts[item.service_code].partner
    request.station = planned.station
    request.steward = planned.steward.name if planned.steward else None
    request.steward_username = planned.steward.username if planned.steward else None
    request.office = planned.office
    first = compared[0].station.code if compared else None
    others = [one for one in compared if one.station.code != planned.station.code]
    request.routing = _as_json(
        RoutingRecord(
            as_of=as_of,
            chooser=chooser or (Chooser.RULES if first == planned.station.code else Chooser.FIRM),
            station=_recorded(planned.ranked),
            others=tuple(_recorded(one) for one in others[:ALTERNATIVES]),
            items=tuple(
                RecordedItem(
                    item.service.code,
                    item.institution.name if item.institution else None,
                    item.standing,
                    item.partner.name if item.partner else None,
                )
                for item in planned.items
            ),
            steward=planned.steward.name if planned.steward else None,
            steward_load=planned.steward_load,
            office=planned.office,
        )
    )


def reroute(session: Session, request: ServiceRequest, station: Station, as_of: date) -> None:
    """Assign a request to another station that offers everything it asks for, with its own steward and institutions.

    The record says that the request was handed over.

    Raises:
        InvalidInput: the station does not offer a service (field ``station_code``).
    """
    need = Need(tuple(item.service for item in request.items), *request.place, request.chain_code)
    ranked = assess(session, station, need, as_of=as_of, samples=request.sample)
    planned = plan(session, ranked, need, as_of=as_of, samples=request.sample)
    record_routing(request, planned, [ranked], as_of, Chooser.STATION)


def read_routing(written: dict[str, Any]) -> RoutingRecord:
    """Return the record stored with a request."""

    def station(told: dict[str, Any]) -> RecordedStation:
        weighed = tuple(Weighed(**{**one, "factor": Factor(one["factor"])}) for one in told["weighed"])
        return RecordedStation(**{**told, "weighed": weighed})

    def item(told: dict[str, Any]) -> RecordedItem:
        return RecordedItem(**{**told, "standing": ScopeStanding(told["standing"]) if told["standing"] else None})

    return RoutingRecord(
        as_of=date.fromisoformat(written["as_of"]),
        chooser=Chooser(written["chooser"]),
        station=station(written["station"]),
        others=tuple(map(station, written["others"])),
        items=tuple(map(item, written["items"])),
        steward=written["steward"],
        steward_load=written["steward_load"],
        office=AreaKind(office) if (office := written.get("office")) else None,
    )


def _recorded(ranked: RankedStation) -> RecordedStation:
    station = ranked.station
    return RecordedStation(station.code, station.name, station.name_en, ranked.score, ranked.weighed)


def _as_json(record: RoutingRecord) -> dict[str, Any]:
    return {**asdict(record), "as_of": record.as_of.isoformat()}
