"""The evaluation's figures in words: each indicator's value as it is shown, leading to what is behind it."""

from __future__ import annotations

from markupsafe import Markup

from portal.components import link, page_url
from portal.language import _, current
from portal.visit import visit
from stations.duty.roles import Action
from stations.evaluation.basis import LISTED
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.evaluation.results import EvaluatedUnit

_SHARES = frozenset({Indicator.ANSWERED_IN_TIME, Indicator.DELIVERED_IN_TIME, Indicator.REOPENED, Indicator.REFUSED})
_ONE_PLACE = frozenset({Indicator.MEDIAN_DAYS, Indicator.P90_DAYS})
_TWO_PLACES = frozenset({Indicator.SATISFACTION, Indicator.FIRMS_PER_1000})


def value_in_words(indicator: Indicator, value: float | None) -> str:
    """The value, e.g. “85.7%”; a dash where nothing is known."""
    if value is None:
        return "—"
    if indicator in _SHARES:
        return current().format_percent(value, 1)
    places = 1 if indicator in _ONE_PLACE else 2 if indicator in _TWO_PLACES else 0
    return current().format_number(round(value, places), places) if places else current().format_number(int(value))


def period_in_words(period: Period) -> str:
    """The period, e.g. “2026年10月”."""
    if "Q" in period.text:
        return _("{year}, quarter {quarter}", year=period.text[:4], quarter=period.text[-1])
    if "-" in period.text:
        return current().format_date(period.first, "month")
    return _("the year {year}", year=period.text)


def score_in_words(score: float | None) -> str:
    """The score with one place; a dash where there is none."""
    return "—" if score is None else current().format_number(round(score, 1), 1)


def figure(unit: EvaluatedUnit, indicator: Indicator, level: UnitLevel, period: Period, few: int) -> Markup:
    """The value of a unit's indicator, leading to what is behind it; on how few it rests, where on few."""
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
    counted = indicator in _SHARES | _ONE_PLACE | {Indicator.SATISFACTION}
    if value is not None and counted and basis < few:
        drawn = Markup('{} <small class="nowrap">n={}</small>').format(drawn, basis)
    return drawn
