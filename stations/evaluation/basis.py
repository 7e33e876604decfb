"""The query conditions behind each figure of the evaluation.

The figures and the lists that they open use the same conditions, so a list contains what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select

from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period
from stations.requests.moves import MoveName
from stations.requests.rating import Rating
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import WITHDRAWN
from stations.requests.urging import Addressee, Urging


def filed_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the request was filed, or split off, in the period."""
    return (ServiceRequest.created_at >= period.start) & (ServiceRequest.created_at < period.end)


def answer_judged_in(period: Period, today: date) -> ColumnElement[bool]:
    """Return the condition that the station's first answer was due in the period, and was given or is late by
    ``today``. Requests that the firm cancelled first are not judged.
    """
    due = ServiceRequest.answer_due_on
    missed = (due < today) & (ServiceRequest.state.not_in(WITHDRAWN))
    return due.between(period.first, period.last) & or_(ServiceRequest.answered_late.is_not(None), missed)


def delivery_judged_in(period: Period, today: date) -> ColumnElement[bool]:
    """Return the condition that the item was due in the period, and is delivered or late by ``today``. Cancelled
    requests are not judged.
    """
    due = RequestItem.due_on
    return (
        due.between(period.first, period.last)
        & (ServiceRequest.state.not_in(WITHDRAWN))
        & or_(RequestItem.delivered_late.is_not(None), due < today)
    )


def delivered_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the item was delivered in the period and not reopened since."""
    return (RequestItem.delivered_at >= period.start) & (RequestItem.delivered_at < period.end)


def rated_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the rating was first given in the period."""
    return (Rating.created_at >= period.start) & (Rating.created_at < period.end)


def reopening_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the event is a reopening by the firm in the period."""
    return (RequestEvent.move == MoveName.REOPEN) & _at(period)


def delivery_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the event is a delivery in the period, even if reopened later."""
    return RequestEvent.move.is_(None) & RequestEvent.source.is_not(None) & _at(period)


def timed_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that the item was delivered in the period with a known duration."""
    return delivered_in(period) & RequestItem.working_days.is_not(None)


def urging_judged_in(
    period: Period, today: date, addressees: Collection[Addressee] = tuple(Addressee)
) -> ColumnElement[bool]:
    """Return the condition that the answer to the urging, addressed to one of these, was due in the period, and was
    given or is late by ``today``. Urgings taken back are not judged.
    """
    judged = Urging.answered_at.is_not(None) | (Urging.due_on < today)
    return (
        Urging.due_on.between(period.first, period.last)
        & Urging.withdrawn_at.is_(None)
        & Urging.addressee.in_(addressees)
        & judged
    )


def urging_in_time() -> ColumnElement[bool]:
    """Return the condition that a judged urging was answered in time."""
    return Urging.answered_late.is_(False)


def _at(period: Period) -> ColumnElement[bool]:
    return (RequestEvent.at >= period.start) & (RequestEvent.at < period.end)


def _item(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(RequestItem.id).where(RequestItem.request_id == ServiceRequest.id, condition).exists()


def _event(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(RequestEvent.id).where(RequestEvent.request_id == ServiceRequest.id, condition).exists()


_BEHIND: dict[Indicator, Callable[[Period, date], ColumnElement[bool]]] = {
    Indicator.REQUESTS: lambda period, _: filed_in(period),
    Indicator.ANSWERED_IN_TIME: answer_judged_in,
    Indicator.DELIVERED_IN_TIME: lambda period, today: _item(delivery_judged_in(period, today)),
    Indicator.MEDIAN_DAYS: lambda period, _: _item(timed_in(period)),
    Indicator.P90_DAYS: lambda period, _: _item(timed_in(period)),
    Indicator.SATISFACTION: lambda period, _: exists().where(Rating.request_id == ServiceRequest.id, rated_in(period)),
    Indicator.REOPENED: lambda period, _: _event(reopening_in(period) | delivery_in(period)),
    Indicator.REFUSED: lambda period, _: filed_in(period),
    Indicator.BREADTH: lambda period, _: _item(delivered_in(period)),
    Indicator.FIRMS: lambda period, _: filed_in(period),
    Indicator.URGED_LATE: lambda period, today: exists().where(
        Urging.request_id == ServiceRequest.id, urging_judged_in(period, today)
    ),
}

LISTED = frozenset(_BEHIND)
"""The indicators based on requests of the unit's stations. Not visits, and not firms per 1,000, which counts the firms
of an area with any station.
"""


def requests_behind(indicator: Indicator, period: Period, today: date) -> ColumnElement[bool]:
    """Return the condition that a request is behind a ``LISTED`` figure of the period. For shares this means the
    whole, not only the part.
    """
    return _BEHIND[indicator](period, today)
