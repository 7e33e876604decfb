"""One unit of the evaluation in full: how its score is made up and its past periods; and several units side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, rounded
from stations.answers.evaluation import UNITS, figure_of, four_places, samples_told
from stations.answers.presentation import Presentation
from stations.errors import NotFound
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period
from stations.evaluation.results import EvaluatedUnit, Evaluation, trend
from stations.evaluation.weights import SCORES
from stations.language import N_, Bilingual, Language

PERIODS = 12


@dataclass(frozen=True)
class ScorePart:
    """What an indicator adds to a score: ``points`` of 100, its share ``score`` × ``weight`` of all weights."""

    indicator: Indicator
    value: float
    basis: int
    score: float
    weight: int
    points: float


def score_parts(unit: EvaluatedUnit) -> list[ScorePart]:
    """Return the parts of a unit's score, which add up to it; empty if it has none."""
    whole = sum(one.weight for one in unit.weighed)
    return [
        ScorePart(
            one.indicator,
            one.value,
            unit.basis[one.indicator],
            one.score,
            one.weight,
            100 * one.weight * one.score / whole,
        )
        for one in unit.weighed
    ]


PARTS: Columns[ScorePart] = Columns(
    Column("indicator", lambda one: one.indicator, N_("Indicator")),
    Column("value", lambda one: one.value, N_("Value x"), show=four_places, data=rounded(4)),
    Column("basis", lambda one: one.basis),
    Column("formula", lambda one: SCORES[one.indicator].formula, N_("Brought to 0–1")),
    Column("score", lambda one: one.score, N_("s"), show=four_places, data=rounded(4)),
    Column("weight", lambda one: one.weight, N_("Weight w")),
    Column("points", lambda one: one.points, N_("Adds to the score"), show=four_places, data=rounded(4)),
)
PART_COLUMNS = PARTS.take("indicator", "value", "formula", "score", "weight", "points")
"""The table of a score's parts."""


@dataclass(frozen=True)
class PastPeriod:
    """A unit in one period."""

    period: Period
    unit: EvaluatedUnit


def past_periods(session: Session, evaluation: Evaluation, counted: Counted, *, today: date) -> list[PastPeriod]:
    """Return the unit ``counted.only`` in the last ``PERIODS`` periods, the oldest first, from the first on in which
    something happened."""
    past = trend(session, evaluation.period, evaluation.level, counted, periods=PERIODS, today=today)
    begun = next((place for place, (_period, unit) in enumerate(past) if unit.weighed), len(past))
    return [PastPeriod(period, unit) for period, unit in past[begun:]]


PAST: Columns[PastPeriod] = Columns(
    Column("period", lambda one: one.period.text, N_("Period")),
    Column("score", lambda one: one.unit.score, N_("Score"), show=four_places, data=rounded(4)),
    *(figure_of(indicator, lambda one: one.unit) for indicator in Indicator),
    Column("indicators", lambda one: one.unit, data=UNITS["indicators"].value),
)
PAST_COLUMNS = PAST.take("period", "score", *(one.value for one in Indicator))
"""The table of a unit's periods."""


@dataclass(frozen=True)
class ComparedFigure:
    """A row of units side by side: an indicator, or the score if None."""

    indicator: Indicator | None

    def of(self, unit: EvaluatedUnit) -> float | None:
        """Return the figure of a unit."""
        return unit.score if self.indicator is None else unit.values[self.indicator]


COMPARED_FIGURES = (ComparedFigure(None), *map(ComparedFigure, Indicator))


def _figure_name(indicator: Indicator | None, language: Language) -> str:
    return language.translate(N_("Score") if indicator is None else indicator.label)


def compared_columns(units: Sequence[EvaluatedUnit]) -> list[Column[ComparedFigure]]:
    """Return the columns of units side by side: what is compared, then a column for each unit."""

    def of(unit: EvaluatedUnit) -> Column[ComparedFigure]:
        return Column(unit.code, lambda one: one.of(unit), Bilingual(unit.name, unit.name_en), show=four_places)

    return [Column("figure", lambda one: one.indicator, N_("Indicator"), show=_figure_name), *map(of, units)]


@dataclass(frozen=True)
class UnitReport:
    """A unit in the period of its evaluation, and its past periods."""

    evaluation: Evaluation
    unit: EvaluatedUnit
    past: tuple[PastPeriod, ...]


def unit_reports(
    session: Session, evaluation: Evaluation, codes: Sequence[str], counted: Counted, *, today: date
) -> list[UnitReport]:
    """Return the units with these codes in full.

    Raises:
        NotFound: the evaluation has no unit with one of the codes.
    """
    units = {unit.code: unit for unit in evaluation.units}
    missing = [code for code in codes if code not in units]
    if missing:
        raise NotFound(
            N_("“{code}” is not evaluated in {period}; the evaluation without a unit lists the codes"),
            code=missing[0],
            period=evaluation.period.text,
        )
    return [
        UnitReport(
            evaluation,
            units[code],
            tuple(
                past_periods(
                    session, evaluation, Counted(counted.samples, counted.invented_only, only=code), today=today
                )
            ),
        )
        for code in dict.fromkeys(codes)
    ]


def _report_data(report: UnitReport) -> dict[str, Any]:
    return {
        "period": report.evaluation.period.text,
        "level": report.evaluation.level.value,
        "ranked": report.evaluation.ranked,
        **UNITS.as_data(report.unit),
        "parts": [PARTS.as_data(one) for one in score_parts(report.unit)],
        "past": [PAST.as_data(one) for one in report.past],
    }


def _notes(reports: Sequence[UnitReport], language: Language) -> list[str]:
    invented = sum(report.unit.samples for report in reports)
    return [samples_told(invented, language)] if invented else []


UNIT: Presentation[UnitReport, ScorePart] = Presentation(
    data=lambda report, _language: _report_data(report),
    rows=lambda report: score_parts(report.unit),
    columns=lambda _report: PART_COLUMNS,
    notes=lambda report, language: _notes([report], language),
)
"""One unit; its table says how the score is made up."""

COMPARED: Presentation[Sequence[UnitReport], ComparedFigure] = Presentation(
    data=lambda reports, _language: [_report_data(report) for report in reports],
    rows=lambda _reports: COMPARED_FIGURES,
    columns=lambda reports: compared_columns([report.unit for report in reports]),
    notes=_notes,
)
"""Several units side by side."""
