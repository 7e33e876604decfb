"""The factors by which a station was chosen: as a line of text, and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from portal.components import source, table
from portal.language import N_, _, current, ngettext
from stations.language import label
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


def draw_factors(stations: Sequence[tuple[str, float, Sequence[Weighed]]], *, saving: bool) -> None:
    """Draw stations with the value and score of every factor.

    ``stations``: (name, score, factors), best first. ``saving``: whether the table can be saved as a file, which only
    stations need.
    """
    present = [factor for factor in Factor if any(one.factor is factor for _n, _s, all_ in stations for one in all_)]
    weights = {one.factor: one.weight for _name, _score, all_ in stations for one in all_}
    rows = []
    for name, score, weighed in stations:
        by_factor = {one.factor: one for one in weighed}
        cells = [_cell(by_factor[factor]) if factor in by_factor else _("not known") for factor in present]
        rows.append([name, *cells, current().format_number(score * 100, 0)])
    headings = [
        _(
            "{factor} (weight {weight})",
            factor=label(current(), factor),
            weight=current().format_number(weights[factor], 0),
        )
        for factor in present
    ]
    table(
        [_("Station"), *headings, _("Score")],
        rows,
        caption=_("Stations compared"),
        numbers=range(1, len(present) + 2),
        saving=saving,
    )
    source(
        _(
            "Each value is worth 0 to 100 points, shown in brackets; the score is their mean by weight. "
            "The weights are rules of this portal, kept as data."
        )
    )


def _cell(one: Weighed) -> str:
    return f"{value_in_words(one)} ({current().format_number(one.score * 100, 0)})"
