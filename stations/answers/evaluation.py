"""How well stations, counties or cities served in a period, ranked by a score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.answers.columns import Column, Columns, Row, rounded
from stations.answers.presentation import Presentation
from stations.evaluation.indicators import INDICATORS, Indicator, UnitLevel
from stations.evaluation.ranking import WHY_UNRANKED
from stations.evaluation.results import EvaluatedUnit, Evaluation
from stations.evaluation.weights import SCORES
from stations.language import N_, Bilingual, Language
from stations.tables.table import Cell


def four_places(value: float | None, _language: Language) -> Cell:
    """Return a figure as tables and files show it."""
    return None if value is None else round(value, 4)


def figure_of(one: Indicator, unit: Callable[[Row], EvaluatedUnit]) -> Column[Row]:
    """Return the column of an indicator. ``unit``: returns the unit of a row."""
    return Column(one.value, lambda row: unit(row).values[one], one.label, show=four_places, in_data=False)


UNITS: Columns[EvaluatedUnit] = Columns(
    Column("rank", lambda unit: unit.rank, N_("Rank")),
    Column(
        "why_unranked",
        lambda unit: unit.unranked,
        N_("Why not ranked"),
        show=lambda why, language: language.translate(WHY_UNRANKED[why]) if why else None,
        in_data=False,
    ),
    Column("unranked", lambda unit: unit.unranked),
    Column("code", lambda unit: unit.code, N_("Reference code")),
    Column("name", lambda unit: Bilingual(unit.name, unit.name_en), N_("Name")),
    Column("score", lambda unit: unit.score, N_("Score"), show=four_places, data=rounded(4)),
    Column("few", lambda unit: unit.few, N_("Few")),
    Column("holds_samples", lambda unit: unit.samples),
    *(figure_of(one, lambda unit: unit) for one in Indicator),
    Column(
        "indicators",
        lambda unit: {
            one.value: {"value": rounded(4)(unit.values[one]), "basis": unit.basis[one]} for one in Indicator
        },
    ),
)


def indicators_of(evaluation: Evaluation) -> list[Indicator]:
    """Return the indicators that can be computed: firms reached per 1,000 needs the number of firms, and answers to
    urgings need one in the period.
    """
    counted = evaluation.firms_figure is not None and evaluation.level is not UnitLevel.STATION
    urged = any(unit.basis[Indicator.URGED_LATE] for unit in evaluation.units)
    without = {Indicator.FIRMS_PER_1000: not counted, Indicator.URGED_LATE: not urged}
    return [one for one in Indicator if not without.get(one)]


def unit_columns(evaluation: Evaluation) -> tuple[Column[EvaluatedUnit], ...]:
    """Return the columns of the units: rank, name, score and the indicators that can be computed."""
    return UNITS.take(
        "rank", "why_unranked", "code", "name", "score", "few", *(one.value for one in indicators_of(evaluation))
    )


def _data(evaluation: Evaluation, language: Language) -> dict[str, Any]:
    period, scheme = evaluation.period, evaluation.scheme
    return {
        "period": period.text,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "level": evaluation.level.value,
        "weights": {
            one.value: {"weight": scheme.weight(one), "formula": SCORES[one].formula}
            for one in SCORES
            if scheme.weight(one)
        },
        "weights_in_force_from": scheme.in_force_from.isoformat(),
        "meanings": {one.value: language.translate(INDICATORS[one]) for one in Indicator},
        "few": scheme.few,
        "firms_figure": evaluation.firms_figure.code if evaluation.firms_figure else None,
        "ranked": evaluation.ranked,
        "units": [UNITS.as_data(unit) for unit in evaluation.units],
    }


def _notes(evaluation: Evaluation, language: Language) -> list[str]:
    invented = sum(unit.samples for unit in evaluation.units)
    return [samples_told(invented, language)] if invented else []


def samples_told(count: int, language: Language) -> str:
    """Return how many units' figures hold sample records."""
    return language.ngettext(
        "Figures of {count} unit hold invented sample records; --no-sample leaves them out",
        "Figures of {count} units hold invented sample records; --no-sample leaves them out",
        count,
    )


EVALUATION: Presentation[Evaluation, EvaluatedUnit] = Presentation(
    data=_data, rows=lambda evaluation: evaluation.units, columns=unit_columns, notes=_notes
)
"""Every unit of a level in a period, ranked ones first."""
