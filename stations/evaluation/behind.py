"""The details to recompute a figure of the evaluation: part and whole, and the counted services of each request.

Counted by the conditions of ``basis``, over the requests in a list of the desk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from stations.duty.roles import Actor
from stations.evaluation.basis import (
    answer_judged_in,
    delivered_in,
    delivery_in,
    delivery_judged_in,
    filed_in,
    reopening_in,
    timed_in,
    urging_in_time,
    urging_judged_in,
)
from stations.evaluation.counts import URGED
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period
from stations.requests.queue import QueueFilter, conditions_of, seen_by
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import State
from stations.requests.urging import Urging

_OF_ITEMS: dict[Indicator, Callable[[Period, date], ColumnElement[bool]]] = {
    Indicator.DELIVERED_IN_TIME: delivery_judged_in,
    Indicator.MEDIAN_DAYS: lambda period, _: timed_in(period),
    Indicator.P90_DAYS: lambda period, _: timed_in(period),
    Indicator.BREADTH: lambda period, _: delivered_in(period),
}


@dataclass(frozen=True)
class Share:
    """A figure that is a share: ``part`` of ``whole``, in the figure's unit (requests, services or steps)."""

    part: int
    whole: int


def share_behind(
    session: Session,
    actor: Actor,
    wanted: QueueFilter,
    indicator: Indicator,
    period: Period,
    *,
    today: date,
    samples: bool,
) -> Share | None:
    """Return part and whole of the figure, over the requests that the actor may see and that match ``wanted``; None if
    the figure is not a share.
    """
    found: dict[Indicator, tuple[ColumnElement[bool], ColumnElement[bool], type | None]] = {
        Indicator.ANSWERED_IN_TIME: (
            answer_judged_in(period, today),
            ServiceRequest.answered_late.is_(False),
            None,
        ),
        Indicator.DELIVERED_IN_TIME: (
            delivery_judged_in(period, today),
            RequestItem.delivered_late.is_(False),
            RequestItem,
        ),
        Indicator.REFUSED: (filed_in(period), ServiceRequest.state == State.REFUSED, None),
    }
    if indicator is Indicator.REOPENED:
        part = _count(session, actor, wanted, reopening_in(period), RequestEvent, samples)
        return Share(part, _count(session, actor, wanted, delivery_in(period), RequestEvent, samples))
    if indicator is Indicator.URGED_LATE:
        level = UnitLevel.STATION if wanted.station else UnitLevel.COUNTY if wanted.county else UnitLevel.CITY
        judged = urging_judged_in(period, today, URGED[level])
        whole = _count(session, actor, wanted, judged, Urging, samples)
        return Share(whole - _count(session, actor, wanted, judged & urging_in_time(), Urging, samples), whole)
    if indicator not in found:
        return None
    condition, part_of_it, joined = found[indicator]
    return Share(
        _count(session, actor, wanted, condition & part_of_it, joined, samples),
        _count(session, actor, wanted, condition, joined, samples),
    )


def services_counted(
    session: Session, requests: Sequence[ServiceRequest], indicator: Indicator, period: Period, today: date
) -> dict[int, list[RequestItem]]:
    """Return request id → the services that the figure counts; empty if it does not count services."""
    if indicator not in _OF_ITEMS:
        return {}
    statement = (
        select(RequestItem)
        .join(RequestItem.request)
        .options(joinedload(RequestItem.service))
        .where(RequestItem.request_id.in_([one.id for one in requests]), _OF_ITEMS[indicator](period, today))
        .order_by(RequestItem.request_id, RequestItem.position)
    )
    found: dict[int, list[RequestItem]] = defaultdict(list)
    for item in session.scalars(statement):
        found[item.request_id].append(item)
    return dict(found)


def _count(
    session: Session,
    actor: Actor,
    wanted: QueueFilter,
    condition: ColumnElement[bool],
    joined: type[RequestItem | RequestEvent | Urging] | None,
    samples: bool,
) -> int:
    # Select the list in a subquery of its own, since both its conditions and the joined table may be about services
    # and steps.
    listed = select(ServiceRequest.id).join(ServiceRequest.station)
    listed = listed.where(seen_by(actor, samples), *conditions_of(actor, wanted)).correlate(None)
    statement = select(func.count()).select_from(ServiceRequest)
    if joined is not None:
        statement = statement.join(joined, joined.request_id == ServiceRequest.id)
    return session.scalar(statement.where(ServiceRequest.id.in_(listed), condition)) or 0
