"""The queue of the work desk: the requests in a person's duty, filtered, sorted and paged
(``stations.requests.queue_order``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import iterate

from geo.province import province_in_use
from stations.database import table_of
from stations.duty.duty_areas import in_duty
from stations.duty.masking import mask_name
from stations.duty.roles import Action, Actor
from stations.registry.station import Station
from stations.requests.answering_office import is_answered_by
from stations.requests.escalation import Escalation, addressed_to, open_escalation
from stations.requests.lateness import overdue_on
from stations.requests.lookup import with_everything
from stations.requests.queue_order import MOST_URGENT, QueueOrder, QueuePlace, parts_of
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import State
from stations.requests.urging import awaits_answer

UNASSIGNED = "-"
"""The value of a steward filter for requests without a steward; no user name is the same."""


@dataclass(frozen=True)
class QueueFilter:
    """What to list; empty fields do not restrict.

    ``overdue_on``: only what was due before that day. ``station``: the station's code. ``county``, ``city``: the
    adcodes of the station's. ``service``: a service's code, or a group's with all its services. ``steward``: a user
    name, or ``UNASSIGNED``. ``text``: in number, firm or product. ``escalated``: only what was escalated to a level of
    the actor's. ``mine``: only what the actor is the steward of, or an office of the actor's answers. ``urged``: only
    what an office urges and nobody has answered; ``urged_to_answer``: only if somebody of the actor's level is to
    answer. ``behind``: a further condition, such as the requests counted in a figure.
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
    mine: bool = False
    urged: bool = False
    urged_to_answer: bool = False
    behind: ColumnElement[bool] | None = None


EVERYTHING = QueueFilter()


def list_requests(
    session: Session,
    actor: Actor,
    wanted: QueueFilter = EVERYTHING,
    *,
    samples: bool,
    order: QueueOrder = MOST_URGENT,
    after: QueuePlace | None = None,
    limit: int = 50,
) -> list[ServiceRequest]:
    """Return one page of the requests that the actor may see, in that order."""
    statement = with_everything(select(ServiceRequest)).join(ServiceRequest.station)
    statement = statement.where(seen_by(actor, samples), *conditions_of(actor, wanted))
    found: list[ServiceRequest] = []
    for part in parts_of(order, after):
        if len(found) < limit:
            some = statement.where(part.condition).order_by(*part.order_by)
            found += session.scalars(some.limit(limit - len(found)))
    return found


def count_requests(
    session: Session, actor: Actor, wanted: QueueFilter = EVERYTHING, *, samples: bool
) -> dict[State, int]:
    """Return the number of requests in each state that the actor may see, including states without any."""
    conditions = [seen_by(actor, samples), *conditions_of(actor, wanted)]
    statement = select(ServiceRequest.state, func.count()).where(*conditions).group_by(ServiceRequest.state)
    if any(_names_station(one) for one in conditions):
        statement = statement.join(ServiceRequest.station)
    return dict.fromkeys(State, 0) | {state: count for state, count in session.execute(statement)}


def stations_in_queue(session: Session, actor: Actor, *, samples: bool) -> list[Station]:
    """Return the stations that answer a request that the actor may see, sorted by code."""
    statement = (
        select(Station)
        .where(exists().where(ServiceRequest.station_id == Station.id, seen_by(actor, samples)).correlate(Station))
        .order_by(Station.code)
    )
    return list(session.scalars(statement))


def stewards_in_queue(session: Session, actor: Actor, *, samples: bool) -> dict[str, str]:
    """Return the stewards of requests that the actor may see: name by user name.

    The names are masked for those who may not see personal data.
    """
    statement = (
        select(ServiceRequest.steward_username, func.min(ServiceRequest.steward))
        .join(ServiceRequest.station)
        .where(seen_by(actor, samples), ServiceRequest.steward_username.is_not(None))
        .group_by(ServiceRequest.steward_username)
        .order_by(ServiceRequest.steward_username)
    )
    clear = actor.may_somewhere(Action.SEE_PERSONAL_DATA)
    return {
        username: name if clear else mask_name(name)
        for username, name in session.execute(statement)
        if username is not None and name is not None
    }


def seen_by(actor: Actor, samples: bool) -> ColumnElement[bool]:
    """Return the SQL condition that the actor may see a request: the same rule as ``Actor.may``.

    The statement must join ``Station``, unless no condition names it: that of a whole province does not.
    """
    duties = actor.duties_for(Action.SEE_REQUESTS)
    whole = any(duty.area_code == province_in_use().adcode for duty in duties) and not actor.sample
    seen = true() if whole else in_duty(actor, ServiceRequest.area_columns(), {Action.SEE_REQUESTS})
    if not samples:
        seen &= ServiceRequest.sample.is_(False)
    return seen


def _names_station(condition: ColumnElement[bool]) -> bool:
    """Whether a condition, or a question within it, names a column of ``Station``."""
    station = table_of(Station)
    return any(getattr(one, "table", None) is station for one in iterate(condition))


def _has_due_date() -> ColumnElement[bool]:
    """Return the condition that a request has a due date, as few have: put so that they are sought first, by its index,
    and not by going through every station or state.
    """
    table = table_of(ServiceRequest)
    return ServiceRequest.id.in_(select(table.c.id).where(table.c.due_on.is_not(None)).correlate(None))


def conditions_of(actor: Actor, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """Return the SQL conditions of a filter; the statement must join ``Station``."""
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(ServiceRequest.state.in_(wanted.states))
    if wanted.overdue_on:
        found += [overdue_on(wanted.overdue_on), _has_due_date()]
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
        found.append(_has_due_date())
    if wanted.mine:
        found.append(or_(ServiceRequest.steward_username == actor.username, is_answered_by(actor)))
    if wanted.urged or wanted.urged_to_answer:
        found.append(awaits_answer(actor, to_answer=wanted.urged_to_answer))
    if wanted.behind is not None:
        found.append(wanted.behind)
    return found
