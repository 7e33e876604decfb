"""Tables of the counties and chains without a centre within reach, certainly or possibly."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, source
from portal.language import _, current, ngettext, pick
from portal.registry.centre_record import centre_name
from stations.answers.centre_reach import CHAIN_COLUMNS, COUNTY_COLUMNS, least_reached_first
from stations.catalogue.chain import IndustrialChain
from stations.planning.centre_reach import CentreReach, CountyReach, Reach


def draw_reach(reach: CentreReach, chains: Sequence[IndustrialChain], within_km: int, *, stages_chosen: bool) -> None:
    """Draw both tables for the centres of ``reach``."""
    st.header(_("Without a centre within reach"))
    told = (
        _("Counted here are the {count} centres chosen above.", count=len(reach.centres))
        if stages_chosen
        else _(
            "Counted here are the {count} chosen centres that are known accepted by the date; choose stages to "
            "count others.",
            count=len(reach.centres),
        )
    )
    source(
        Markup("{} {}").format(
            told,
            _(
                "Great-circle distance from a point inside each county. A centre known to its county stands at the "
                "point inside it; one known to its city only may stand in any county of that city: a county that "
                "only such a centre may reach is told apart as “perhaps”."
            ),
        )
    )
    if not reach.centres:
        notice(_("No centre to measure from: the choices leave none."), "warn")
        return
    rows = reach.of_counties(within_km)
    _draw_counties([row for row in rows if row.reach is Reach.NO], within_km, Reach.NO)
    _draw_counties([row for row in rows if row.reach is Reach.PERHAPS], within_km, Reach.PERHAPS)
    _draw_chains(reach, chains, within_km)


def _draw_counties(rows: Sequence[CountyReach], within_km: int, kind: Reach) -> None:
    if not rows:
        if kind is Reach.NO:
            notice(_("Every county has a centre within {km} km, surely or perhaps.", km=within_km), "good")
        return
    title = (
        ngettext(
            "{count} county has no centre within {km} km",
            "{count} counties have no centre within {km} km",
            len(rows),
            km=within_km,
        )
        if kind is Reach.NO
        else ngettext(
            "{count} county perhaps has one: a centre known to its city only may be within {km} km",
            "{count} counties perhaps have one: a centre known to its city only may be within {km} km",
            len(rows),
            km=within_km,
        )
    )
    with st.expander(title, key=f"reach_{kind}"):
        draw_answer(
            COUNTY_COLUMNS,
            rows,
            caption=title,
            drawn={
                "county": lambda row: link(
                    page_url("county", adcode=row.county.adcode), pick(row.county.name, row.county.name_en)
                ),
                "nearest": lambda row: centre_name(row.nearest) if row.nearest else _("none"),
                "nearest_m": lambda row: current().format_distance(row.nearest_m) if row.nearest_m is not None else "",
            },
            numbers=("nearest_m",),
        )


def _draw_chains(reach: CentreReach, chains: Sequence[IndustrialChain], within_km: int) -> None:
    rows = least_reached_first(reach.of_chains(chains, within_km))
    without = sum(not row.centres for row in rows)
    title = ngettext(
        "{count} industrial chain has no centre at all",
        "{count} industrial chains have no centre at all",
        without,
    )
    with st.expander(title, key="reach_chains"):
        draw_answer(
            CHAIN_COLUMNS,
            rows,
            caption=_("Counties with a centre serving the chain within {km} km", km=within_km),
            drawn={
                "chain": lambda row: link(
                    page_url("chain", code=row.chain.code), pick(row.chain.name_zh, row.chain.name_en)
                )
            },
            numbers=("centres", *(one.value for one in Reach)),
        )
