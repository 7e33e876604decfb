"""The figure of the evaluation whose requests the desk lists: its rule, numerator and denominator."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url
from portal.desk.filters import filters_in_address, read_filters
from portal.indicator_words import period_in_words, value_in_words
from portal.language import N_, _, current, pick
from portal.visit import visit
from stations.duty.roles import Actor
from stations.evaluation.behind import share_behind
from stations.evaluation.indicators import INDICATORS, Indicator
from stations.evaluation.period import Period
from stations.language import label
from stations.places.area_names import area_name

_FIGURE = ("figure", "period")
_SHARE: dict[Indicator, str] = {
    Indicator.ANSWERED_IN_TIME: N_("{part} / {whole} requests answered in time"),
    Indicator.DELIVERED_IN_TIME: N_("{part} / {whole} services delivered in time"),
    Indicator.REOPENED: N_("{part} services reopened / {whole} delivered"),
    Indicator.REFUSED: N_("{part} / {whole} requests refused"),
    Indicator.URGED_LATE: N_("{part} / {whole} urgings answered late or not at all"),
}


def draw_figure_asked_for(session: Session, actor: Actor, indicator: Indicator, period: Period) -> None:
    """Draw which figure the list belongs to, how it is calculated, and a link to all requests."""
    present = visit()
    unit = _unit()
    told = {"figure": label(current(), indicator), "period": period_in_words(period), "rule": _(INDICATORS[indicator])}
    heading = (
        _("“{figure}” in {period}, {unit}: {rule}.", unit=unit, **told)
        if unit
        else _("“{figure}” in {period}: {rule}.", **told)
    )
    share = share_behind(
        session, actor, read_filters(actor), indicator, period, today=present.today, samples=present.samples
    )
    counted: str | Markup = ""
    if share:
        value = value_in_words(indicator, share.part / share.whole if share.whole else None)
        parts = _(_SHARE[indicator], part=share.part, whole=share.whole)
        counted = Markup("<strong>{} = {}</strong>").format(parts, value)
    kept = {name: values for name, values in filters_in_address().items() if name not in _FIGURE}
    notice(
        Markup("{} {} {}").format(heading, counted, link(page_url("desk", **kept), _("Show all requests"))),
    )


def _unit() -> str:
    if code := text_in_address("county") or text_in_address("city"):
        name = area_name(code)
        return pick(name.zh, name.en)
    return text_in_address("station")
