"""Drawing of one unit of the evaluation: how its score is calculated, its past periods; and units side by side."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice, sample_tag, source, table
from portal.evaluation.figure import figure
from portal.indicator_words import period_in_words, score_in_words, value_in_words
from portal.language import _, current, pick
from portal.markdown_text import plain
from portal.theme import COLOURS
from portal.visit import visit
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period
from stations.evaluation.ranking import WHY_UNRANKED, Unranked
from stations.evaluation.results import EvaluatedUnit, Evaluation, trend
from stations.evaluation.weights import SCORES
from stations.language import label

PERIODS = 12
MOST_COMPARED = 4
_LINES = ("#0e5a63", "#b8501a", "#6a4c93", "#5b7b1f")


def draw_unit(session: Session, told: Evaluation, unit: EvaluatedUnit) -> None:
    """Draw the score part by part, then the earlier periods."""
    st.subheader(plain(pick(unit.name, unit.name_en)))
    st.html(
        Markup('<p class="lead">{} {}</p>').format(
            _("Score {score} in {period}", score=score_in_words(unit.score), period=period_in_words(told.period)),
            sample_tag() if unit.samples else "",
        )
    )
    if unit.unranked is Unranked.FEW:
        notice(_("Too few requests to be ranked: fewer than {few}.", few=told.scheme.few), "warn")
    elif unit.unranked:
        notice(_("Not ranked: {why}.", why=_(WHY_UNRANKED[unit.unranked])), "warn")
    whole = sum(one.weight for one in unit.weighed)
    table(
        [_("Indicator"), _("Value x"), _("Brought to 0–1"), _("s"), _("Weight w"), _("Adds to the score")],
        [
            [
                label(current(), one.indicator),
                figure(unit, one.indicator, told.level, told.period, told.scheme.few),
                SCORES[one.indicator].formula,
                current().format_number(round(one.score, 3), 3),
                str(one.weight),
                current().format_number(round(100 * one.weight * one.score / whole, 1), 1),
            ]
            for one in unit.weighed
        ],
        caption=_("How the score comes about"),
        numbers={1, 3, 4, 5},
        stacks=True,
        file=f"evaluation-{unit.code}-{told.period.text}",
    )
    past = _past(session, told, unit)
    _draw_lines({pick(unit.name, unit.name_en): past})
    _draw_past(past)


def draw_comparison(session: Session, told: Evaluation, units: Sequence[EvaluatedUnit]) -> None:
    """Draw up to ``MOST_COMPARED`` units side by side, and their scores over the periods."""
    table(
        [_("Indicator"), *(pick(unit.name, unit.name_en) for unit in units)],
        [
            [_("Score"), *(score_in_words(unit.score) for unit in units)],
            *(
                [
                    label(current(), indicator),
                    *(figure(unit, indicator, told.level, told.period, told.scheme.few) for unit in units),
                ]
                for indicator in Indicator
            ),
        ],
        caption=_("Side by side: {period}", period=told.period.text),
        numbers=set(range(1, len(units) + 1)),
        file=f"evaluation-compared-{told.period.text}",
    )
    _draw_lines({pick(unit.name, unit.name_en): _past(session, told, unit) for unit in units})


def _past(session: Session, told: Evaluation, unit: EvaluatedUnit) -> list[tuple[Period, EvaluatedUnit]]:
    present = visit()
    invented = present.actor is not None and present.actor.sample
    counted = Counted(present.samples, invented_only=invented, only=unit.code)
    past = trend(session, told.period, told.level, counted, periods=PERIODS, today=present.today)
    begun = next((place for place, (_period, one) in enumerate(past) if one.score is not None), len(past))
    return past[begun:]


def _draw_lines(units: dict[str, list[tuple[Period, EvaluatedUnit]]]) -> None:
    points = [
        {"period": period.text, "unit": name, "score": round(unit.score, 1)}
        for name, past in units.items()
        for period, unit in past
        if unit.score is not None
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
        .configure_axis(labelColor=COLOURS["ink-soft"])
    )
    st.altair_chart(chart, alt=_("Score by period: {units}", units=", ".join(names)))
    source(_("A period in which nothing was weighed has no point."))


def _draw_past(past: Sequence[tuple[Period, EvaluatedUnit]]) -> None:
    with st.expander(_("The same as a table")):
        table(
            [_("Period"), _("Score"), *(label(current(), indicator) for indicator in Indicator)],
            [
                [
                    period.text,
                    score_in_words(unit.score),
                    *(value_in_words(indicator, unit.values[indicator]) for indicator in Indicator),
                ]
                for period, unit in reversed(past)
            ],
            caption=_("Period by period, latest first"),
            numbers=set(range(1, len(Indicator) + 2)),
            file="evaluation-trend",
        )
