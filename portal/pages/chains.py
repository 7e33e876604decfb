"""看产业链: the policy's industrial chains, how many are on file, who serves each, and the gaps.

``?as_of=…&chain=nano_materials&by=county`` (the chain that the map shows, and what it shades alike).
"""

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import draw_choice_of_one
from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.centres.chain_forms import draw_add_form, may_keep_chains
from portal.centres.chain_view import (
    chain_link,
    draw_chain_map,
    draw_lists,
    draw_map_by,
    draw_matrix,
    samples_mark,
    tier_tag,
)
from portal.components import notice, source
from portal.done_notice import draw_done
from portal.language import _, ngettext, pick
from portal.storage import engine
from portal.table_downloads import draw_downloads
from portal.visit import visit
from stations.answers.chains import CHAIN_COLUMNS, RETIRED_COLUMNS, city_columns, served_chains
from stations.answers.presentation import saved_table
from stations.answers.published_facts import CLUSTER_COLUMNS
from stations.chains.chain_coverage import ChainCoverage, chain_coverage
from stations.database import reading
from stations.province import policy, province_name
from stations.published_facts import manufacturing_clusters

present = visit()
language = present.language
st.title(_("Chains"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("The chains the policy lists, the centres and stations that serve each, and where nobody does.")
        if (rests_on := policy())
        else _("Industrial chains, the centres and stations that serve each, and where nobody does.")
    )
)
if rests_on:
    st.html(
        Markup('<blockquote lang="zh-CN" class="policy">{}<cite lang="zh-CN">{} {}</cite></blockquote>').format(
            rests_on.chains.quote, rests_on.source, rests_on.chains.clause
        )
    )
else:
    notice(
        _(
            "No policy with lists of chains is on file for {province}; on record are the chains that the "
            "province itself has added, if any.",
            province=province_name(),
        )
    )
draw_done()
as_of = date_from_address(present.today)


def draw_chains(session: Session, coverage: ChainCoverage) -> None:
    """Draw the map of gaps, the matrix of chains and cities, and the table of chains."""
    left, right, last = st.columns([1, 2, 1])
    with left:
        draw_date_input(as_of, present.today)
    with right:
        names = {chain.code: pick(chain.name_zh, chain.name_en) for chain in coverage.chains}
        chosen = draw_choice_of_one("chain", _("On the map: one chain, or the gaps of all"), names)
    with last:
        by = draw_map_by()
    chain = next((one for one in coverage.chains if one.code == chosen), None)
    draw_chain_map(session, coverage, chain, by, key="chain_map")
    source(
        _(
            "Which chains a centre or station serves carries no date; "
            "what is on record now is taken for the date shown."
        )
    )
    st.header(_("Chains and cities"))
    source(_("● centres accepted, ◐ centres approved or being built, ○ active stations, each with how many; – nobody."))
    draw_matrix(coverage)
    served = served_chains(coverage)
    on_day = language.format_date(as_of)
    matrix = city_columns(coverage.cities)
    draw_downloads(saved_table(matrix, served, language, title=_("Chains and cities"), notes=[on_day]))
    st.header(_("Every chain"))
    draw_answer(
        CHAIN_COLUMNS[1:],
        served,
        caption=ngettext(
            "{count} chain on the list on {date}",
            "{count} chains on the list on {date}",
            len(coverage.chains),
            date=on_day,
        ),
        drawn={
            "named": lambda one: chain_link(one.chain),
            "tier": lambda one: tier_tag(one.chain.tier),
            "samples": lambda one: samples_mark(one.served),
        },
        numbers=("cities_without",),
        saved=CHAIN_COLUMNS,
        stacks=True,
    )


with reading(engine()) as session:
    coverage = chain_coverage(session, as_of, samples=present.samples)
    if rests_on:
        draw_lists(coverage)
        source(
            _(
                "The policy gives the numbers of the lists, not the lists. On file are the chains that the policy, a "
                "published list or the name of a documented centre speaks of; the list of a chain is told where a "
                "source names it."
            )
        )
    if coverage.chains:
        draw_chains(session, coverage)
    if coverage.retired:
        draw_answer(
            RETIRED_COLUMNS,
            coverage.retired,
            caption=_("Chains taken off the list"),
            drawn={"named": chain_link, "retired_on": lambda one: language.format_date(one.retired_on)},
        )
    clusters = manufacturing_clusters()
    if clusters:
        st.header(_("Manufacturing clusters"))
        source(_("Clusters that published lists name; chains and clusters are two lists of their own."))
        draw_answer(
            CLUSTER_COLUMNS,
            clusters,
            caption=_("Clusters by list"),
            beneath={"list": "name", "source": "name"},
            small=("list", "source"),
        )
    if may_keep_chains(present):
        with st.expander(_("Put another chain on the list"), key="add_chain_expander"):
            draw_add_form(present)
