"""The factors by which a station was chosen, as a table for the people of a station."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from portal.answer_table import draw_answer
from portal.components import source
from portal.language import _, current
from stations.answers.compared_stations import ComparedStation, compared_columns, factors_of, file_columns
from stations.registry.nearest_stations import SAME_POINT_M
from stations.requests.routing_rules import Factor, Weighed

_SHARES = frozenset({Factor.CERTAINTY, Factor.CAPABILITY})


def value_in_words(one: Weighed) -> str:
    """Return a factor's value as text."""
    if one.value is None:
        return _("no steward account")
    if one.factor is Factor.DISTANCE and one.value * 1000 < SAME_POINT_M:
        return _("in the same county")
    if one.factor is Factor.DISTANCE:
        return current().format_distance(one.value * 1000)
    if one.factor in _SHARES:
        return current().format_percent(one.value)
    if one.factor is Factor.CHAIN:
        return _("yes") if one.value else _("no")
    return current().format_number(one.value, 0 if float(one.value).is_integer() else 1)


def draw_factors(stations: Sequence[ComparedStation]) -> None:
    """Draw stations, best first, with the value and score of every factor."""
    factors = factors_of(stations)
    draw_answer(
        compared_columns(stations),
        stations,
        caption=_("Stations compared"),
        drawn={
            **{factor.value: partial(_cell, factor) for factor in factors},
            "score": lambda one: current().format_number(one.score * 100, 0),
        },
        numbers=("score", *(factor.value for factor in factors)),
        saved=file_columns(stations),
    )
    source(
        _(
            "Each value is worth 0 to 100 points, shown in brackets; the score is their mean by weight. "
            "The weights are rules of this portal, kept as data."
        )
    )


def _cell(factor: Factor, station: ComparedStation) -> str:
    one = station.of(factor)
    return f"{value_in_words(one)} ({current().format_number(one.score * 100, 0)})" if one else _("not known")
