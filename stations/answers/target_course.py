"""The course of a target: month by month, and what is to be expected."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from stations.answers.columns import Column, Columns, as_plain, in_words, rounded
from stations.language import N_, Language, Worded
from stations.tables.table import Cell
from stations.targets.forecast import ASSUMPTION, OUTCOME_TEXT, Forecast
from stations.targets.new_approvals import End, NewApprovals, Range
from stations.targets.progress import BurnUpPoint

DAYS_IN_MONTH = 30.4375


def _ahead(point: BurnUpPoint) -> float | None:
    return None if point.straight is None else point.counted - point.straight


def _one_decimal(value: float | None, _language: Language) -> Cell:
    return None if value is None else round(value, 1)


MONTHS: Columns[BurnUpPoint] = Columns(
    Column("day", lambda point: point.day, N_("Month")),
    Column("counted", lambda point: point.counted, N_("Counted")),
    Column("sample_counted", lambda point: point.samples, N_("Of them samples")),
    Column("undated", lambda point: point.undated, N_("May count too")),
    Column("straight", lambda point: point.straight, N_("Straight line"), show=_one_decimal, data=rounded(2)),
    Column("ahead", _ahead, N_("Ahead of it"), show=_one_decimal, data=rounded(2)),
)
"""What counted by the end of each month."""


def month_columns(*, whole: bool) -> tuple[Column[BurnUpPoint], ...]:
    """Return the columns of the months. ``whole``: False for a part, which has no required number to compare with."""
    return MONTHS.take("day", "counted", "sample_counted", "undated", *(("straight", "ahead") if whole else ()))


@dataclass(frozen=True)
class ForecastFigure:
    """A figure of the forecast: with an early, a middle and a late end."""

    what: Worded
    early: int | float | date | Worded
    middle: int | float | date | Worded
    late: int | float | date | Worded


FORECAST_FIGURES: Columns[ForecastFigure] = Columns(
    Column("what", lambda one: one.what, N_("Figure")),
    Column("early", lambda one: one.early, N_("Early end (10 of 100)")),
    Column("middle", lambda one: one.middle, N_("Middle")),
    Column("late", lambda one: one.late, N_("Late end (90 of 100)")),
)
FORECAST_COLUMNS = FORECAST_FIGURES.take("what", "early", "middle", "late")
"""The table of the forecast."""


def forecast_figures(told: Forecast, required: int, language: Language, *, whole: bool) -> list[ForecastFigure]:
    """Return the figures of a forecast that could be made.

    ``whole``: False if it is limited to a part; when the required number is reached is then left out.
    """
    last = told.points[-1]
    figures = [
        ForecastFigure(
            Worded(N_("Counted by {date}"), {"date": language.format_date(last.day)}),
            *(round(value) for value in (last.counted.high, last.counted.middle, last.counted.low)),
        )
    ]
    if whole:
        never = Worded(N_("not by the pipeline alone") if told.new is None else N_("not in that time"))
        figures.append(
            ForecastFigure(
                Worded(N_("All {required} reached"), {"required": required}), *(day or never for day in told.reached)
            )
        )
    new = told.new
    if new is not None and new.counted is not None:
        figures.append(
            ForecastFigure(
                Worded(N_("Of them newly approved, {a_year} a year"), {"a_year": new.a_year}),
                *(round(value) for value in (new.counted.high, new.counted.middle, new.counted.low)),
            )
        )
    usual = told.usual_days
    if usual is not None:
        figures.append(
            ForecastFigure(
                Worded(N_("How long building takes, in months")), *map(_months, (usual.low, usual.middle, usual.high))
            )
        )
    return figures


def _months(days: float) -> float | Worded:
    return round(days / DAYS_IN_MONTH, 1) if math.isfinite(days) else Worded(N_("longer than any on record"))


def forecast_cell(value: int | float | date | Worded, language: Language) -> Cell:
    """Return a value of a forecast's figure as pages show it: days in words."""
    return language.format_date(value) if isinstance(value, date) else in_words(value, language)


def _range(told: Range) -> list[float | None]:
    """Return low, middle and high; None for a value longer than any on record."""
    return [value if math.isfinite(value) else None for value in (told.low, told.middle, told.high)]


def forecast_data(told: Forecast, language: Language) -> dict[str, Any]:
    """Return a forecast for JSON: its outcome, what it rests on, and its points."""
    say = language.translate
    return {
        "outcome": told.outcome.value,
        "told": say(OUTCOME_TEXT[told.outcome]),
        "from_register": told.from_register,
        "assumption": "" if told.from_register or not told.usual_days else say(ASSUMPTION),
        "finished": told.finished,
        "unfinished": told.unfinished,
        "sample_spells": told.sample_spells,
        "waiting": told.waiting,
        "left_out": told.left_out,
        "usual_days": _range(told.usual_days) if told.usual_days else None,
        "points": [{"day": point.day.isoformat(), "counted": _range(point.counted)} for point in told.points],
        "reached": as_plain(told.reached),
        "chance": told.chance,
        "new_approvals": _new_data(told.new) if told.new else None,
    }


def _new_data(new: NewApprovals) -> dict[str, Any]:
    return {
        "a_year": new.a_year,
        "approved": new.approved,
        "until": new.until.isoformat(),
        "counted": _range(new.counted) if new.counted else None,
        "accepted_share": new.accepted,
        "earlier": {one.value: new.came_to(one) for one in End} if new.fates else None,
    }


def months_data(points: Iterable[BurnUpPoint]) -> list[dict[str, Any]]:
    """Return the months for JSON."""
    return [MONTHS.as_data(point) for point in points]
