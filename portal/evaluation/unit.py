"""Drawing of one unit of the evaluation: how its score is calculated, its past periods; and units side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.chart import draw_chart
from portal.components import notice, sample_tag, source
from portal.evaluation.figure import figure
from portal.indicator_words import period_in_words, score_in_words, value_in_words
from portal.language import _, current, pick
from portal.markdown_text import plain
from portal.visit import visit
from stations.answers.evaluation_unit import (
    COMPARED_FIGURES,
    PART_COLUMNS,
    PAST_COLUMNS,
    ComparedFigure,
    PastPeriod,
    compared_columns,
    past_periods,
    score_parts,
)
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import Indicator
from stations.evaluation.ranking import WHY_UNRANKED, Unranked
from stations.evaluation.results import EvaluatedUnit, Evaluation
from stations.language import ListedAsWritten

MOST_COMPARED = 4
_LINES = ("#0e5a63", "#b8501a", "#6a4c93", "#5b7b1f")


def draw_unit(session: Session, told: Evaluation, unit: EvaluatedUnit) -> None:
    """Draw the score part by part, then the earlier periods."""
    st.header(plain(pick(unit.name, unit.name_en)))
    period = period_in_words(told.period)
    lead = (
        _("No score in {period}", period=period)
        if unit.score is None
        else _("Score {score} in {period}", score=score_in_words(unit.score), period=period)
    )
    st.html(Markup('<p class="lead">{} {}</p>').format(lead, sample_tag() if unit.samples else ""))
    if unit.unranked is Unranked.FEW:
        notice(_("Too few requests to be ranked: fewer than {few}.", few=told.scheme.few), "warn")
    elif unit.unranked:
        notice(_("Not ranked: {why}.", why=_(WHY_UNRANKED[unit.unranked])), "warn")
    if unit.score is not None:
        _draw_parts(told, unit)
    past = _past(session, told, unit)
    _draw_lines({pick(unit.name, unit.name_en): past})
    _draw_past(past)


def _draw_parts(told: Evaluation, unit: EvaluatedUnit) -> None:
    draw_answer(
        PART_COLUMNS,
        score_parts(unit),
        caption=_("How the score comes about"),
        drawn={
            "value": lambda one: figure(unit, one.indicator, told.level, told.period, told.scheme.few),
            "score": lambda one: current().format_number(round(one.score, 3), 3),
            "points": lambda one: current().format_number(round(one.points, 1), 1),
        },
        numbers=("value", "score", "weight", "points"),
        stacks=True,
        file=f"evaluation-{unit.code}-{told.period.text}",
    )


def draw_comparison(session: Session, told: Evaluation, units: Sequence[EvaluatedUnit]) -> None:
    """Draw up to ``MOST_COMPARED`` units side by side, and their scores over the periods."""
    draw_answer(
        compared_columns(units),
        COMPARED_FIGURES,
        caption=_("Side by side: {period}", period=told.period.text),
        drawn={unit.code: partial(_compared, told, unit) for unit in units},
        numbers=[unit.code for unit in units],
        file=f"evaluation-compared-{told.period.text}",
    )
    _draw_lines({pick(unit.name, unit.name_en): _past(session, told, unit) for unit in units})


def _compared(told: Evaluation, unit: EvaluatedUnit, row: ComparedFigure) -> str | Markup:
    if row.indicator is None:
        return score_in_words(unit.score)
    return figure(unit, row.indicator, told.level, told.period, told.scheme.few)


def _past(session: Session, told: Evaluation, unit: EvaluatedUnit) -> list[PastPeriod]:
    present = visit()
    invented = present.actor is not None and present.actor.sample
    return past_periods(
        session, told, Counted(present.samples, invented_only=invented, only=unit.code), today=present.today
    )


def _draw_lines(units: dict[str, list[PastPeriod]]) -> None:
    points = [
        {"period": one.period.text, "unit": name, "score": round(one.unit.score, 1)}
        for name, past in units.items()
        for one in past
        if one.unit.score is not None
    ]
    if not points:
        return
    names = list(units)
    chart = (
        alt.Chart(pd.DataFrame(points))
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("score:Q", title=_("Score"), scale=alt.Scale(domain=[0, 100])),
            color=alt.Color(
                "unit:N",
                title=None,
                scale=alt.Scale(domain=names, range=list(_LINES[: len(names)])),
                legend=alt.Legend(orient="top") if len(names) > 1 else None,
            ),
            tooltip=[
                alt.Tooltip("unit:N", title=_("Name")),
                alt.Tooltip("period:O", title=_("Period")),
                alt.Tooltip("score:Q", title=_("Score")),
            ],
        )
        .properties(height=280)
    )
    draw_chart(chart, _("Score by period: {units}", units=ListedAsWritten(names)))
    source(_("A period in which nothing was weighed has no point."))


def _draw_past(past: Sequence[PastPeriod]) -> None:
    with st.expander(_("The same as a table")):
        draw_answer(
            PAST_COLUMNS,
            list(reversed(past)),
            caption=_("Period by period, latest first"),
            drawn={
                "score": lambda one: score_in_words(one.unit.score),
                **{one.value: partial(_past_figure, one) for one in Indicator},
            },
            numbers=("score", *(one.value for one in Indicator)),
            file="evaluation-trend",
        )


def _past_figure(indicator: Indicator, row: PastPeriod) -> str:
    return value_in_words(indicator, row.unit.values[indicator])
