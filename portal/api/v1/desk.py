"""Requests for systems of other offices: reading those of the key's area, and handling them as a station does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.api.inquiry import Asked, Inquiry, unknown_word
from portal.api.keys import PRIVATE, Key
from portal.api.problem import MEDIA_TYPE, problem
from portal.api.repeatable import Once, RepeatableRoute, Sending
from portal.api.v1.desk_shapes import (
    STEPS,
    Delivery,
    DeskRequest,
    ListedRequests,
    Message,
    MessageWritten,
    MovedOn,
    Step,
    Takers,
    Transfer,
    Transferred,
)
from portal.api.v1.tags import PARTNERS
from portal.storage import engine
from stations.answers.desk_request import (
    desk_request,
    link_of,
    listed_request,
    possible_moves,
    steps_since,
    taker_data,
)
from stations.duty.roles import Action, Actor
from stations.errors import Conflict
from stations.partners.interface_key import KeyInUse
from stations.partners.scopes import Scope
from stations.readers.numbers import read_whole_number
from stations.requests.handling import deliver_item, move_as_station, open_for_answer, write_as_station
from stations.requests.idempotency import InProgress
from stations.requests.lookup import open_request
from stations.requests.moves import MoveName
from stations.requests.personal_access import note_request_opened
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.queue_order import QueueOrder, SortedBy, place_of, read_place
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_to, shown_whole
from stations.requests.states import State
from stations.requests.transfer import stations_to_take, transfer

MOST = 500
_STATES = {state.value: state for state in State}
_BY_FILING = QueueOrder(SortedBy.FILED)
_TOLD = MovedOn.model_json_schema(ref_template="#/components/schemas/{model}")
del _TOLD["$defs"]  # the document has them
_MOVED_ON: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "It has moved on since your version, or is being done. 申请已有新的进展，或正在办理。",
        "content": {MEDIA_TYPE: {"schema": {"anyOf": [_TOLD, {"$ref": "#/components/schemas/Problem"}]}}},
    }
}
router = APIRouter(route_class=RepeatableRoute, tags=[PARTNERS])
Number = Annotated[str, Path(description="The tracking number. 申请编号。", max_length=20, examples=["Q261124-0A1B2C"])]


@router.get("/desk/requests", operation_id="listDeskRequests")
def list_desk_requests(
    asked: Asked,
    key: Key,
    response: Response,
    state: Annotated[list[str] | None, Query(description="Only in these states. 仅这些状态。")] = None,
    station: Annotated[str | None, Query(description="The code of a station. 小站编码。", max_length=40)] = None,
    county: Annotated[str | None, Query(description="An adcode. 区划代码。", max_length=6)] = None,
    service: Annotated[str | None, Query(description="The code of a service. 服务编码。", max_length=80)] = None,
    after: Annotated[str | None, Query(description="`next` of the page before. 上一页的 next。", max_length=30)] = None,
    limit: Annotated[str | None, Query(description=f"1 to {MOST}; 100 where it is left out. 每页条数。")] = None,
) -> ListedRequests:
    """Return the requests of the key's area, in the order of filing, without personal data. 密钥区域内的申请。"""
    actor = key.require(Scope.READ_REQUESTS, Scope.HANDLE_REQUESTS)
    for one in state or []:
        if one not in _STATES:
            raise unknown_word("state", one, _STATES)
    place = read_place(after) if after is not None else None
    if after is not None and place is None:
        raise unknown_word("after", after, ("next",))
    count = read_whole_number("limit", limit, 1, MOST) if limit is not None else 100
    wanted = QueueFilter(
        states=frozenset(_STATES[one] for one in state or []),
        station=station or "",
        county=county or "",
        service=service or "",
    )
    with asked.reading() as session:
        found = list_requests(
            session, actor, wanted, samples=asked.samples, order=_BY_FILING, after=place, limit=count + 1
        )
        shown = [listed_request(one) for one in found[:count]]
        following = str(place_of(found[count - 1])) if len(found) > count else None
    response.headers.update(PRIVATE)
    return ListedRequests.model_validate({"requests": shown, "next": following})


@router.get("/desk/requests/{number}", operation_id="getDeskRequest")
def get_desk_request(asked: Asked, key: Key, number: Number, response: Response) -> DeskRequest:
    """Return one request with its steps and messages. 一条申请及其办理过程。

    Personal data is masked unless the key has the scope for it; that it was read in clear is then noted in the log.
    """
    return _answer(asked, key, number, response)


@router.post(
    "/desk/requests/{number}/steps", operation_id="takeDeskStep", response_model=DeskRequest, responses=_MOVED_ON
)
def take_desk_step(
    asked: Asked, key: Key, number: Number, step: Step, response: Response, once: Once
) -> DeskRequest | Response:
    """Take a step as the station. 以小站身份办理。

    If the request has moved on since the version that you saw, the answer (409) has the steps since, and what is
    possible now.
    """
    if step.move not in STEPS:
        raise unknown_word("move", step.move, STEPS)

    def act(session: Session, actor: Actor) -> ServiceRequest:
        name = MoveName(step.move)
        return move_as_station(session, actor, number, name, version=step.version, note=step.note, now=asked.now)

    moved_on = _handle(asked, key, number, step.version, once, act)
    return moved_on or _answer(asked, key, number, response)


