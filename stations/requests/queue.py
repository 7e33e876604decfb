"""The queue of the work desk: the requests in somebody's duty, the most urgent first, filtered and paged.

Most urgent is what is due first; requests that wait for nothing of the station's come last, the newest
of them first. A page begins after the last request of the one before (keyset), so that nothing is
skipped or shown twice while others act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from stations.duty.duty_areas import in_duty
from stations.duty.masking import mask_name
from stations.duty.roles import Action, Actor
from stations.registry.station import Station
from stations.requests.escalation import Escalation, addressed_to, open_escalation
from stations.requests.lookup import with_everything
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import State

_PLACE = re.compile(r"(?:(\d{4}-\d{2}-\d{2})|none)\.(\d{1,12})")
UNASSIGNED = "-"
"""What stands for nobody where a steward is asked for; no user name reads so."""


@dataclass(frozen=True)
class QueueFilter:
    """What to list; whatever is empty does not narrow.

    ``overdue_on``: only what was due before that day. ``station``: its code; ``county``, ``city``: the
    adcode of the station's. ``service``: its code, or a group's with all in it. ``steward``: a user
    name, or ``UNASSIGNED``. ``text``: in number, firm or product. ``escalated``: only what was
    escalated to a level of the actor's. ``behind``: a further condition, such as what a figure counts.
    """

    states: frozenset[State] = frozenset()
    overdue_on: date | None = None
    station: str = ""
    county: str = ""
    city: str = ""
    service: str = ""
    steward: str = ""
    text: str = ""
    escalated: bool = False
    behind: ColumnElement[bool] | None = None


EVERYTHING = QueueFilter()


@dataclass(frozen=True)
class QueuePlace:
    """A request's place in the queue: by when it is due and its id."""

    due_on: date | None
    id: int

    def __str__(self) -> str:
        """As an address carries it: ``2026-11-20.123``."""
        return f"{self.due_on.isoformat() if self.due_on else 'none'}.{self.id}"


def place_of(request: ServiceRequest) -> QueuePlace:
    """The request's place."""
    return QueuePlace(request.due_on, request.id)


def read_place(text: str) -> QueuePlace | None:
    """The place that an address names; None, which is the beginning, where it names none."""
    found = _PLACE.fullmatch(text)
    try:
        return QueuePlace(date.fromisoformat(found[1]) if found[1] else None, int(found[2])) if found else None
    except ValueError:
        return None


def list_requests(
    session: Session,
    actor: Actor,
    wanted: QueueFilter = EVERYTHING,
    *,
    samples: bool,
    after: QueuePlace | None = None,
    limit: int = 50,
) -> list[ServiceRequest]:
    """The requests that the actor may see, the most urgent first, a page at a time."""
    statement = with_everything(select(ServiceRequest)).join(ServiceRequest.station)
    statement = statement.where(seen_by(actor, samples), *conditions_of(actor, wanted))
    if after is not None:
        statement = statement.where(_comes_after(after))
    # Nothing due: the newest first. What is due and equally urgent: the oldest first.
    order = (
        ServiceRequest.due_on.is_(None),
        ServiceRequest.due_on,
        case((ServiceRequest.due_on.is_(None), -ServiceRequest.id), else_=ServiceRequest.id),
    )
    return list(session.scalars(statement.order_by(*order).limit(limit)))


def count_requests(
    session: Session, actor: Actor, wanted: QueueFilter = EVERYTHING, *, samples: bool
) -> dict[State, int]:
    """How many of the requests that the actor may see are in each state; every state is named."""
    statement = (
        select(ServiceRequest.state, func.count())
        .join(ServiceRequest.station)
        .where(seen_by(actor, samples), *conditions_of(actor, wanted))
        .group_by(ServiceRequest.state)
    )
    return dict.fromkeys(State, 0) | {state: count for state, count in session.execute(statement)}


def stations_in_queue(session: Session, actor: Actor, *, samples: bool) -> list[Station]:
    """The stations that answer a request the actor may see, by code."""
    statement = (
        select(Station)
        .where(exists().where(ServiceRequest.station_id == Station.id, seen_by(actor, samples)).correlate(Station))
        .order_by(Station.code)
    )
    return list(session.scalars(statement))


def stewards_in_queue(session: Session, actor: Actor, *, samples: bool) -> dict[str, str]:
    """Whose turn requests that the actor may see are: user name → what they are called, masked for whom
    is shown no personal data."""
    statement = (
        select(ServiceRequest.steward_username, func.min(ServiceRequest.steward))
        .join(ServiceRequest.station)
        .where(seen_by(actor, samples), ServiceRequest.steward_username.is_not(None))
        .group_by(ServiceRequest.steward_username)
        .order_by(ServiceRequest.steward_username)
    )
    clear = actor.may_somewhere(Action.SEE_PERSONAL_DATA)
    return {username: name if clear else mask_name(name) for username, name in session.execute(statement)}


def seen_by(actor: Actor, samples: bool) -> ColumnElement[bool]:
    """The condition that the actor may see a request; the same rule as ``Actor.may``, in SQL. The
    statement must join ``Station``."""
    seen = in_duty(actor, ServiceRequest.area_columns(), {Action.SEE_REQUESTS})
    if not samples:
        seen &= ServiceRequest.sample.is_(False)
    return seen


def _comes_after(place: QueuePlace) -> ColumnElement[bool]:
    if place.due_on is None:
        return ServiceRequest.due_on.is_(None) & (ServiceRequest.id < place.id)
    return or_(
        ServiceRequest.due_on.is_(None),
        ServiceRequest.due_on > place.due_on,
        and_(ServiceRequest.due_on == place.due_on, ServiceRequest.id > place.id),
    )


def conditions_of(actor: Actor, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What ``wanted`` asks of a request, as conditions; the statement must join ``Station``."""
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(ServiceRequest.state.in_(wanted.states))
    if wanted.overdue_on:
        found.append(ServiceRequest.due_on < wanted.overdue_on)
    for value, column in (
        (wanted.station, Station.code),
        (wanted.county, Station.county_adcode),
        (wanted.city, Station.city_adcode),
    ):
        if value:
            found.append(column == value)
    if wanted.service:
        code = RequestItem.service_code
        inside = (code == wanted.service) | code.startswith(f"{wanted.service}.", autoescape=True)
        found.append(ServiceRequest.items.any(inside))
    if wanted.steward == UNASSIGNED:
        found.append(ServiceRequest.steward_username.is_(None))
    elif wanted.steward:
        found.append(ServiceRequest.steward_username == wanted.steward)
    if wanted.text.strip():
        text = wanted.text.strip()
        columns = (ServiceRequest.number, ServiceRequest.firm_name, ServiceRequest.product)
        found.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if wanted.escalated:
        found.append(
            exists()
            .where(open_escalation(), addressed_to(actor))
            .select_from(Escalation)
            .correlate(ServiceRequest, Station)
        )
    if wanted.behind is not None:
        found.append(wanted.behind)
    return found
