"""The factors by which a station was chosen: as a line of text, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from portal.answer_table import draw_answer
from portal.components import source
from portal.language import N_, _, current, ngettext
from stations.answers.compared_stations import ComparedStation, compared_columns, factors_of, file_columns
from stations.requests.routing_rules import Factor, Weighed

_SHARES = frozenset({Factor.CERTAINTY, Factor.CAPABILITY})
_SHARE_LINES = {
    Factor.CERTAINTY: N_("{count} of {all} services named in its record"),
    Factor.CAPABILITY: N_("{count} of {all} services by an institution with a valid certificate on record"),
}


def factors_in_words(weighed: Sequence[Weighed], services: int) -> str:
    """Return the factors as one line, for a request of ``services`` services.

    The distance is shown elsewhere; an industrial chain is named only if the station serves it.
    """
    values = {one.factor: one.value for one in weighed if one.value is not None}
    told = [load_in_words(one) for one in weighed if one.factor is Factor.LOAD]
    for factor, words in _SHARE_LINES.items():
        if factor in values:
            told.append(_(words, count=round(values[factor] * services), all=services))
    if values.get(Factor.CHAIN):
        told.append(_("serves your industrial chain"))
    return " · ".join(told)


def load_in_words(one: Weighed) -> str:
    """Return the number of open requests per steward of a station as text."""
    if one.value is None:
        return _("no quality steward has an account there yet")
    whole = round(one.value)
    if whole == one.value:
        return ngettext("{count} open request for each steward", "{count} open requests for each steward", whole)
    return _("{value} open requests for each steward", value=value_in_words(one))


def value_in_words(one: Weighed) -> str:
    """Return a factor's value as text."""
    if one.value is None:
        return _("no steward account")
    if one.factor is Factor.DISTANCE:
        return current().format_distance(one.value * 1000)
    if one.factor in _SHARES:
        return current().format_percent(one.value)
    if one.factor is Factor.CHAIN:
        return _("yes") if one.value else _("no")
    return current().format_number(one.value, 0 if float(one.value).is_integer() else 1)


def draw_factors(stations: Sequence[ComparedStation], *, saving: bool) -> None:
    """Draw stations, best first, with the value and score of every factor.

    ``saving``: whether the table can be saved as a file, which only stations need.
    """
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
        saving=saving,
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