@router.post(
    "/desk/requests/{number}/deliveries",
    operation_id="deliverDeskService",
    response_model=DeskRequest,
    responses=_MOVED_ON,
)
def deliver_desk_service(
    asked: Asked, key: Key, number: Number, delivery: Delivery, response: Response, once: Once
) -> DeskRequest | Response:
    """Deliver one service of a request. 交付一项服务。"""

    def act(session: Session, actor: Actor) -> ServiceRequest:
        return deliver_item(
            session,
            actor,
            number,
            delivery.service,
            version=delivery.version,
            performer=delivery.performer,
            result=delivery.result,
            now=asked.now,
        )

    moved_on = _handle(asked, key, number, delivery.version, once, act)
    return moved_on or _answer(asked, key, number, response)


@router.get("/desk/requests/{number}/takers", operation_id="listDeskTakers")
def list_desk_takers(asked: Asked, key: Key, number: Number, response: Response) -> Takers:
    """Return the stations that could take a request over, the nearest to the firm first. 可接收申请的站点。"""
    actor = key.require(Scope.HANDLE_REQUESTS)
    with asked.reading() as session:
        held = open_for_answer(session, actor, number, Action.TRANSFER_REQUESTS)
        found = [taker_data(one) for one in stations_to_take(session, held, asked.today)]
    response.headers.update(PRIVATE)
    return Takers.model_validate({"stations": found})


@router.post(
    "/desk/requests/{number}/transfer",
    operation_id="transferDeskRequest",
    response_model=Transferred,
    responses=_MOVED_ON,
)
def transfer_desk_request(
    asked: Asked, key: Key, number: Number, wanted: Transfer, response: Response, once: Once
) -> Transferred | Response:
    """Hand a request over to another station. 转交其他站点。

    It may lie outside the key's area; the request is then read by this key no more (`link` is null).
    接收站点可以在密钥范围之外，此后本密钥不能再读取该申请。
    """
    told: dict[str, Any] = {}

    def act(session: Session, actor: Actor) -> ServiceRequest:
        held = transfer(
            session, actor, number, wanted.station_code, version=wanted.version, note=wanted.note, now=asked.now
        )
        readable = actor.may(Action.SEE_REQUESTS, held.station.area)
        told.update(number=held.number, state=held.state.value, version=held.version, station=held.station.code)
        told["link"] = link_of(held) if readable else None
        return held

    moved_on = _handle(asked, key, number, wanted.version, once, act)
    response.headers.update(PRIVATE)
    return moved_on or Transferred.model_validate(told)


@router.post("/desk/requests/{number}/messages", operation_id="writeDeskMessage", status_code=201)
def write_desk_message(
    asked: Asked, key: Key, number: Number, message: Message, response: Response, once: Once
) -> MessageWritten:
    """Write to the firm. 给企业留言。"""
    actor = key.require(Scope.HANDLE_REQUESTS)
    with once.transaction() as session:
        written = write_as_station(session, actor, number, message.text, now=asked.now)
        told = MessageWritten(at=written.at.isoformat(), text=written.text)
    response.headers.update(PRIVATE)
    return told


def _handle(
    asked: Inquiry,
    key: KeyInUse,
    number: str,
    version: int,
    once: Sending,
    act: Callable[[Session, Actor], ServiceRequest],
) -> Response | None:
    """Take a step. Return the answer that the request has moved on; None if the step was taken."""
    actor = key.require(Scope.HANDLE_REQUESTS)
    try:
        with once.transaction() as session:
            act(session, actor)
    except InProgress:
        raise
    except Conflict as moved_on:
        with asked.reading() as session:
            held = open_request(session, actor, number, samples=asked.samples)
            members: dict[str, Any] = {
                "version": held.version,
                "state": held.state.value,
                "since": steps_since(held, version),
                "possible": possible_moves(held),
            }
        told = asked.language.translate(moved_on.message, **moved_on.params)
        return problem(asked.language, 409, told, **members)
    return None


def _answer(asked: Inquiry, key: KeyInUse, number: str, response: Response) -> DeskRequest:
    actor = key.require(Scope.READ_REQUESTS, Scope.HANDLE_REQUESTS)
    with asked.reading() as session:
        held = open_request(session, actor, number, samples=asked.samples)
        clear = note_request_opened(engine(), actor, held, asked.now)
        shown = shown_whole(held) if clear else shown_to(None, held)
        told = DeskRequest.model_validate(desk_request(held, shown))
    response.headers.update(PRIVATE)
    return told
