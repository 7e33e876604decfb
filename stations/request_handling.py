"""What happens to a service request after it is filed: looking it up, answering, delivering, closing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from stations import audit
from stations.access import Action, Actor, Area, AreaKind, require
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound
from stations.language import N_
from stations.registry import Station
from stations.request_codes import code_matches, read_number
from stations.request_moves import FINAL, MOVES, MoveName, Party, State, check_move
from stations.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest

FIRM = "firm"
MESSAGE_LIMIT = 4000
PERFORMER_LIMIT = 160
RESULT_LIMIT = 4000


def look_up(session: Session, number: str, code: str, *, samples: bool = True) -> ServiceRequest:
    """The request of that tracking number, for whoever holds its code; both as typed.

    Raises:
        NotFound: the number or the code is wrong, or it is a sample and samples are left out; the
            answer does not say which.
    """
    number = read_number(number)
    held = select(ServiceRequest.code_hash).where(ServiceRequest.number == number)
    if not samples:
        held = held.where(ServiceRequest.sample.is_(False))
    # The code first: loading the whole request would tell by its time that the number exists.
    if not code_matches(session.scalar(held), code):
        raise NotFound(N_("No request has this tracking number and code; check both and try again"))
    return session.scalar(_with_everything(select(ServiceRequest)).where(ServiceRequest.number == number))


def list_requests(
    session: Session,
    actor: Actor,
    *,
    samples: bool,
    states: frozenset[State] | None = None,
    after_id: int | None = None,
    limit: int = 50,
) -> list[ServiceRequest]:
    """The requests that the actor may see, newest first, a page at a time (``after_id``: the last
    one of the page before)."""
    statement = _with_everything(select(ServiceRequest)).join(ServiceRequest.station).where(_seen_by(actor, samples))
    if states is not None:
        statement = statement.where(ServiceRequest.state.in_(states))
    if after_id is not None:
        statement = statement.where(ServiceRequest.id < after_id)
    return list(session.scalars(statement.order_by(ServiceRequest.id.desc()).limit(limit)))


def count_requests(session: Session, actor: Actor, *, samples: bool) -> dict[State, int]:
    """How many of the requests that the actor may see are in each state; every state is named."""
    statement = (
        select(ServiceRequest.state, func.count())
        .join(ServiceRequest.station)
        .where(_seen_by(actor, samples))
        .group_by(ServiceRequest.state)
    )
    return dict.fromkeys(State, 0) | {state: count for state, count in session.execute(statement)}


def open_request(session: Session, actor: Actor | None, number: str, *, samples: bool = True) -> ServiceRequest:
    """One request, for somebody whose duty it is.

    Raises:
        NotFound: there is none of that number, or it is a sample and samples are left out.
        NotAllowed: it is outside the actor's duty.
    """
    statement = _with_everything(select(ServiceRequest)).where(ServiceRequest.number == read_number(number))
    request = session.scalar(statement)
    if request is None or (request.sample and not samples):
        raise NotFound(N_("There is no request {number}"), number=number)
    require(actor, Action.SEE_REQUESTS, Area.of(request.station))
    return request


def may_answer(actor: Actor | None, request: ServiceRequest) -> bool:
    """Whether the actor may answer the request, not only read it."""
    return actor is not None and actor.may(Action.ANSWER_REQUESTS, Area.of(request.station))


def move_as_station(
    session: Session, actor: Actor | None, number: str, name: MoveName, *, version: int, note: str = "", now: datetime
) -> ServiceRequest:
    """Make a station's move.

    ``version``: the request's version that the actor saw.

    Raises:
        NotFound, NotAllowed, Conflict, InvalidInput: as ``check_move`` and ``require`` tell.
    """
    request = _hold_for_answer(session, actor, number, version)
    move = check_move(name, Party.STATION, request.state, note)
    if name is MoveName.ACCEPT:
        request.steward = actor.name
    _apply(session, request, name, move.target, Party.STATION, actor.username, note, now)
    return request


def move_as_firm(
    session: Session, number: str, code: str, name: MoveName, *, version: int, note: str = "", now: datetime
) -> ServiceRequest:
    """Make a firm's move, proved by the request's code.

    Raises:
        NotFound: number or code is wrong.
        NotAllowed, Conflict, InvalidInput: as ``check_move`` tells.
    """
    request = _lock(session, look_up(session, number, code), version)
    move = check_move(name, Party.FIRM, request.state, note)
    _apply(session, request, name, move.target, Party.FIRM, FIRM, note, now)
    return request


def deliver_item(
    session: Session,
    actor: Actor | None,
    number: str,
    service_code: str,
    *,
    version: int,
    performer: str,
    result: str,
    now: datetime,
) -> ServiceRequest:
    """Deliver one service of a request. The first moves an accepted request on to in progress, the
    last delivers the request.

    Raises:
        NotFound: no such request, or it has no such item.
        Conflict: the item is delivered already, or the request is not being worked on.
        InvalidForm: who did the work or what came of it is empty or too long.
        NotAllowed: outside the actor's duty.
    """
    request = _hold_for_answer(session, actor, number, version)
    item = next((item for item in request.items if item.service_code == service_code), None)
    if item is None:
        raise NotFound(N_("The request does not ask for “{code}”"), code=service_code)
    if item.delivered_at is not None:
        raise Conflict(N_("This service is delivered already"))
    if request.state not in {State.ACCEPTED, State.IN_PROGRESS}:
        raise Conflict(N_("The request has moved on meanwhile; look at it again before you act"))
    problems: list[InvalidInput] = []
    for name, value, limit in (("performer", performer, PERFORMER_LIMIT), ("result", result, RESULT_LIMIT)):
        try:
            read_text(name, value, limit=limit)
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    if request.state is State.ACCEPTED:
        _apply(session, request, MoveName.START, State.IN_PROGRESS, Party.STATION, actor.username, "", now)
    item.performer, item.result, item.delivered_at = performer.strip(), result.strip(), now
    _add_event(request, None, State.IN_PROGRESS, Party.STATION, actor.username, result.strip(), now, item)
    if all(other.delivered_at is not None for other in request.items):
        _apply(session, request, MoveName.DELIVER, State.DELIVERED, Party.STATION, actor.username, "", now)
    _touch(session, request, actor.username, "deliver_item", now, service=service_code)
    return request


def write_as_station(session: Session, actor: Actor | None, number: str, text: str, *, now: datetime) -> RequestMessage:
    """Send the firm a message.

    Raises:
        NotFound, NotAllowed: no such request in the actor's duty.
        Conflict: the request has come to its end.
        InvalidInput: the text is empty or too long.
    """
    request = open_request(session, actor, number)
    require(actor, Action.ANSWER_REQUESTS, Area.of(request.station))
    return _write(session, request, Party.STATION, actor.username, actor.name, text, now)


def write_as_firm(session: Session, number: str, code: str, text: str, *, now: datetime) -> RequestMessage:
    """Send the station a message.

    Raises:
        NotFound: number or code is wrong.
        Conflict: the request has come to its end.
        InvalidInput: the text is empty or too long.
    """
    request = look_up(session, number, code)
    return _write(session, request, Party.FIRM, FIRM, request.contact_name, text, now)


def _write(
    session: Session, request: ServiceRequest, party: Party, actor: str, author: str, text: str, now: datetime
) -> RequestMessage:
    if request.state in FINAL:
        raise Conflict(N_("The request is closed; nothing can be added to it"))
    message = RequestMessage(at=now, party=party, author=author, text=read_text("text", text, limit=MESSAGE_LIMIT))
    request.messages.append(message)
    request.updated_at = now
    audit.record(
        session, at=now, actor=actor, action="write_message", subject_kind="service_request", subject=request.number
    )
    return message


def _with_everything(statement: Select) -> Select:
    return statement.options(
        selectinload(ServiceRequest.items).joinedload(RequestItem.service),
        selectinload(ServiceRequest.events),
        selectinload(ServiceRequest.messages),
        selectinload(ServiceRequest.station),
        selectinload(ServiceRequest.county),
    )


def _seen_by(actor: Actor, samples: bool) -> ColumnElement[bool]:
    """The condition that the actor may see a request; the same rule as ``Actor.may``, in SQL."""
    areas: list[ColumnElement[bool]] = []
    for duty in actor.duties_for(Action.SEE_REQUESTS):
        areas.append(
            {
                AreaKind.PROVINCE: Station.city_adcode.startswith(duty.area_code[:2]),
                AreaKind.CITY: Station.city_adcode == duty.area_code,
                AreaKind.COUNTY: Station.county_adcode == duty.area_code,
                AreaKind.STATION: Station.code == duty.area_code,
            }[duty.area_kind]
        )
    seen = or_(false(), *areas)
    if actor.sample:
        seen &= ServiceRequest.sample
    if not samples:
        seen &= ServiceRequest.sample.is_(False)
    return seen


def _hold_for_answer(session: Session, actor: Actor | None, number: str, version: int) -> ServiceRequest:
    request = open_request(session, actor, number)
    require(actor, Action.ANSWER_REQUESTS, Area.of(request.station))
    return _lock(session, request, version)


def _lock(session: Session, request: ServiceRequest, version: int) -> ServiceRequest:
    session.refresh(request, with_for_update=True)
    if request.version != version:
        raise Conflict(N_("The request has moved on meanwhile; look at it again before you act"))
    return request


def _apply(
    session: Session,
    request: ServiceRequest,
    name: MoveName,
    target: State,
    party: Party,
    actor: str,
    note: str,
    now: datetime,
) -> None:
    if request.state not in MOVES[name].sources:
        raise Conflict(N_("The request has moved on meanwhile; look at it again before you act"))
    _add_event(request, name, target, party, actor, note.strip(), now)
    request.state = target
    _touch(session, request, actor, name.value, now)


def _add_event(
    request: ServiceRequest,
    move: MoveName | None,
    target: State,
    party: Party,
    actor: str,
    note: str,
    now: datetime,
    item: RequestItem | None = None,
) -> None:
    request.events.append(
        RequestEvent(
            position=len(request.events),
            at=now,
            party=party,
            actor=actor,
            move=move,
            source=request.state,
            target=target,
            item=item,
            note=note,
        )
    )


def _touch(session: Session, request: ServiceRequest, actor: str, action: str, now: datetime, **detail: str) -> None:
    request.version += 1
    request.updated_at = now
    audit.record(
        session, at=now, actor=actor, action=action, subject_kind="service_request", subject=request.number, **detail
    )
