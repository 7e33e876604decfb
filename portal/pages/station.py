"""One station: place, opening hours, services, institutions, and a link for asking it. ``?code=S-3201-001``."""

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.components import Tone, facts, link, notice, page_url, phone_link, sample_tag, source, tag
from portal.language import _, current, pick, source_told
from portal.maps.county_map import Marker, county_map
from portal.maps.view import around_place
from portal.page_end import end_page
from portal.places.county_name import county_name
from portal.places.directions import direction_links
from portal.registry.dated_history import when_in_words
from portal.registry.institution_scope import draw_institutions
from portal.registry.opening_hours import hours_in_words, opening_in_words
from portal.registry.station_offers import draw_offers
from portal.registry.station_record import record_in_words
from portal.registry.unread import unread_quoted
from portal.samples import samples_url
from portal.share import draw_share
from portal.storage import domain_settings, engine
from portal.theme import MARKERS
from portal.visit import own_address, visit
from stations.answers.registers import STATUS_HISTORY_COLUMNS
from stations.database import reading
from stations.errors import NotFound
from stations.evaluation.service_record import service_records
from stations.language import label
from stations.registry.confirmation import confirmations_of
from stations.registry.institutions import institutions_behind
from stations.registry.station import Status, get_station, get_status
from stations.registry.unread_names import UNREAD_NAMES

STATUS_TONES: dict[Status, Tone] = {
    Status.ACTIVE: "good",
    Status.SUSPENDED: "warn",
    Status.CLOSED: "bad",
    Status.PLANNED: "",
}

_SHOWN_INSTEAD = {"hours", "phone", "host"}
"""The fields whose own words stand in their place where nothing else is known."""

present = visit()


def is_hidden_sample(session: Session, code: str) -> bool:
    """Whether the station is a sample, which this visitor chose not to see."""
    if present.samples or not domain_settings().samples:
        return False
    try:
        return get_station(session, code, samples=True).sample
    except NotFound:
        return False


with reading(engine()) as session:
    try:
        station = get_station(session, text_in_address("code"), samples=present.samples)
    except NotFound as error:
        st.title(_("Station"))
        told = _(error.message, **error.params) if text_in_address("code") else _("Choose a station.")
        ways = [link(page_url("find"), _("Find services"))]
        if is_hidden_sample(session, text_in_address("code")):
            told = _("This station is a sample, and sample records are left out now.")
            ways.insert(0, link(samples_url("shown", own_address()), _("Show sample records too")))
        notice(Markup("{} {}").format(told, Markup(" ").join(ways)), "warn")
        end_page()
    status = get_status(session, station, present.today)
    record = service_records(session, [station.id], as_of=present.today, samples=present.samples)[station.id]
    confirmation = confirmations_of(session, [station])[station.code]
    name = pick(station.name, station.name_en)
    origin = _("Sample data (invented)") if station.sample else source_told(station.source)
    st.html(
        Markup("<h1>{}</h1><p>{} {}</p>").format(
            name,
            tag(label(current(), status), STATUS_TONES[status]) if status else tag(_("Status not known")),
            sample_tag() if station.sample else "",
        )
    )
    if station.code != text_in_address("code"):
        notice(_("{old} was merged into {code}, which is shown.", old=text_in_address("code"), code=station.code))
    if status is not Status.ACTIVE:
        notice(_("This station is not in operation today and takes no requests."), "warn")
    else:
        ask = page_url("request", station=station.code)
        st.html(Markup('<p><a class="button" href="{}" target="_self">{}</a></p>').format(ask, _("Ask this station")))
    if station.misplaced:
        notice(_("Its coordinates lie outside the county it states; one of the two is wrong."), "warn")

    words = unread_quoted(station.unread)
    position = (station.lon, station.lat) if station.lon is not None and station.lat is not None else None
    left, right = st.columns([3, 2], gap="large")
    with left:
        where = county_name(station.county) if station.county else pick(station.city.name, station.city.name_en)
        facts(
            [
                (_("Address"), station.address),
                (
                    _("County, city or district"),
                    link(page_url("county", adcode=station.county.adcode), where)
                    if station.county
                    else _("{city}; the source does not say which county", city=where),
                ),
                (
                    _("Opening hours"),
                    Markup("{} <br>{}").format(
                        hours_in_words(station.hours),
                        opening_in_words(station.hours, present.now) if status is Status.ACTIVE else "",
                    )
                    if station.hours
                    else words.get("hours") or _("not known"),
                ),
                (
                    _("Telephone"),
                    phone_link(station.phone) if station.phone else words.get("phone") or _("not known"),
                ),
                (_("Host institution"), station.host or words.get("host") or ""),
                (_("Last twelve months"), record_in_words(record)),
                (_("Brand"), station.brand or ""),
                (
                    _("Industrial chains"),
                    Markup(" ").join(tag(pick(chain.name_zh, chain.name_en)) for chain in station.chains),
                ),
                (_("Station code"), station.code),
                (
                    _("Record confirmed on"),
                    current().format_date(confirmation.last) if confirmation.last else _("not confirmed yet"),
                ),
                (
                    _("Coordinates (WGS-84)"),
                    "{:.5f}, {:.5f}".format(*position) if position else _("not known"),
                ),
                (
                    _("Directions"),
                    direction_links(*position, name) if position else "",
                ),
                (_("Source"), origin),
                *(
                    (_(UNREAD_NAMES[field]), told)
                    for field, told in words.items()
                    if field not in _SHOWN_INSTEAD or getattr(station, field)
                ),
            ]
        )
    with right:
        if position:
            county_map(
                {},
                key=f"station_map_{station.code}",
                title=_("Where {name} is", name=name),
                asked=tuple(filter(None, (station.address, current().format_date(present.today)))),
                markers=[Marker(*position, MARKERS["station"], name, sample=station.sample)],
                highlight=station.county_adcode,
                bounds=around_place(*position),
                height=340,
            )
        else:
            notice(_("No source places it more exactly, so it is not on the map."))
        draw_share(
            page_url("station", code=station.code),
            _("Share this station: link and QR code"),
            _("QR code of the page of {name}", name=name),
        )

    st.header(_("What it offers"))
    draw_offers(session, station, present.today, ask=status is Status.ACTIVE)

    st.header(_("Who does the work"))
    behind = institutions_behind(session, station, present.today, samples=present.samples)
    if behind:
        source(_("The station is the window; these institutions do the work, each within its own scope."))
        draw_institutions(behind, present.today)
    else:
        notice(_("No source names the institutions behind this station; ask it who would do the work."))

    st.header(_("History"))
    draw_answer(
        STATUS_HISTORY_COLUMNS,
        station.history,
        caption=_("What it was, since when"),
        drawn={
            "dated": when_in_words,
            "as_of": lambda _entry: "",  # in the words of the date
            "reason": lambda entry: entry.reason or "",
            "source": lambda entry: origin if station.sample else source_told(entry.source) or origin,
        },
        beneath={"as_of": "dated"},
    )
    source(_("Dates are given as exactly as their source gives them."))
