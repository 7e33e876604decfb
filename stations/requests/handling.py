"""The actions on a filed request: answering, delivering, closing, writing messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.changes.kinds import Happening
from stations.duty.roles import Action, Actor, require, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, NotFound, Problems
from stations.language import N_
from stations.requests.attached_file import CheckedFile
from stations.requests.attachments import attach
from stations.requests.deadlines import settle
from stations.requests.feed_entry import tell_feed
from stations.requests.lookup import Browser, CheckedCode, Proof, look_up, open_request
from stations.requests.moves import MOVES, MoveName, check_move
from stations.requests.request_notices import tell_of_message
from stations.requests.service_request import RequestMessage, ServiceRequest
from stations.requests.states import FINAL, Party
from stations.requests.steps import (
    MOVED_ON,
    check_not_erased,
    check_version,
    is_done_already,
    lock,
    take_step,
    write_delivery,
)
from stations.requests.stewards import is_steward_of, stewards_of
from stations.requests.upload_quota import count_upload

FIRM = SystemActor.FIRM.value
MESSAGE_LIMIT = 4000
PERFORMER_LIMIT = 160
RESULT_LIMIT = 4000


def may_answer(actor: Actor | None, request: ServiceRequest) -> bool:
    """Whether the actor may answer the request, not only read it."""
    return actor is not None and request.erased_at is None and actor.may(Action.ANSWER_REQUESTS, request.station.area)


def move_as_station(
    session: Session, actor: Actor | None, number: str, name: MoveName, *, version: int, note: str = "", now: datetime
) -> ServiceRequest:
    """Make a move of the station.

    ``version``: the request's version that the actor saw. If the same form is sent twice within moments, the second has
    no effect.

    Raises:
        NotFound, NotAllowed, Conflict, InvalidInput: as in ``check_move`` and ``require``.
    """
    request = open_for_answer(session, actor, number)
    actor = signed_in(actor)
    if is_done_already(session, request, name, actor.username, note, version=version, now=now):
        return request
    check_version(request, version)
    move = check_move(name, Party.STATION, request.state, note, alone=True)
    own = is_steward_of(actor, request.station)
    if move.appoints and own:
        request.steward, request.steward_username = actor.name, actor.username
    # An office that takes a request on becomes nobody's steward, and the station's own clock goes on.
    taken_over = move.appoints and not own and bool(stewards_of(session, request.station))
    take_step(session, request, name, Party.STATION, actor.username, note, now, taken_over=taken_over)
    return request


def move_as_firm(
    session: Session,
    number: str,
    proof: Proof,
    name: MoveName,
    *,
    version: int,
    note: str = "",
    files: Sequence[CheckedFile] = (),
    now: datetime,
) -> ServiceRequest:
    """Make a move of the firm, proved by the request's code or the firm's browser.

    ``files``: checked by ``check_file``.

    Raises:
        NotFound: number or proof is wrong.
        NotAllowed, Conflict, InvalidInput: as in ``check_move``, or there are too many files or too many within a day.
    """
    request = look_up(session, number, proof, now=now)
    if is_done_already(session, request, name, FIRM, note, version=version, now=now):
        return request
    check_version(request, version)
    check_move(name, Party.FIRM, request.state, note, alone=True)
    event = take_step(session, request, name, Party.FIRM, FIRM, note, now)
    for file in files:
        attach(session, request, file, party=Party.FIRM, actor=FIRM, now=now, event=event)
    _count(session, proof, files, now)
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
    files: Sequence[CheckedFile] = (),
    now: datetime,
) -> ServiceRequest:
    """Deliver one service of a request, with ``files`` (its certificate or report) checked by ``check_file``.

    The first delivery moves an accepted request to in progress, the last one to delivered.

    Raises:
        NotFound: no such request, or it has no such item.
        Conflict: the item is delivered already, or the request is not being worked on.
        InvalidForm: ``performer`` or ``result`` is empty or too long.
        InvalidInput: there are too many files.
        NotAllowed: outside the actor's duty.
    """
    request = open_for_answer(session, actor, number)
    actor = signed_in(actor)
    if is_done_already(session, request, None, actor.username, result, version=version, now=now, service=service_code):
        return request
    check_version(request, version)
    item = next((item for item in request.items if item.service_code == service_code), None)
    if item is None:
        raise NotFound(N_("The request does not ask for “{code}”"), code=service_code)
    if item.delivered_at is not None:
        raise Conflict(N_("This service is delivered already"))
    if not request.state.deliverable:
        raise Conflict(MOVED_ON)
    problems = Problems()
    problems.attempt(read_text, "performer", performer, limit=PERFORMER_LIMIT)
    problems.attempt(read_text, "result", result, limit=RESULT_LIMIT)
    problems.stop()
    if request.state in MOVES[MoveName.START].sources:
        take_step(session, request, MoveName.START, Party.STATION, actor.username, "", now)
    item.performer, item.result, item.delivered_at = performer.strip(), result.strip(), now
    event = write_delivery(session, request, item, actor.username, now)
    for file in files:
        attach(session, request, file, party=Party.STATION, actor=actor.username, now=now, event=event)
    if all(other.delivered_at is not None for other in request.items):
        take_step(session, request, MoveName.DELIVER, Party.STATION, actor.username, "", now)
    return request


def write_as_station(
    session: Session,
    actor: Actor | None,
    number: str,
    text: str,
    *,
    files: Sequence[CheckedFile] = (),
    now: datetime,
) -> RequestMessage:
    """Send the firm a message, with files checked by ``check_file``.

    Raises:
        NotFound, NotAllowed: no such request, or it is outside the actor's duty.
        Conflict: the request is finished.
        InvalidInput: neither text nor file, the text is too long, or there are too many files.
    """
    request = open_request(session, actor, number)
    actor = require(actor, Action.ANSWER_REQUESTS, request.station.area)
    return _write(session, request, Party.STATION, actor.username, actor.name, text, files, now)


def write_as_firm(
    session: Session, number: str, proof: Proof, text: str, *, files: Sequence[CheckedFile] = (), now: datetime
) -> RequestMessage:
    """Send the station a message, with files checked by ``check_file``.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: the request is finished.
        InvalidInput: neither text nor file, the text is too long, or there are too many files.
    """
    request = look_up(session, number, proof, now=now)
    message = _write(session, request, Party.FIRM, FIRM, request.contact_name, text, files, now)
    _count(session, proof, files, now)
    return message


def _count(session: Session, proof: Proof, files: Sequence[CheckedFile], now: datetime) -> None:
    for file in files:
        count_upload(session, _client_of(proof), file, now)


def _client_of(proof: Proof) -> str:
    match proof:
        case Browser():
            return proof.client or proof.token or ""
        case CheckedCode():
            return proof.client
        case code:
            return code


def _write(
    session: Session,
    request: ServiceRequest,
    party: Party,
    actor: str,
    author: str,
    text: str,
    files: Sequence[CheckedFile],
    now: datetime,
) -> RequestMessage:
    check_not_erased(request)
    if request.state in FINAL:
        raise Conflict(N_("The request is closed; nothing can be added to it"))
    text = read_text("text", text, limit=MESSAGE_LIMIT, required=not files)
    message = RequestMessage(at=now, party=party, author=author, text=text)
    request.messages.append(message)
    for file in files:
        attach(session, request, file, party=party, actor=actor, now=now, message=message)
    request.updated_at = now
    settle(request)
    log.record(
        session,
        at=now,
        actor=actor,
        action=AuditAction.WRITE_MESSAGE,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
    )
    tell_feed(session, request, Happening.MESSAGE, actor=actor, now=now)
    tell_of_message(session, request, message)
    return message


def hold_for_answer(
    session: Session, actor: Actor | None, number: str, version: int, action: Action = Action.ANSWER_REQUESTS
) -> ServiceRequest:
    """Return the request as ``open_for_answer`` does, locked until the transaction ends.

    Raises:
        NotFound, NotAllowed: no such request, or the action on it is outside the actor's duty.
        Conflict: it no longer has that version.
    """
    return lock(session, open_for_answer(session, actor, number, action), version)


def open_for_answer(
    session: Session, actor: Actor | None, number: str, action: Action = Action.ANSWER_REQUESTS
) -> ServiceRequest:
    """Return the request for a step of its station.

    Raises:
        NotFound, NotAllowed: no such request, or the action on it is outside the actor's duty.
    """
    request = open_request(session, actor, number)
    require(actor, action, request.station.area)
    return request
