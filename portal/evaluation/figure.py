"""An indicator's value in a table of units, linked to its underlying records."""

from __future__ import annotations

from markupsafe import Markup

from portal.components import link, page_url
from portal.indicator_words import ONE_PLACE, SHARES, value_in_words
from portal.visit import visit
from stations.duty.roles import Action
from stations.evaluation.basis import LISTED
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.results import EvaluatedUnit


def figure(unit: EvaluatedUnit, indicator: Indicator, level: UnitLevel, period: Period, few: int) -> Markup:
    """Return the value of a unit's indicator, linked to its underlying records if the user may see them.

    Shares, days and satisfaction based on fewer than ``few`` cases are followed by their number.
    """
    value, basis = unit.values[indicator], unit.basis[indicator]
    told = value_in_words(indicator, value)
    drawn = Markup("{}").format(told)
    actor = visit().actor
    if value is not None and basis and actor is not None and actor.may_somewhere(Action.SEE_REQUESTS):
        where = {level.value: unit.code, "period": period.text}
        if indicator in LISTED:
            drawn = link(page_url("desk", figure=indicator.value, **where), told)
        elif indicator is Indicator.VISITS:
            drawn = link(page_url("visits", **where), told)
    counted = indicator in SHARES | ONE_PLACE | {Indicator.SATISFACTION}
    if value is not None and counted and basis < few:
        drawn = Markup('<span class="nowrap">{} <small class="nowrap">n={}</small></span>').format(drawn, basis)
    return drawn
