"""Texts for the evaluation's indicators: values, scores and periods."""

from __future__ import annotations

from portal.language import _, current
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period

SHARES = frozenset(
    {
        *(Indicator.ANSWERED_IN_TIME, Indicator.DELIVERED_IN_TIME, Indicator.REOPENED, Indicator.REFUSED),
        Indicator.URGED_LATE,
    }
)
ONE_PLACE = frozenset({Indicator.MEDIAN_DAYS, Indicator.P90_DAYS})
TWO_PLACES = frozenset({Indicator.SATISFACTION, Indicator.FIRMS_PER_1000})


def value_in_words(indicator: Indicator, value: float | None) -> str:
    """Return the value as text, e.g. “85.7%”; a dash if unknown."""
    if value is None:
        return "—"
    if indicator in SHARES:
        return current().format_percent(value, 1)
    places = 1 if indicator in ONE_PLACE else 2 if indicator in TWO_PLACES else 0
    return current().format_number(round(value, places), places) if places else current().format_number(int(value))


def period_in_words(period: Period) -> str:
    """Return the period as text, e.g. “2026年10月”."""
    if "Q" in period.text:
        return _("{year}, quarter {quarter}", year=period.text[:4], quarter=period.text[-1])
    if "-" in period.text:
        return current().format_date(period.first, "month")
    return _("the year {year}", year=period.text)


def score_in_words(score: float | None) -> str:
    """Return the score with one decimal; a dash if there is none."""
    return "—" if score is None else current().format_number(round(score, 1), 1)
