"""A target month by month: counted records, straight line and forecast, as a chart and as an equivalent table."""

from __future__ import annotations

from collections.abc import Sequence

import altair
import pandas
import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.chart import draw_chart
from portal.components import notice, source
from portal.language import _, current, ngettext, pick
from portal.theme import COLOURS
from stations.answers.target_course import FORECAST_COLUMNS, forecast_cell, forecast_figures, month_columns
from stations.targets.forecast import ASSUMPTION, OUTCOME_TEXT, Forecast, Outcome
from stations.targets.new_approvals import End, NewApprovals, Range
from stations.targets.progress import BurnUpPoint
from stations.targets.target import Target


def draw_progress(target: Target, points: Sequence[BurnUpPoint], told: Forecast) -> None:
    """Draw the burn-up with its forecast, then the same as text and table."""
    if not points:
        notice(_("The period begins on {date}.", date=current().format_date(target.period_start)))
        return
    whole = points[0].straight is not None
    draw_chart(
        _chart(target, points, told), _("Counted by month: {target}", target=pick(target.name_zh, target.name_en))
    )
    source(
        _(
            "Counted: what was known by the end of each month, all of it by the one rule chosen. The pale step above "
            "adds records that may count too, but no source dates well enough."
        )
    )
    if whole:
        source(_("Straight line: an even pace from none to {required} over the period.", required=target.required))
    with st.expander(_("The same as a table"), key="burn_up_table"):
        draw_answer(
            month_columns(whole=whole),
            list(reversed(points)),
            caption=_("Counted by the end of each month, latest first"),
            drawn={
                "day": lambda point: current().format_date(point.day),
                "straight": lambda point: current().format_number(point.straight, 1),
                "ahead": lambda point: f"{point.counted - point.straight:+.1f}",
            },
            numbers=("counted", "sample_counted", "undated", "straight", "ahead"),
        )


def _chart(target: Target, points: Sequence[BurnUpPoint], told: Forecast) -> altair.LayerChart | altair.FacetChart:
    counted, may, straight, expected = (
        _("Counted"),
        _("May count too (undated)"),
        _("Straight line"),
        _("Forecast, middle"),
    )
    history = pandas.DataFrame(
        [
            {
                "day": point.day.isoformat(),
                "counted": point.counted,
                "most": point.counted + point.undated,
            }
            for point in points
        ]
    )
    line = pandas.DataFrame(
        [
            {"day": target.period_start.isoformat(), "straight": 0.0},
            {"day": target.period_end.isoformat(), "straight": float(target.required)},
        ]
    )
    shown = {counted: COLOURS["primary"], may: "#b5d6d3"}
    if points[0].straight is not None:
        shown[straight] = COLOURS["ink-soft"]
    if told.points:
        shown[expected] = "#b8501a"
    colours = altair.Scale(domain=list(shown), range=list(shown.values()))
    series = altair.Legend(
        title=None,
        orient="bottom",
        columns=2,
        labelLimit=260,
        symbolType="stroke",
        symbolOpacity=1,
        symbolStrokeWidth=3,
    )
    day = altair.X("day:T", title=None, axis=altair.Axis(format="%Y-%m", labelOverlap=True))
    tooltip = [
        altair.Tooltip("day:T", title=_("Month"), format="%Y-%m-%d"),
        altair.Tooltip("counted:Q", title=counted),
        altair.Tooltip("most:Q", title=_("Counted and undated")),
    ]

    def named(name: str) -> altair.Color:
        return altair.Color("series:N", scale=colours, legend=series, title=None)

    base = altair.Chart(history).encode(x=day, tooltip=tooltip)
    pace = (
        altair.Chart(line)
        .transform_calculate(series=f"'{straight}'")
        .mark_line(strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=day, y=altair.Y("straight:Q", title=None), color=named(straight))
    )
    layers = [
        base.transform_calculate(series=f"'{may}'")
        .mark_area(interpolate="step-after", opacity=0.55)
        .encode(altair.Y("counted:Q", title=None), altair.Y2("most:Q"), named(may)),
        *([pace] if points[0].straight is not None else []),
        base.transform_calculate(series=f"'{counted}'")
        .mark_line(interpolate="step-after", strokeWidth=3)
        .encode(altair.Y("counted:Q", title=None, axis=altair.Axis(tickMinStep=1)), named(counted)),
    ]
    if told.points:
        ahead = pandas.DataFrame(
            [
                {"day": point.day.isoformat(), **{name: getattr(point.counted, name) for name in Range.__annotations__}}
                for point in told.points
            ]
        )
        likely = altair.Chart(ahead).encode(
            x=day,
            tooltip=[
                altair.Tooltip("day:T", title=_("Month"), format="%Y-%m-%d"),
                altair.Tooltip("low:Q", title=_("At least, in 9 of 10 rounds")),
                altair.Tooltip("middle:Q", title=expected),
                altair.Tooltip("high:Q", title=_("At most, in 9 of 10 rounds")),
            ],
        )
        layers += [
            likely.mark_area(opacity=0.2, color="#b8501a").encode(altair.Y("low:Q", title=None), altair.Y2("high:Q")),
            likely.transform_calculate(series=f"'{expected}'")
            .mark_line(strokeDash=[2, 3], strokeWidth=2)
            .encode(altair.Y("middle:Q", title=None), named(expected)),
        ]
    return altair.layer(*layers).properties(height=320)


