"""What the indicators of the evaluation count, and their weights in the score through time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.answers.columns import Column, Columns
from stations.evaluation.indicators import INDICATORS, Indicator
from stations.evaluation.weights import SCORES, EvaluationScheme
from stations.language import N_, Language

MEANINGS: Columns[Indicator] = Columns(
    Column("indicator", lambda one: one, N_("Indicator")),
    Column(
        "counts",
        lambda one: INDICATORS[one],
        N_("Definition"),
        show=lambda told, language: language.translate(told),
        in_data=False,
    ),
)
MEANING_COLUMNS = MEANINGS.take("indicator", "counts")
"""The table of indicators, for ``Indicator``."""


@dataclass(frozen=True)
class WeightLine:
    """A row of the weights: those of an indicator; if None, the least number of requests for a rank."""

    indicator: Indicator | None

    def in_scheme(self, scheme: EvaluationScheme) -> int:
        """Return the number that a scheme sets."""
        return scheme.few if self.indicator is None else scheme.weight(self.indicator)


WEIGHT_LINES = (*map(WeightLine, SCORES), WeightLine(None))


def _name(indicator: Indicator | None, language: Language) -> str:
    return language.translate(N_("Not ranked below so many requests") if indicator is None else indicator.label)


def weight_columns(schemes: Sequence[EvaluationScheme]) -> list[Column[WeightLine]]:
    """Return the columns of the weights: indicator, formula, and a column for each scheme, headed by its first day."""

    def of(scheme: EvaluationScheme) -> Column[WeightLine]:
        day = scheme.in_force_from.isoformat()
        return Column(day, lambda one: one.in_scheme(scheme), day)

    return [
        Column("indicator", lambda one: one.indicator, N_("Indicator"), show=_name),
        Column("formula", lambda one: one.indicator and SCORES[one.indicator].formula, N_("Formula")),
        *map(of, schemes),
    ]
