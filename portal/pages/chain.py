"""One industrial chain: who serves it in which city, the gaps, and its history. ``?code=…&as_of=…``."""

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.as_of_date import date_from_address, draw_date_input
from portal.centres.chain_forms import (
    draw_change_form,
    draw_link_form,
    draw_retire_form,
    may_keep_chains,
    may_link_chains,
)
from portal.centres.chain_quality_map import draw_quality_map
from portal.centres.chain_view import draw_chain_map, tier_tag
from portal.components import facts, link, notice, page_url, table
from portal.done_notice import draw_done
from portal.language import _, ngettext, pick, source_told
from portal.markdown_text import plain
from portal.missing_record import end_without_record
from portal.registry.centre_record import centre_name, place_name, stage_in_words
from portal.registry.station_name import station_name
from portal.storage import engine
from portal.visit import visit
from stations.audit.log import entries_about
from stations.catalogue.chain import get_chain
from stations.chains.chain_coverage import chain_coverage
from stations.chains.chain_keeping import change_in_words
from stations.database import reading
from stations.errors import NotFound

present = visit()
language = present.language
with reading(engine()) as session:
    try:
        chain = get_chain(session, text_in_address("code"))
    except NotFound as error:
        end_without_record(_("Industrial chain"), "code", error, link(page_url("chains"), _("See all chains")))
    st.html(Markup("<p>{}</p>").format(link(page_url("chains"), _("All chains"))))
    st.title(plain(pick(chain.name_zh, chain.name_en)))
    draw_done()
    as_of = date_from_address(present.today)
    draw_date_input(as_of, present.today)
    coverage = chain_coverage(session, as_of, samples=present.samples)
    cell = coverage.of_chain(chain.code)
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
    if not chain.listed_on(as_of):
        notice(_("This chain is not on the list on the date shown."), "warn")
    else:
        draw_chain_map(session, coverage, chain, key="one_chain_map")
        gaps = coverage.gaps_of_chain(chain.code)
        if gaps:
            told = ngettext(
                "{count} city without a centre or station serving it: {cities}",
                "{count} cities without a centre or station serving it: {cities}",
                len(gaps),
                cities=_(", ").join(pick(city.name, city.name_en) for city in gaps),
            )
            notice(told, "warn")
        else:
            notice(_("In every city a centre or a station serves it."), "good")
        st.subheader(_("Centres"))
        centres = [*cell.centres, *cell.building]
        if centres:
            table(
                [_("Centre"), _("Place"), _("Stage known last")],
                [[centre_name(one), place_name(one), stage_in_words(one, as_of)] for one in centres],
                caption=_("Centres that serve it, those being built last"),
            )
        else:
            notice(_("No centre serves it."), "warn")
        st.subheader(_("Stations"))
        if cell.stations:
            table(
                [_("Station"), _("City")],
                [[station_name(one), pick(one.city.name, one.city.name_en)] for one in cell.stations],
                caption=_("Active stations that serve it"),
            )
        else:
            notice(_("No active station serves it."), "warn")
    draw_quality_map(session, chain)
    entries = entries_about(session, "chain", chain.code)
    if entries:
        st.subheader(_("History of the entry"))
        table(
            [_("When"), _("Who"), _("What"), _("Reason")],
            [
                [
                    language.format_datetime(entry.at),
                    entry.actor,
                    change_in_words(language, entry),
                    entry.detail.get("reason", ""),
                ]
                for entry in reversed(entries)
            ],
            caption=_("Changes of the entry, latest first"),
        )
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
