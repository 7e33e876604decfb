"""What the command ``evaluation`` answers: every unit of a level in a period, with its indicators and score."""

from __future__ import annotations

from stations.answers.answer import Answer, Question
from stations.database import reading
from stations.errors import InvalidInput
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import read_period
from stations.evaluation.ranking import WHY_UNRANKED
from stations.evaluation.results import EvaluatedUnit, evaluate
from stations.evaluation.weights import SCORES
from stations.language import N_, label


def evaluation(question: Question) -> Answer:
    """The evaluation, ranked ones first."""
    options, language, say = question.options, question.language, question.language.translate
    if options.level not in list(UnitLevel):
        raise InvalidInput(
            "level",
            N_("“{value}” is not a level; use one of: {known}"),
            value=options.level,
            known=", ".join(UnitLevel),
        )
    period = read_period(options.period)
    with reading(question.engine) as session:
        counted = Counted(question.samples)
        told = evaluate(session, period, UnitLevel(options.level), counted, today=question.today)
    scheme = told.scheme
    data = {
        "period": period.text,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "level": told.level.value,
        "weights": {
            one.value: {"weight": scheme.weight(one), "formula": SCORES[one].formula}
            for one in SCORES
            if scheme.weight(one)
        },
        "weights_in_force_from": scheme.in_force_from.isoformat(),
        "few": scheme.few,
        "firms_figure": told.firms_figure.code if told.firms_figure else None,
        "ranked": told.ranked,
        "units": [_as_data(unit) for unit in told.units],
    }
    headings = [say(N_("rank")), say(N_("code")), say(N_("name")), say(N_("score")), say(N_("few"))]
    headings += [say(N_("why not ranked"))]
    headings += [label(language, one) for one in Indicator]
    yes_no = {True: say(N_("yes")), False: say(N_("no"))}
    rows = [
        [
            unit.rank,
            unit.code,
            language.pick(unit.name, unit.name_en),
            _rounded(unit.score),
            yes_no[unit.few],
            say(WHY_UNRANKED[unit.unranked]) if unit.unranked else "",
            *(_rounded(unit.values[one]) for one in Indicator),
        ]
        for unit in told.units
    ]
    invented = sum(unit.samples for unit in told.units)
    note = say(N_("Figures of {count} units hold invented sample records; --no-sample leaves them out"), count=invented)
    return Answer(data, headings, rows, note if invented else "")


def _as_data(unit: EvaluatedUnit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "rank": unit.rank,
        "score": _rounded(unit.score),
        "few": unit.few,
        "unranked": unit.unranked.value if unit.unranked else None,
        "holds_samples": unit.samples,
        "indicators": {one.value: {"value": _rounded(unit.values[one]), "basis": unit.basis[one]} for one in Indicator},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
