"""找服务: finding the nearest stations that offer the services a firm needs."""

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, source
from portal.finding.find_filters import draw_filters, filters_in_address
from portal.finding.found_stations import (
    FoundCard,
    draw_ask_for_all,
    draw_found_stations,
    draw_way_to_results,
    found_markers,
)
from portal.finding.offer_list import (
    POOL,
    draw_comparison,
    draw_more,
    draw_order,
    number_shown,
    order_in_address,
)
from portal.finding.opening_subscription import draw_way_to_be_told
from portal.finding.service_picker import chosen_codes, draw_service_picker
from portal.language import _, pick
from portal.maps.county_map import Marker, county_map
from portal.maps.legend import LegendEntry, station_entries
from portal.maps.view import around_county, around_place
from portal.places.place_picker import PARAMETERS, draw_place_picker, place_from_address, place_in_words, say_where
from portal.storage import engine
from portal.theme import MARKERS
from portal.visit import visit
from stations.answers.offer_order import OfferOrder, in_order
from stations.answers.places import OFF_ROAD, nobody_in_words, offers_in_words
from stations.catalogue.service import get_services, list_groups
from stations.database import reading
from stations.errors import DomainError
from stations.evaluation.service_record import service_records
from stations.planning.nearest_by_road import by_road, on_roads, road_seconds
from stations.planning.road_data import road_facts
from stations.planning.road_travel import road_travel
from stations.registry.institutions import institutions_behind_each
from stations.registry.who_offers import WhoOffers, share_out, who_offers

RESULTS = "results"

present = visit()
st.title(_("Find services"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Choose everything you need and say where you are: the nearest station that does it all comes first.")
    )
)


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
        st.header(_("1. What do you need?"))
        draw_service_picker(session, groups, wanted)
        st.header(_("2. Where are you?"))
        draw_place_picker(session, place)

    who = WhoOffers(tuple(wanted), ())
    order = order_in_address(by_road=place is not None and road_facts() is not None)
    if place:
        who = who_offers(
            session,
            place.lon,
            place.lat,
            as_of=present.today,
            samples=present.samples,
            services=[one.code for one in wanted],
            **filters_in_address(session, present.now),
            by_time=by_road(place.lon, place.lat) if order is OfferOrder.ROAD else None,
            k=POOL,
        )
    everywhere = [one.found for one in who.offers]
    records = service_records(
        session, [one.station.id for one in everywhere], as_of=present.today, samples=present.samples
    )
    seconds = road_seconds(place.lon, place.lat, everywhere) if place else None
    shown = in_order(who.offers, order, records, seconds or {})[: number_shown()]
    stations = [one.found for one in shown]

    with left:
        draw_way_to_results(RESULTS, everywhere)

    with right:
        markers = found_markers(stations)
        if place and place.exact:
            markers.append(Marker(place.lon, place.lat, MARKERS["here"], _("You are here")))
        view = None
        if place:
            view = around_county(place.county.adcode, markers) if place.county else around_place(place.lon, place.lat)
        legend = [
            *station_entries(samples=present.samples),
            LegendEntry(MARKERS["here"], _("Your place: click the map to set it")),
        ]
        click = county_map(
            {},
            key="find_map",
            title=_("Your place and the stations found"),
            asked=[
                present.language.format_date(present.today),
                *([present.language.join([pick(one.name_zh, one.name_en) for one in wanted])] if wanted else []),
                *([place_in_words(place)] if place else []),
            ],
            legend=legend,
            markers=markers,
            highlight=place.county.adcode if place and place.county else None,
            bounds=view,
            height=520,
            beyond=True,  # a firm across the border may ask too
        )
        if click:
            say_where(lon=round(click.lon, 5), lat=round(click.lat, 5))
            st.rerun()

    st.header(_("3. Who can do it?"), anchor=RESULTS)
    filtered = draw_filters(session) if place else False
    if len(everywhere) > 1:
        draw_order(by_road=seconds is not None)
    behind = institutions_behind_each(
        session, [one.station for one in stations], present.today, samples=present.samples
    )
    cards = [
        FoundCard(
            one.found,
            one.services,
            behind[one.found.station.id],
            records[one.found.station.id],
            None if seconds is None else seconds[one.found.station.code],
        )
        for one in shown
    ]
    if told := nobody_in_words(who, present.language, filtered=filtered):
        notice(told, "warn")
    if told := offers_in_words(who, present.language):
        notice(told)
    if not place:
        notice(_("Say where you are, and the nearest stations appear here."))
    elif not cards and filtered:
        notice(_("No station fits these filters. Take one off to see more."), "warn")
    elif not cards and who.nobody:
        notice(
            Markup("{} {}").format(
                _("Choose another service; the catalogue tells what each is."),
                link(page_url("services"), _("Service catalogue")),
            )
        )
    elif not cards:
        notice(_("No active station is near enough to be shown."), "warn")
    if place and place.county:
        draw_way_to_be_told(session, place.county, wanted, present)
    if cards:
        here = {name: st.query_params[name] for name in PARAMETERS if name in st.query_params}
        shares = (
            share_out(session, who, place.lon, place.lat, as_of=present.today, samples=present.samples) if place else ()
        )
        draw_ask_for_all(who.offered, here, shares)
        draw_comparison(cards, present.now)
        draw_found_stations(cards, place=here, now=present.now)
        draw_more(len(cards), len(everywhere))
    if place and seconds is not None:
        if not on_roads(place.lon, place.lat):
            notice(_(OFF_ROAD), "warn")
        if (travel := road_travel()) is not None:
            source(_(travel.about.message, **travel.about.params))
    source(
        _(
            "Stations active on {date}. Distances are great-circle distances, not by road.",
            date=present.language.format_date(present.today),
        )
    )
