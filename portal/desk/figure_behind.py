"""The requests behind a figure of the evaluation: its numerator and denominator, and what is counted of each request.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import link, notice, page_url, tag
from portal.desk.filters import figure_in_address, filters_in_address, read_filters
from portal.indicator_words import period_in_words, value_in_words
from portal.language import N_, _, current, pick
from portal.visit import visit
from stations.duty.roles import Actor
from stations.evaluation.behind import services_counted, share_behind
from stations.evaluation.indicators import INDICATORS, Indicator
from stations.evaluation.period import Period
from stations.language import label
from stations.places.counties import City, County
from stations.requests.deadlines import day_of
from stations.requests.service_request import RequestItem, ServiceRequest

_FIGURE = ("figure", "period")
_SHARE: dict[Indicator, str] = {
    Indicator.ANSWERED_IN_TIME: N_("{part} / {whole} requests answered in time"),
    Indicator.DELIVERED_IN_TIME: N_("{part} / {whole} services delivered in time"),
    Indicator.REOPENED: N_("{part} services reopened / {whole} delivered"),
    Indicator.REFUSED: N_("{part} / {whole} requests refused"),
}


def draw_figure_asked_for(session: Session, actor: Actor, indicator: Indicator, period: Period) -> None:
    """Draw which figure the list belongs to, how it is calculated, and a link to all requests."""
    present = visit()
    unit = _unit(session)
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


def counted_cells(session: Session, shown: Sequence[ServiceRequest]) -> list[Markup] | None:
    """Return for each request what the figure in the address counts of it; None if that is the request itself."""
    figure = figure_in_address()
    if figure is None:
        return None
    indicator, period = figure
    if indicator is Indicator.ANSWERED_IN_TIME:
        return [_answer(request) for request in shown]
    services = services_counted(session, shown, indicator, period, visit().today)
    if not services:
        return None
    return [Markup("<br>").join(_service(item) for item in services.get(request.id, [])) for request in shown]


def _unit(session: Session) -> str:
    if county := session.get(County, text_in_address("county")):
        return pick(f"{county.city.name}{county.name}", f"{county.name_en}, {county.city.name_en}")
    if city := session.get(City, text_in_address("city")):
        return pick(city.name, city.name_en)
    return text_in_address("station")


def _answer(request: ServiceRequest) -> Markup:
    due = current().format_date(request.answer_due_on) if request.answer_due_on else "—"
    if request.answered_at:
        told = _("answer due {due}, given {day}", due=due, day=current().format_date(day_of(request.answered_at)))
    else:
        told = _("answer due {due}, not given yet", due=due)
    return Markup("{} {}").format(told, _judged(request.answered_late))


def _service(item: RequestItem) -> Markup:
    named = {
        "service": pick(item.service.name_zh, item.service.name_en),
        "due": current().format_date(item.due_on) if item.due_on else "—",
    }
    if item.delivered_at:
        day = current().format_date(day_of(item.delivered_at))
        told = _("{service}: due {due}, delivered {day}", day=day, **named)
    else:
        told = _("{service}: due {due}, not delivered yet", **named)
    return Markup("{} {}").format(told, _judged(item.delivered_late))


def _judged(late: bool | None) -> Markup:
    return tag(_("in time"), "good") if late is False else tag(_("not in time"), "bad")
