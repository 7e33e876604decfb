"""The orders in which the queue of the work desk can be listed, each way up or down, and paging through any of them.

A page begins after the last request of the page before (keyset pagination), so that nothing is skipped or repeated
while others act.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
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


def sorted_by(order: QueueOrder) -> list[ColumnElement[Any]]:
    """Return the SQL expressions of ORDER BY; the statement must join ``Station``."""
    if order.by is not SortedBy.URGENCY:
        key = _KEYS[order.by](ServiceRequest, Station)
        return [one.desc() if order.down else one.asc() for one in (key, ServiceRequest.id.expression)]
    # Requests without a due date: the newest first. Those with the same due date: the oldest first.
    waits_not = ServiceRequest.due_on.is_(None)
    newest = case((waits_not, -ServiceRequest.id), else_=ServiceRequest.id)
    if order.down:
        return [waits_not, ServiceRequest.due_on.desc(), newest.desc()]
    return [waits_not, ServiceRequest.due_on.asc(), newest]


def comes_after(order: QueueOrder, place: QueuePlace) -> ColumnElement[bool]:
    """Return the SQL condition that a request comes after the place; the statement must join ``Station``."""
    if order.by is SortedBy.URGENCY:
        return _after_urgent(place, down=order.down)
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


def _after_urgent(place: QueuePlace, *, down: bool) -> ColumnElement[bool]:
    waits_not = ServiceRequest.due_on.is_(None)
    if place.due_on is None:
        return waits_not & (ServiceRequest.id > place.id if down else ServiceRequest.id < place.id)
    same = ServiceRequest.due_on == place.due_on
    if down:
        return or_(waits_not, ServiceRequest.due_on < place.due_on, same & (ServiceRequest.id < place.id))
    return or_(waits_not, ServiceRequest.due_on > place.due_on, same & (ServiceRequest.id > place.id))
