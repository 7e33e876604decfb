"""Why a request was routed as it was: written down with it, so that it can be told after everything
it rested on has changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from stations.institutions import ScopeStanding
from stations.routing import Plan, RankedStation
from stations.routing_rules import Factor, Weighed
from stations.service_request import RequestItem, ServiceRequest

ALTERNATIVES = 2
"""So many of the stations that were compared are written down beside the one that answers."""


class Chooser(StrEnum):
    """Who settled on the station."""

    RULES = "rules"
    FIRM = "firm"


@dataclass(frozen=True)
class RecordedStation:
    """A station that was compared, with its score (0 to 1) and each factor as it stood."""

    code: str
    name: str
    name_en: str | None
    score: float
    weighed: tuple[Weighed, ...]


@dataclass(frozen=True)
class RecordedItem:
    """Who was to do a service; names as they were. ``partner``: the station it is done through."""

    service_code: str
    institution: str | None
    standing: ScopeStanding | None
    partner: str | None


@dataclass(frozen=True)
class RoutingRecord:
    """``station``: the one that answers; ``others``: the best of the rest, best first."""

    as_of: date
    chooser: Chooser
    station: RecordedStation
    others: tuple[RecordedStation, ...]
    items: tuple[RecordedItem, ...]
    steward: str | None
    steward_load: int


def record_routing(request: ServiceRequest, plan: Plan, compared: list[RankedStation], as_of: date) -> None:
    """Give a request its station, steward and institutions by a plan, and write down why.

    ``compared``: the stations that the rules proposed, best first; the firm chose where the plan's
    is not the first of them. Items are made for the services that the request has none for yet.
    """
    items = {item.service_code: item for item in request.items}
    for position, planned in enumerate(plan.items):
        code = planned.service.code
        item = items.get(code) or RequestItem(position=position, service_code=code, quantity="", remarks="")
        item.institution, item.partner_station = planned.institution, planned.partner
        if code not in items:
            request.items.append(item)
    request.station = plan.station
    request.steward = plan.steward.name if plan.steward else None
    request.steward_username = plan.steward.username if plan.steward else None
    first = compared[0].station.code if compared else None
    others = [one for one in compared if one.station.code != plan.station.code]
    request.routing = _as_json(
        RoutingRecord(
            as_of=as_of,
            chooser=Chooser.RULES if first == plan.station.code else Chooser.FIRM,
            station=_recorded(plan.ranked),
            others=tuple(_recorded(one) for one in others[:ALTERNATIVES]),
            items=tuple(
                RecordedItem(
                    item.service.code,
                    item.institution.name if item.institution else None,
                    item.standing,
                    item.partner.name if item.partner else None,
                )
                for item in plan.items
            ),
            steward=plan.steward.name if plan.steward else None,
            steward_load=plan.steward_load,
        )
    )


def read_routing(written: dict[str, Any]) -> RoutingRecord:
    """The record as it was written with a request."""

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
    )


def _recorded(ranked: RankedStation) -> RecordedStation:
    station = ranked.station
    return RecordedStation(station.code, station.name, station.name_en, ranked.score, ranked.weighed)


def _as_json(record: RoutingRecord) -> dict[str, Any]:
    return {**asdict(record), "as_of": record.as_of.isoformat()}
