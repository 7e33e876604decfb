"""Whom each new station serves, place by place: drawn when it is asked for, since it may be long."""

from __future__ import annotations

import streamlit as st

from portal.answer_table import draw_answer
from portal.components import notice
from portal.language import _, current
from stations.answers.siting import load_columns
from stations.answers.siting_service import served_columns, served_rows
from stations.planning.station_siting import SitingAnswer

MOST_DRAWN = 200
"""Rows drawn on the page; the file has all."""


def draw_capacity(answer: SitingAnswer) -> None:
    """Draw how much is served within the capacities, and the load of every station."""
    if answer.detail is None or not answer.question.has_capacities:
        return
    say, per = current(), answer.question.requests_per_10000 / 10_000
    loads = answer.detail.loads
    every = sum(one.weight for one in answer.demand) * per
    notice(
        _(
            "Within their capacity the stations handle {handled} of {every} requests a year: {share}.",
            handled=say.format_number(round(sum(loads.values()))),
            every=say.format_number(round(every)),
            share=say.format_percent(sum(loads.values()) / every, 1),
        )
    )
    with st.expander(_("Load of each station"), key="siting_loads"):
        draw_answer(
            load_columns(answer),
            sorted((one for one in answer.candidates if one.id in loads), key=lambda one: -loads[one.id]),
            caption=_("Requests a year, the most first"),
            numbers=("load",),
            file="siting-loads",
        )


def draw_served(answer: SitingAnswer) -> None:
    """Draw whom each new station serves, if the visitor wants to see it."""
    title = _("Show place by place whom each new station serves")
    if answer.detail is None or not st.toggle(title, key="siting_served"):
        return
    rows, say = served_rows(answer), current()
    caption = _("Whom each new station serves, the largest demand first")
    if len(rows) > MOST_DRAWN:
        caption += _(
            " – the first {shown} of {count}; the files have all",
            shown=say.format_number(MOST_DRAWN),
            count=say.format_number(len(rows)),
        )
    draw_answer(
        served_columns(answer),
        rows[:MOST_DRAWN],
        caption=caption,
        drawn={"weight": lambda row: say.format_number(round(row.place.weight))},
        beneath={"county": "place"},
        numbers=("number", "weight", "way"),
        stacks=True,
        saved_rows=rows,
        file="siting-served",
    )
