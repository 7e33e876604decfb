"""The stations between which a request was routed: the value and the points of each factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.answers.columns import Column
from stations.language import N_, Bilingual, Worded
from stations.requests.routing_rules import Factor, Weighed


@dataclass(frozen=True)
class ComparedStation:
    """A station with its score (0 to 1) and the factors behind it."""

    name: Bilingual
    score: float
    weighed: tuple[Weighed, ...]

    def of(self, factor: Factor) -> Weighed | None:
        """Return a factor; None if it is not known of the station."""
        return next((one for one in self.weighed if one.factor is factor), None)


def factors_of(stations: Sequence[ComparedStation]) -> dict[Factor, float]:
    """Return the factors that are known of any station, with their weights."""
    weights = {one.factor: one.weight for station in stations for one in station.weighed}
    return {factor: weights[factor] for factor in Factor if factor in weights}


def _points(score: float | None) -> float | None:
    return None if score is None else round(100 * score, 1)


def compared_columns(stations: Sequence[ComparedStation]) -> list[Column[ComparedStation]]:
    """Return the columns of the page: the station, each factor by its code, headed with its weight, and the score."""

    def of(factor: Factor, weight: float) -> Column[ComparedStation]:
        heading = Worded(N_("{factor} (weight {weight})"), {"factor": Worded(factor.label), "weight": f"{weight:g}"})
        return Column(factor.value, lambda one: (own := one.of(factor)) and own.value, heading)

    return [
        Column("station", lambda one: one.name, N_("Station")),
        *(of(factor, weight) for factor, weight in factors_of(stations).items()),
        Column("score", lambda one: one.score, N_("Score"), show=lambda score, _language: _points(score)),
    ]


def file_columns(stations: Sequence[ComparedStation]) -> list[Column[ComparedStation]]:
    """Return the columns of a file: those of the page, and after each factor's value its points of 100."""

    def points(factor: Factor) -> Column[ComparedStation]:
        heading = Worded(N_("{factor}, points"), {"factor": Worded(factor.label)})
        return Column(
            f"{factor.value}_points", lambda one: (own := one.of(factor)) and _points(own.score), heading
        )

    shown = compared_columns(stations)
    return [
        each
        for column in shown
        for each in ([column, points(Factor(column.key))] if column.key in list(Factor) else [column])
    ]
