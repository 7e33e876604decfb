"""One industrial chain: who serves it in which city and county, the gaps, and its history.

``?code=…&as_of=…&by=county``
"""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.centres.chain_forms import (
    draw_change_form,
    draw_link_form,
    draw_retire_form,
    may_keep_chains,
    may_link_chains,
)
from portal.centres.chain_quality_map import draw_quality_map
from portal.centres.chain_view import draw_chain_map, draw_map_by, tier_tag
from portal.components import facts, link, notice, page_url, source
from portal.done_notice import draw_done
from portal.language import _, ngettext, pick, source_told
from portal.markdown_text import plain
from portal.missing_record import end_without_record
from portal.registry.centre_record import centre_name, place_name, stage_in_words
from portal.registry.station_name import station_name
from portal.storage import engine
from portal.visit import visit
from stations.answers.chain import (
    BY_COUNTY,
    CHAIN_CENTRE_COLUMNS,
    CHAIN_STATION_COLUMNS,
    CHAIN_STATION_FILE_COLUMNS,
    ENTRY_COLUMNS,
    OFF_THE_LIST,
    SERVED_COUNTY_COLUMNS,
    chain_report,
)
from stations.answers.registers import CENTRE_COLUMNS
from stations.catalogue.chain import get_chain
from stations.chains.chain_counties import ChainCounty
from stations.chains.chain_coverage import GAPS
from stations.database import reading
from stations.errors import NotFound

present = visit()
language = present.language


def county_name(one: ChainCounty) -> Markup:
    """Return the county's name, linked to its page."""
    return link(page_url("county", adcode=one.county.adcode), pick(one.county.name, one.county.name_en))


with reading(engine()) as session:
    try:
        chain = get_chain(session, text_in_address("code"))
    except NotFound as error:
        end_without_record(_("Industrial chain"), "code", error, link(page_url("chains"), _("See all chains")))
    st.html(Markup("<p>{}</p>").format(link(page_url("chains"), _("All chains"))))
    st.title(plain(pick(chain.name_zh, chain.name_en)))
    draw_done()
    as_of = date_from_address(present.today)
    left, right = st.columns(2)
    with left:
        draw_date_input(as_of, present.today)
    with right:
        by = draw_map_by()
    report = chain_report(session, chain.code, as_of, samples=present.samples)
    stations = report.served.served.stations
    facts(
        [
            (_("List"), tier_tag(chain.tier)),
            (
                _("Off the list since"),
                language.format_date(chain.retired_on) if chain.retired_on else "",
            ),
            (_("Source"), source_told(chain.source)),
            (_("Code of the chain"), chain.code),
        ]
    )
    if not report.listed:
        notice(_(OFF_THE_LIST), "warn")
    else:
        draw_chain_map(session, report.coverage, chain, by, key="one_chain_map")
        if gaps := report.served.gaps:
            told = ngettext(
                "{count} city without a centre or station serving it: {cities}",
                "{count} cities without a centre or station serving it: {cities}",
                len(gaps),
                cities=_(", ").join(pick(city.name, city.name_en) for city in gaps),
            )
            notice(told, "warn")
        else:
            notice(_("In every city a centre or a station serves it."), "good")
        st.header(_("Centres"))
        if centres := report.centres:
            draw_answer(
                CHAIN_CENTRE_COLUMNS,
                centres,
                caption=_("Centres that serve it, those being built last"),
                drawn={
                    "name": lambda one: centre_name(one.centre),
                    "place": lambda one: place_name(one.centre),
                    "stage": lambda one: stage_in_words(one.centre, as_of),
                },
                saved=CENTRE_COLUMNS,
            )
        else:
            notice(_("No centre serves it."), "warn")
        st.header(_("Stations"))
        if stations:
            draw_answer(
                CHAIN_STATION_COLUMNS,
                stations,
                caption=_("Active stations that serve it"),
                drawn={"name": station_name},
                saved=CHAIN_STATION_FILE_COLUMNS,
            )
        else:
            notice(_("No active station serves it."), "warn")
        st.header(_("County by county"))
        served = [one for one in report.counties if one.service not in GAPS]
        known = [one for one in served if one.service is not None]
        source(
            _(
                "Served in {served} of {counties} counties; in {open} it is not known.",
                served=len(known),
                counties=len(report.counties),
                open=len(served) - len(known),
            )
        )
        with st.expander(_("Show all {count} counties", count=len(report.counties)), key="chain_counties"):
            draw_answer(
                SERVED_COUNTY_COLUMNS[1:],
                report.counties,
                caption=_("Who serves it in each county"),
                drawn={"county": county_name},
                numbers=("samples",),
                saved=SERVED_COUNTY_COLUMNS,
                notes=[_(BY_COUNTY)],
                stacks=True,
            )
    draw_quality_map(session, chain)
    if report.entries:
        st.header(_("History of the entry"))
        draw_answer(ENTRY_COLUMNS, report.entries, caption=_("Changes of the entry, latest first"))
    if may_link_chains(present):
        with st.expander(_("Note who serves it"), key="link_chain_expander"):
            draw_link_form(chain, present)
    if may_keep_chains(present):
        with st.expander(_("Rename it or put it on another list"), key="change_chain_expander"):
            draw_change_form(chain, present)
        with st.expander(
            _("Take it off the list") if chain.listed_on(present.today) else _("Put it back on the list"),
            key="retire_chain_expander",
        ):
            draw_retire_form(chain, present)
