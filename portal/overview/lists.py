"""The lists of the overview: its cities, counties or stations, the counties that may fall out, and the targets."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import Tone, link, page_url, source, tag
from portal.indicator_words import period_in_words, value_in_words
from portal.language import _, current, ngettext, pick
from stations.answers.overview import SHOWN, UNIT_ROW_COLUMNS, UnitRow, rows_of
from stations.coverage.through_time import Danger, EndangeredCounty
from stations.evaluation.indicators import Indicator
from stations.language import label
from stations.overview.overview import Overview
from stations.targets.rule_text import rule_text, short_rule_text

MOST = 5
"""As many of a list are shown; a link leads to the rest."""


def draw_units(found: Overview) -> None:
    """Draw the units with their requests, what is overdue, and their shares."""
    rows = rows_of(found)
    if not rows:
        return

    def opened(row: UnitRow, **query: str) -> str:
        return page_url("desk", **{found.level.value: row.unit.code}, **query)

    def value(row: UnitRow, indicator: Indicator) -> Markup | str:
        known = row.unit.values[indicator]
        told = value_in_words(indicator, known)
        return link(opened(row, figure=indicator.value, period=found.period.text), told) if known is not None else told

    draw_answer(
        UNIT_ROW_COLUMNS,
        rows,
        caption=_("{units} in {period}", units=label(current(), found.level), period=period_in_words(found.period)),
        drawn={
            "name": lambda row: pick(row.unit.name, row.unit.name_en),
            "overdue": lambda row: link(opened(row, overdue="1"), str(row.overdue)) if row.overdue else "0",
            **{one.value: partial(value, indicator=one) for one in SHOWN},
        },
        numbers=("overdue", *(one.value for one in SHOWN)),
        file="overview",
        stacks=True,
    )


def draw_endangered(found: Overview) -> None:
    """Draw the counties that may soon have no station, the soonest first."""
    if not found.endangered:
        return
    more = len(found.endangered) - MOST
    lines = Markup("").join(map(_endangered, found.endangered[:MOST]))
    rest = ngettext("and {count} more", "and {count} more", more)
    every = Markup("<p>{}</p>").format(link(page_url("coverage_history"), rest)) if more > 0 else ""
    st.html(
        Markup('<section class="overview-list"><h2>{}</h2><ul>{}</ul>{}</section>').format(
            _("Counties that may fall out"), lines, every
        )
    )


def _endangered(one: EndangeredCounty) -> Markup:
    county = one.county
    name = pick(f"{county.city.name}{county.name}", f"{county.name_en}, {county.city.name_en}")
    when = _("from {day}", day=current().format_date(one.ends_on)) if one.ends_on else _("rests on one station")
    tone: Tone = "bad" if one.danger is Danger.ENDING else "warn"
    return Markup("<li>{} {}</li>").format(link(page_url("county", adcode=county.adcode), name), tag(when, tone))


def draw_targets(found: Overview) -> None:
    """Draw how far each target has come."""
    if not found.targets:
        return
    lines = Markup("").join(
        Markup(
            '<li>{} <b>{}</b> / {} <small class="muted">{}</small> '
            '<progress value="{}" max="{}" aria-label="{}"></progress></li>'
        ).format(
            link(page_url("target", code=one.target.code), pick(one.target.name_zh, one.target.name_en)),
            one.counted,
            one.target.required,
            short_rule_text(current(), one.rule),
            min(one.counted, one.target.required),
            one.target.required,
            pick(one.target.name_zh, one.target.name_en),
        )
        for one in found.targets
    )
    drawn = Markup('<section class="overview-list"><h2>{}</h2><ul>{}</ul></section>')
    st.html(drawn.format(_("Targets of the policy"), lines))


def draw_rules(found: Overview) -> None:
    """Draw by which rule each target is counted."""
    for one in found.targets:
        name = pick(one.target.name_zh, one.target.name_en)
        source(_("{target}: {rule}", target=name, rule=rule_text(current(), one.target, one.rule)))
