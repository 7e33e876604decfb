"""One county: its coverage, its stations and centres. ``?adcode=…&as_of=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.components import facts, link, notice, page_url, sample_tag, source, tag
from portal.coverage.coverage_map import element_names, elements_in_words, status_tags
from portal.language import _, pick, source_told
from portal.maps.county_map import Fill, Marker, county_map
from portal.maps.legend import LegendEntry, station_entries
from portal.maps.open_county import open_county_at
from portal.maps.view import around_county
from portal.markdown_text import plain
from portal.missing_record import end_without_record
from portal.notices.notice_settings import notice_settings
from portal.places.county_name import county_name
from portal.registry.station_name import station_name, station_url
from portal.storage import engine
from portal.theme import COVERAGE_AREAS, MARKERS
from portal.visit import visit
from stations.answers.county import county_report
from stations.answers.registers import (
    CENTRE_COLUMNS,
    COUNTY_CENTRE_COLUMNS,
    COUNTY_STATION_COLUMNS,
    COUNTY_STATION_FILE,
)
from stations.coverage.county_coverage import RULE, CoverageStatus
from stations.database import reading
from stations.errors import NotFound
from stations.language import label
from stations.places.census import urban_share
from stations.places.counties import get_county

present = visit()
language = present.language
with reading(engine()) as session:
    try:
        county = get_county(session, text_in_address("adcode"))
    except NotFound as error:
        end_without_record(_("County"), "adcode", error, link(page_url("coverage"), _("See all counties")))
    st.title(plain(county_name(county)))
    as_of = date_from_address(present.today)
    report = county_report(session, county.adcode, as_of, samples=present.samples)
    row = report.county.coverage
    elements = element_names(session)

left, right = st.columns([1, 1], gap="large")
with left:
    draw_date_input(as_of, present.today)
    people = _("not published at hand")
    if county.population is not None:
        share = urban_share(county.adcode)
        urban = _("{percent} of them in cities and towns", percent=language.format_percent(share, 1)) if share else ""
        people = Markup("{} <small>{} {} {}</small>").format(
            language.format_number(county.population),
            urban,
            source_told(county.population_source),
            source_told(county.population_note),
        )
    facts(
        [
            (_("Coverage on {date}", date=language.format_date(as_of)), status_tags(row)),
            (_("Elements offered"), elements_in_words(row.elements, elements)),
            (_("Active stations"), str(row.stations)),
            (_("Residents"), people),
            (_("Area"), _("{area} km², from the county layer", area=language.format_number(county.area_km2, 0))),
            (_("Adcode"), county.adcode),
        ]
    )
    source(_(RULE))
    href = page_url("find", adcode=county.adcode)
    st.html(
        Markup('<p><a class="button" href="{}" target="_self">{}</a></p>').format(href, _("Find services near here"))
    )
with right:
    markers = [
        Marker(
            one.station.lon,
            one.station.lat,
            MARKERS["station"],
            pick(one.station.name, one.station.name_en),
            (label(language, one.status) if one.status else _("Status not known"), one.station.address),
            sample=one.station.sample,
            href=station_url(one.station.code),
        )
        for one in report.stations
        if one.station.lon is not None and one.station.lat is not None
    ]
    click = county_map(
        {
            other.county.adcode: Fill(
                COVERAGE_AREAS[other.status],
                pick(other.county.name, other.county.name_en),
                label(language, other.status),
            )
            for other in report.coverage.counties
        },
        key="county_map",
        title=_("{county} and its neighbours", county=pick(county.name, county.name_en)),
        legend=[
            *(LegendEntry(COVERAGE_AREAS[status], label(language, status)) for status in reversed(CoverageStatus)),
            *station_entries(samples=present.samples),
        ],
        markers=markers,
        highlight=county.adcode,
        bounds=around_county(county.adcode),
        height=420,
    )
    if click:
        open_county_at(click.lon, click.lat)

st.header(_("Stations"))
if report.stations:
    draw_answer(
        COUNTY_STATION_COLUMNS,
        report.stations,
        caption=_("Stations recorded in this county, with their status on {date}", date=language.format_date(as_of)),
        drawn={
            "name": lambda one: station_name(one.station),
            "status": lambda one: tag(label(language, one.status) if one.status else _("Status not known")),
            "phone": lambda one: one.station.phone or "",
        },
        headed={"name": _("Station")},
        saved=COUNTY_STATION_FILE,
    )
else:
    notice(_("No station is recorded in this county."), "warn")
offer = _("Tell me when a service opens here") if notice_settings().offered() else _("Register what you need")
tell_me = link(page_url("subscribe", adcode=county.adcode), offer)
st.html(Markup("<p>{}</p>").format(tell_me))
if report.centres:
    st.header(_("Centres"))
    draw_answer(
        COUNTY_CENTRE_COLUMNS,
        report.centres,
        caption=_("National and provincial centres recorded in this county"),
        drawn={
            "name": lambda one: Markup("{} {}").format(
                link(page_url("centre", code=one.centre.code), pick(one.centre.name, one.centre.name_en)),
                sample_tag() if one.centre.sample else "",
            )
        },
        saved=CENTRE_COLUMNS,
    )
