"""Telling by which factors a station was routed to: in a line for the firm, in a table for who looks closer."""

from __future__ import annotations

from collections.abc import Sequence

from portal.components import source, table
from portal.language import N_, _, current
from stations.labels import label
from stations.routing_rules import Factor, Weighed

_SHARES = frozenset({Factor.CERTAINTY, Factor.CAPABILITY})
_LINE = {
    Factor.LOAD: N_("{value} open requests for each steward"),
    Factor.CERTAINTY: N_("{value} of the services named in its record"),
    Factor.CAPABILITY: N_("{value} with an institution of valid scope"),
}


def factors_in_words(weighed: Sequence[Weighed]) -> str:
    """One line; the distance stands elsewhere, and a chain is told only where it is served."""
    told = [_(_LINE[one.factor], value=value_in_words(one)) for one in weighed if one.factor in _LINE]
    if any(one.factor is Factor.CHAIN and one.value for one in weighed):
        told.append(_("serves your industrial chain"))
    return " · ".join(told)


def value_in_words(one: Weighed) -> str:
    """A factor's value as people say it."""
    if one.factor is Factor.DISTANCE:
        return current().format_distance(one.value * 1000)
    if one.factor in _SHARES:
        return current().format_percent(one.value)
    if one.factor is Factor.CHAIN:
        return _("yes") if one.value else _("no")
    return current().format_number(one.value, 0 if float(one.value).is_integer() else 1)


def draw_factors(stations: Sequence[tuple[str, float, Sequence[Weighed]]]) -> None:
    """Draw stations with every factor's value and what it is worth; (name, score, factors), best first."""
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
    )
    source(
        _(
            "Each value is worth 0 to 100 points, shown in brackets; the score is their mean by weight. "
            "The weights are rules of this portal, kept as data."
        )
    )


def _cell(one: Weighed) -> str:
    return f"{value_in_words(one)} ({current().format_number(one.score * 100, 0)})"
