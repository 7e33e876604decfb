"""Routing of a form: to the station that the firm chose, or to the best one by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.catalogue.service import Service
from stations.errors import InvalidInput
from stations.language import N_, Bilingual
from stations.places.counties import County
from stations.registry.station import Station
from stations.requests.request_form import RequestForm
from stations.requests.routing import Need, Plan, RankedStation, assess, plan, propose


@dataclass(frozen=True)
class RoutedForm:
    """The plan for a request, and the stations that the rules compared for it."""

    plan: Plan
    compared: list[RankedStation]


def route_form(
    session: Session,
    form: RequestForm,
    services: Sequence[Service],
    county: County,
    station: Station | None,
    today: date,
    samples: bool,
) -> RoutedForm:
    """Return the plan for a form, with ``station`` if the firm chose one.

    Raises:
        InvalidInput: nobody offers a service, the chosen station does not offer one, or a part is done through another
            station and the firm has not agreed to that.
    """
    need = need_of(form, services, county)
    try:
        compared = propose(session, need, as_of=today, samples=samples)
    except InvalidInput:
        # A station of which only the city is known is never proposed, but can be chosen.
        if station is None:
            raise
        compared = []
    if station is None:
        ranked = compared[0]
    else:
        chosen = next((one for one in compared if one.station.code == station.code), None)
        ranked = chosen or assess(session, station, need, as_of=today, samples=samples)
    routed = plan(session, ranked, need, as_of=today, samples=samples)
    if routed.split and not form.split_agreed:
        service, partner = next((item.service, item.partner) for item in routed.items if item.partner)
        raise InvalidInput(
            "split_agreed",
            N_("“{name}” has “{service}” done through “{partner}”; agree to that, or leave it out"),
            name=Bilingual(routed.station.name, routed.station.name_en),
            service=Bilingual(service.name_zh, service.name_en),
            partner=Bilingual(partner.name, partner.name_en),
        )
    return RoutedForm(routed, compared)


def need_of(form: RequestForm, services: Sequence[Service], county: County) -> Need:
    """Return what is to be routed: from the firm's place, or else from a point inside its county."""
    exact = None if form.lon is None or form.lat is None else (form.lon, form.lat)
    return Need(tuple(services), *(exact or (county.lon, county.lat)), form.chain_code or None)
