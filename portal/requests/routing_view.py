"""Why a request was routed as it was: as text for the firm, by factor at the desk."""

from __future__ import annotations

import streamlit as st

from portal.components import facts
from portal.language import _, current, ngettext, pick
from portal.requests.routing_factors import draw_factors, value_in_words
from portal.requests.station_contact import office_in_words
from stations.answers.compared_stations import ComparedStation
from stations.language import Bilingual, label
from stations.registry.station import Station
from stations.requests.routing_record import Chooser, RecordedStation, RoutingRecord, read_routing
from stations.requests.routing_rules import Factor
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.shown_request import ShownItem, ShownRequest


def routing_in_words(request: ServiceRequest) -> list[str]:
    """Return one sentence each: the station and why, the steward, and who performs each service."""
    if request.routing is None:
        return []
    record = read_routing(request.routing)
    told = [_station_in_words(record)]
    if record.steward:
        told.append(_("Quality steward: {name}, who has the fewest open requests there.", name=record.steward))
    elif record.office:
        told.append(office_in_words(request.station, record.office))
    return [*told, *(_item_in_words(item) for item in request.items)]


def performer_in_words(item: RequestItem | ShownItem) -> str:
    """Return who performed a service, or who is proposed to."""
    planned = pick(item.institution.name, item.institution.name_en) if item.institution else ""
    if item.performer:
        return planned if item.institution and item.performer == item.institution.name else item.performer
    if item.partner_station:
        through = _("through {station}", station=pick(item.partner_station.name, item.partner_station.name_en))
        planned = f"{planned} ({through})" if planned else through
    return _("{institution}, proposed", institution=planned) if planned else ""


def draw_routing(request: ShownRequest) -> None:
    """Draw the routing in full, for the people of a station."""
    record = request.routing
    if record is None:
        return
    with st.expander(_("Why it was routed so")):
        facts(
            [
                (_("Routed"), f"{current().format_date(record.as_of)} · {label(current(), record.chooser)}"),
                (_("Quality steward"), _steward(request.station, record)),
                *(
                    (
                        pick(item.service.name_zh, item.service.name_en),
                        performer_in_words(item) or _("arranged by the steward"),
                    )
                    for item in request.items
                ),
            ]
        )
        compared = [
            ComparedStation(Bilingual(one.name, one.name_en), one.score, one.weighed)
            for one in (record.station, *record.others)
        ]
        draw_factors(compared)


def _steward(station: Station, record: RoutingRecord) -> str:
    if record.steward is None:
        return office_in_words(station, record.office) or _("none had an account at the station")
    load = ngettext("{count} open request then", "{count} open requests then", record.steward_load)
    return f"{record.steward} · {load}"


def _name(station: RecordedStation) -> str:
    return pick(station.name, station.name_en)


def _station_in_words(record: RoutingRecord) -> str:
    values = {one.factor: value_in_words(one) for one in record.station.weighed}
    name = _name(record.station)
    if record.chooser is Chooser.STATION:
        return _("{station}: another station handed the request over to it.", station=name)
    if record.chooser is Chooser.FIRM:
        return _("{station}: you chose it yourself.", station=name)
    if Factor.DISTANCE in values:
        far = values[Factor.DISTANCE]
        return _("{station}: near you ({distance}), and it does what you ask.", station=name, distance=far)
    return _("{station}: it does what you ask.", station=name)


def _item_in_words(item: RequestItem) -> str:
    service = pick(item.service.name_zh, item.service.name_en)
    planned = performer_in_words(item)
    if not planned:
        return _("{service}: the steward arranges who does it.", service=service)
    return _("{service}: {performer}.", service=service, performer=planned)