def draw_forecast(target: Target, told: Forecast, *, whole: bool) -> None:
    """Draw the forecast and its basis, or why there is none.

    ``whole``: False if the figures are limited to a part; the date of reaching the required number is then left out.
    """
    if told.outcome is not Outcome.FORECAST:
        notice(_(OUTCOME_TEXT[told.outcome]))
        return
    draw_answer(
        FORECAST_COLUMNS,
        forecast_figures(told, target.required, current(), whole=whole),
        caption=_("Told from what is known on {date}", date=current().format_date(told.as_of)),
        drawn={
            "early": lambda one: forecast_cell(one.early, current()),
            "middle": lambda one: forecast_cell(one.middle, current()),
            "late": lambda one: forecast_cell(one.late, current()),
        },
    )
    source(Markup(" ").join(_basis(told)))


def _basis(told: Forecast) -> list[str]:
    parts = []
    if told.new is None or told.new.counted is not None:
        parts.append(
            ngettext(
                "It rests on {count} record in the pipeline.",
                "It rests on {count} records in the pipeline.",
                told.waiting,
            )
        )
    if told.left_out:
        parts.append(
            ngettext(
                "{count} more is left out: its approval or plan is not dated, or nobody has told of it for five years.",
                "{count} more are left out: approval or plan not dated, or nobody has told of them for five years.",
                told.left_out,
            )
        )
    if told.new is not None and told.new.counted is None:
        pass  # no building has to end
    elif told.from_register:
        parts.append(
            _(
                "How long building takes is read off the register: {finished} finished, {unfinished} going on "
                "(Kaplan-Meier, bootstrap of 1,000 rounds, fixed seed); of these {samples} are samples.",
                finished=told.finished,
                unfinished=told.unfinished,
                samples=told.sample_spells,
            )
        )
    else:
        parts += [_(ASSUMPTION), _("Finished buildings on record: {count}.", count=told.finished)]
    if told.new is None:
        parts.append(_("New approvals are not foreseen: what is not in the pipeline yet is not in the forecast."))
    else:
        parts += _supposed(told.new)
    return parts


def _supposed(new: NewApprovals) -> list[str]:
    """Return what is supposed of new approvals, and what that rests on."""
    say = current()
    parts = [
        _(
            "Supposed: {a_year} new approvals a year, evenly spread, {approved} by {until}.",
            a_year=new.a_year,
            approved=new.approved,
            until=say.format_date(new.until),
        )
    ]
    if new.counted is None:
        return [*parts, _("By this rule each counts on the day of its approval.")]
    parts.append(
        _(
            "Of these {low} to {high} count by then, {middle} most likely.",
            low=round(new.counted.low),
            middle=round(new.counted.middle),
            high=round(new.counted.high),
        )
    )
    if new.accepted is None:
        parts.append(
            _("The register holds too few outcomes of earlier approvals: that none is withdrawn is assumed as well.")
        )
    else:
        parts.append(
            _(
                "What comes of an approval is read off the earlier ones: {accepted} accepted, {withdrawn} withdrawn, "
                "{open} open (Aalen-Johansen): {share} are accepted within the longest time on record.",
                accepted=new.came_to(End.ACCEPTED),
                withdrawn=new.came_to(End.WITHDRAWN),
                open=new.came_to(End.OPEN),
                share=say.format_percent(new.accepted, 0),
            )
        )
    return parts
