"""The orders in which the queue of the work desk can be listed, each way up or down, and paging through any of them.

A page begins after the last request of the page before (keyset pagination), so that nothing is skipped or repeated
while others act.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, true
from sqlalchemy.orm import aliased

from stations.language import N_, LabelledEnum
from stations.registry.station import Station
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State

_PLACE = re.compile(r"(?:(\d{4}-\d{2}-\d{2})|none)\.(\d{1,12})")
_DOWN = "-"


class SortedBy(LabelledEnum):
    """What the queue is sorted by. ``URGENCY``: what is due first; then what does not wait for the station, the newest
    first.
    """

    URGENCY = "due", N_("Due")
    FILED = "filed", N_("Filed")
    STATE = "state", N_("State")
    FIRM = "firm", N_("Firm")
    STATION = "station", N_("Station")


@dataclass(frozen=True)
class QueueOrder:
    """An order, ``down``: the other way round."""

    by: SortedBy = SortedBy.URGENCY
    down: bool = False

    def __str__(self) -> str:
        """Return the order as written in an address: ``firm``, or ``-firm`` for the other way round."""
        return f"{_DOWN if self.down else ''}{self.by.value}"


MOST_URGENT = QueueOrder()


def read_order(text: str) -> QueueOrder:
    """Return the order written in an address; the most urgent first if it is none."""
    name = text.removeprefix(_DOWN)
    return QueueOrder(SortedBy(name), text.startswith(_DOWN)) if name in list(SortedBy) else MOST_URGENT


@dataclass(frozen=True)
class QueuePlace:
    """A request's place in the queue: its due date and its id."""

    due_on: date | None
    id: int

    def __str__(self) -> str:
        """Return the place as written in an address: ``2026-11-20.123``."""
        return f"{self.due_on.isoformat() if self.due_on else 'none'}.{self.id}"


def place_of(request: ServiceRequest) -> QueuePlace:
    """Return the request's place."""
    return QueuePlace(request.due_on, request.id)


def read_place(text: str) -> QueuePlace | None:
    """Return the place written in an address; None, which means the beginning, if it is not valid."""
    found = _PLACE.fullmatch(text)
    try:
        return QueuePlace(date.fromisoformat(found[1]) if found[1] else None, int(found[2])) if found else None
    except ValueError:
        return None


def _state_order(request: type[ServiceRequest]) -> ColumnElement[int]:
    return case({state: place for place, state in enumerate(State)}, value=request.state, else_=len(State))


_KEYS: dict[SortedBy, Callable[[type[ServiceRequest], type[Station]], ColumnElement[Any]]] = {
    SortedBy.FILED: lambda request, _: request.created_at.expression,
    SortedBy.STATE: lambda request, _: _state_order(request),
    SortedBy.FIRM: lambda request, _: request.firm_name.expression,
    SortedBy.STATION: lambda _, station: station.name.expression,
}


@dataclass(frozen=True)
class QueuePart:
    """A part of the queue: the requests of ``condition``, in the order of the expressions ``order_by``."""

    condition: ColumnElement[bool]
    order_by: tuple[ColumnElement[Any], ...]


def parts_of(order: QueueOrder, after: QueuePlace | None) -> list[QueuePart]:
    """Return the parts of the queue after a place, one after the other; the statements must join ``Station``.

    Few of very many requests are due. Sought apart, they are found by their index, and the others by their ids.
    """
    if order.by is not SortedBy.URGENCY:
        key = _KEYS[order.by](ServiceRequest, Station)
        condition = true() if after is None else _comes_after(order, after)
        return [QueuePart(condition, tuple(_way(one, order) for one in (key, ServiceRequest.id.expression)))]
    due, id_ = ServiceRequest.due_on, ServiceRequest.id
    # Those with the same due date: the oldest first. Requests without a due date: the newest first.
    is_due = QueuePart(due.is_not(None), (_way(due.expression, order), _way(id_.expression, order)))
    waits_not = QueuePart(due.is_(None), (id_.asc() if order.down else id_.desc(),))
    if after is None:
        return [is_due, waits_not]
    if after.due_on is None:
        return [replace(waits_not, condition=due.is_(None) & (id_ > after.id if order.down else id_ < after.id))]
    same = due == after.due_on
    later = due < after.due_on if order.down else due > after.due_on
    return [replace(is_due, condition=or_(later, same & (id_ < after.id if order.down else id_ > after.id))), waits_not]


def _way(key: ColumnElement[Any], order: QueueOrder) -> ColumnElement[Any]:
    return key.desc() if order.down else key.asc()


def _comes_after(order: QueueOrder, place: QueuePlace) -> ColumnElement[bool]:
    request, station = aliased(ServiceRequest), aliased(Station)
    own = _KEYS[order.by](ServiceRequest, Station)
    theirs = (
        select(_KEYS[order.by](request, station))
        .select_from(request)
        .join(station, request.station_id == station.id)
        .where(request.id == place.id)
        .correlate(None)
        .scalar_subquery()
    )
    if order.down:
        return or_(own < theirs, and_(own == theirs, ServiceRequest.id < place.id))
    return or_(own > theirs, and_(own == theirs, ServiceRequest.id > place.id))
