"""找服务: finding the nearest stations that offer the services a firm needs."""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import link, notice, page_url, source
from portal.finding.find_filters import draw_filters, filters_in_address
from portal.finding.found_stations import (
    FoundCard,
    draw_ask_for_all,
    draw_found_stations,
    draw_way_to_results,
    found_markers,
)
from portal.finding.opening_subscription import draw_way_to_be_told
from portal.finding.service_picker import chosen_codes, draw_service_picker
from portal.language import _, pick
from portal.maps.county_map import Marker, county_map
from portal.maps.legend import LegendEntry
from portal.maps.view import around_county, around_place
from portal.places.place_picker import PARAMETERS, FirmPlace, draw_place_picker, place_from_address, say_where
from portal.storage import engine
from portal.theme import MARKERS
from portal.visit import visit
from stations.catalogue.service import Service, get_services, list_groups
from stations.database import reading
from stations.errors import DomainError
from stations.evaluation.service_record import service_records
from stations.registry.institutions import institutions_behind_each
from stations.registry.nearest_stations import FoundStation, nearest_combination, nearest_stations

NEAREST = 6
RESULTS = "results"
FAR_M = 50_000
"""Beyond that, a nearer station that offers a part of it is told of too."""

present = visit()
st.title(_("Find services"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Choose everything you need and say where you are: the nearest station that does it all comes first.")
    )
)


def _nearer_part(session: Session, place: FirmPlace) -> tuple[FoundStation, list[Service]] | None:
    """Return the station that offers most of the services nearby, and those services; None if it is no nearer.

    For each service the nearest station is sought; of these, the one found for the most services is taken. It must be
    nearer than the first station that offers everything.
    """
    parts: dict[str, tuple[FoundStation, list[Service]]] = {}
    for service in rest:
        one = nearest_stations(session, place.lon, place.lat, k=1, **{**asked, "services": [service.code]})[0]
        parts.setdefault(one.station.code, (one, []))[1].append(service)
    one, services = min(parts.values(), key=lambda part: (-len(part[1]), part[0].distance_m))
    return (one, services) if one.distance_m < found[0].distance_m else None


with reading(engine()) as session:
    groups = list_groups(session)
    try:
        wanted = get_services(session, chosen_codes())
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        wanted = []
    try:
        place = place_from_address(session)
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        place = None

    left, right = st.columns([1, 1], gap="large")
    with left:
        st.subheader(_("1. What do you need?"))
        draw_service_picker(session, groups, wanted)
        st.subheader(_("2. Where are you?"))
        draw_place_picker(session, place)

    found: list[FoundStation] = []
    combination: list[tuple[FoundStation, Sequence[Service]]] = []
    nobody: list[Service] = []
    rest = wanted
    if place:
        asked = {
            "as_of": present.today,
            "samples": present.samples,
            "services": [one.code for one in wanted],
            **filters_in_address(session, present.now),
        }
        found = nearest_stations(session, place.lon, place.lat, k=NEAREST, **asked)
        if not found and wanted:
            parts = nearest_combination(session, place.lon, place.lat, **asked)
            nobody = [service for one, services in parts if one is None for service in services]
            rest = [service for service in wanted if service not in nobody]
            combination = [(one, services) for one, services in parts if one]
        if nobody and rest:
            asked["services"] = [service.code for service in rest]
            if found := nearest_stations(session, place.lon, place.lat, k=NEAREST, **asked):
                combination = []

    with left:
        draw_way_to_results(RESULTS, [*found, *(one for one, _services in combination)])

    with right:
        markers = found_markers([*found, *(one for one, _services in combination)])
        if place and place.exact:
            markers.append(Marker(place.lon, place.lat, MARKERS["here"], _("You are here")))
        view = None
        if place:
            view = around_county(place.county.adcode, markers) if place.county else around_place(place.lon, place.lat)
        legend = [
            LegendEntry(MARKERS["station"], _("Station")),
            *([LegendEntry(MARKERS["station"], _("Sample station"), sample=True)] if present.samples else []),
            LegendEntry(MARKERS["here"], _("Your place: click the map to set it")),
        ]
        click = county_map(
            {},
            key="find_map",
            title=_("Your place and the stations found"),
            legend=legend,
            markers=markers,
            highlight=place.county.adcode if place and place.county else None,
            bounds=view,
            height=520,
        )
        if click:
            say_where(lon=round(click.lon, 5), lat=round(click.lat, 5))
            st.rerun()

    st.subheader(_("3. Who can do it?"), anchor=RESULTS)
    filtered = draw_filters(session) if place else False
    pairs = [(one, rest) for one in found] or combination
    behind = institutions_behind_each(
        session, [one.station for one, _services in pairs], present.today, samples=present.samples
    )
    records = service_records(
        session, [one.station.id for one, _services in pairs], as_of=present.today, samples=present.samples
    )
    cards = [FoundCard(one, services, behind[one.station.id], records[one.station.id]) for one, services in pairs]
    if nobody:
        names = present.language.join(pick(service.name_zh, service.name_en) for service in nobody)
        told = (
            _("No station that fits these filters offers: {services}.", services=names)
            if filtered
            else _("No active station offers: {services}.", services=names)
        )
        if cards:
            told = _("{nobody} What follows is for the rest.", nobody=told)
        notice(told, "warn")
    if not place:
        notice(_("Say where you are, and the nearest stations appear here."))
    elif combination:
        notice(_("No station offers all of it. These do it together, each the nearest for its part:"))
    elif not cards and filtered:
        notice(_("No station fits these filters. Take one off to see more."), "warn")
    elif not cards and nobody:
        notice(
            Markup("{} {}").format(
                _("Choose another service; the catalogue tells what each is."),
                link(page_url("services"), _("Service catalogue")),
            )
        )
    elif not cards:
        notice(_("No active station is near enough to be shown."), "warn")
    elif found and len(rest) > 1 and found[0].distance_m > FAR_M and place and (part := _nearer_part(session, place)):
        one, services = part
        notice(
            _(
                "All of it is offered only farther away. Nearer by, {station} ({distance}) offers {count} of "
                "{all}: {services}.",
                station=pick(one.station.name, one.station.name_en),
                distance=present.language.format_distance(one.distance_m),
                count=len(services),
                all=len(rest),
                services=present.language.join(pick(service.name_zh, service.name_en) for service in services),
            )
        )
    if place and place.county:
        draw_way_to_be_told(session, place.county, wanted, present)
    if cards:
        here = {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}
        draw_ask_for_all(rest, here)
        draw_found_stations(cards, place=here, now=present.now)
    source(
        _(
            "Stations active on {date}. Distances are great-circle distances, not by road.",
            date=present.language.format_date(present.today),
        )
    )
