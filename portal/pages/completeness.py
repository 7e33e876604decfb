"""How complete the registers are: what is held, what is known to exist, what others publish. ``?as_of=…``."""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.as_of_date import date_from_address, draw_date_input
from portal.components import link, page_url, source
from portal.language import _
from portal.storage import engine
from portal.visit import visit
from stations.answers.completeness import CITY_SCORE_COLUMNS, HOLDING_COLUMNS, PUBLISHED_COLUMNS, published_totals
from stations.completeness import completeness, scores_by_city
from stations.database import reading
from stations.registry.record_score import PARTS

present = visit()
language = present.language
st.title(_("How complete"))
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("What each register holds, of what is known to exist, and what is missing.")
    )
)
as_of = date_from_address(present.today)
draw_date_input(as_of, present.today)
with reading(engine()) as session:
    holdings = completeness(session, as_of, samples=present.samples)
    scores = scores_by_city(session, as_of, samples=present.samples)
draw_answer(
    HOLDING_COLUMNS,
    holdings,
    caption=_("Held on {date}", date=language.format_date(as_of)),
    numbers=("documented", "samples", "known"),
    stacks=True,
)
st.header(_("How complete the records of stations are"))
rule = _(", ").join(f"{_(part.label)} {part.points}" for part in PARTS)
source(_("Points of 100 for what a record has: {rule}. A city has the mean of its active stations.", rule=rule))
draw_answer(
    CITY_SCORE_COLUMNS,
    scores,
    caption=_("By city, the most complete first"),
    numbers=("stations", "samples", "score"),
    stacks=True,
)
published = published_totals(holdings)
if published:
    st.header(_("What others publish"))
    source(_("Numbers of authorities and newspapers, beside our own counts and never added to them."))
    draw_answer(
        PUBLISHED_COLUMNS,
        published,
        caption=_("Published numbers"),
        drawn={"quote": lambda one: Markup('<span lang="zh-CN">{}</span>').format(one.total.quote)},
        beneath={"quote": "what", "source": "what", "register": "area"},
        small=("source", "register"),
        stacks=True,
    )
st.html(Markup("<p>{}</p>").format(link(page_url("about"), _("About, rules and sources"))))
