"""Requests for systems of other offices: reading those of the key's area, and handling them as a station does."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal.api.application import StrictRoute
from portal.api.inquiry import Asked, Inquiry, unknown_word
from portal.api.keys import PRIVATE, Key
from portal.api.problem import problem
from portal.api.v1.tags import PARTNERS
from portal.storage import engine
from stations.answers.desk_request import desk_request, listed_request, possible_moves, steps_since
from stations.duty.roles import Actor
from stations.errors import Conflict
from stations.partners.interface_key import KeyInUse
from stations.partners.scopes import Scope
from stations.readers.numbers import read_whole_number
from stations.requests.handling import deliver_item, move_as_station, write_as_station
from stations.requests.lookup import open_request
from stations.requests.moves import MOVES, MoveName
from stations.requests.personal_access import note_request_opened
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.queue_order import QueueOrder, SortedBy, place_of, read_place
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_to, shown_whole
from stations.requests.states import Party, State

MOST = 500
_MOVES = tuple(move.name.value for move in MOVES.values() if move.alone and Party.STATION in move.parties)
_STATES = {state.value: state for state in State}
_BY_FILING = QueueOrder(SortedBy.FILED)
router = APIRouter(route_class=StrictRoute, tags=[PARTNERS])
Number = Annotated[str, Path(description="The tracking number. 申请编号。", max_length=20, examples=["Q261124-0A1B2C"])]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Step(_Body):
    """A step of the station. 办理动作。"""

    move: str = Field(description=f"One of: {', '.join(_MOVES)}", max_length=20, examples=["accept"])
    version: int = Field(description="The version that you saw. 所依据的版本。", ge=0, le=10**9)
    note: str = Field(default="", description="The reason, where the move needs one. 原因。", max_length=4000)


class Delivery(_Body):
    """A service that is delivered. 服务交付。"""

    service: str = Field(description="The code of the service. 服务代码。", max_length=80)
    version: int = Field(ge=0, le=10**9)
    performer: str = Field(description="Who did the work. 承办机构。", max_length=400)
    result: str = Field(description="The result. 结果。", max_length=8000)


class Message(_Body):
    """A message to the firm. 给企业的留言。"""

    text: str = Field(max_length=8000)


@router.get("/desk/requests", operation_id="listDeskRequests")
def list_desk_requests(
    asked: Asked,
    key: Key,
    state: Annotated[list[str] | None, Query(description="Only in these states. 仅这些状态。")] = None,
    station: Annotated[str | None, Query(description="The code of a station. 小站编码。", max_length=40)] = None,
    county: Annotated[str | None, Query(description="An adcode. 区划代码。", max_length=6)] = None,
    service: Annotated[str | None, Query(description="The code of a service. 服务编码。", max_length=80)] = None,
    after: Annotated[str | None, Query(description="`next` of the page before. 上一页的 next。", max_length=30)] = None,
    limit: Annotated[str | None, Query(description=f"1 to {MOST}; 100 where it is left out. 每页条数。")] = None,
) -> Any:
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
    return JSONResponse({"requests": shown, "next": following}, headers=PRIVATE)


@router.get("/desk/requests/{number}", operation_id="getDeskRequest")
def get_desk_request(asked: Asked, key: Key, number: Number) -> Any:
    """Return one request with its steps and messages. 一条申请及其办理过程。

    Personal data is masked unless the key has the scope for it; that it was read in clear is then noted in the log.
    """
    return _answer(asked, key, number)


@router.post("/desk/requests/{number}/steps", operation_id="takeDeskStep")
def take_desk_step(request: Request, asked: Asked, key: Key, number: Number, step: Step) -> Any:
    """Take a step as the station. 以小站身份办理。

    If the request has moved on since the version that you saw, the answer (409) has the steps since, and what is
    possible now.
    """
    if step.move not in _MOVES:
        raise unknown_word("move", step.move, _MOVES)

    def act(session: Session, actor: Actor) -> ServiceRequest:
        name = MoveName(step.move)
        return move_as_station(session, actor, number, name, version=step.version, note=step.note, now=asked.now)

    return _handle(request, asked, key, number, step.version, act)


@router.post("/desk/requests/{number}/deliveries", operation_id="deliverDeskService")
def deliver_desk_service(request: Request, asked: Asked, key: Key, number: Number, delivery: Delivery) -> Any:
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

    return _handle(request, asked, key, number, delivery.version, act)


@router.post("/desk/requests/{number}/messages", operation_id="writeDeskMessage", status_code=201)
def write_desk_message(asked: Asked, key: Key, number: Number, message: Message) -> Any:
    """Write to the firm. 给企业留言。"""
    actor = key.require(Scope.HANDLE_REQUESTS)
    with asked.transaction() as session:
        written = write_as_station(session, actor, number, message.text, now=asked.now)
        told = {"at": written.at.isoformat(), "text": written.text}
    return JSONResponse(told, 201, headers=PRIVATE)


def _handle(request: Request, asked: Inquiry, key: KeyInUse, number: str, version: int, act: Any) -> Response:
    actor = key.require(Scope.HANDLE_REQUESTS)
    try:
        with asked.transaction() as session:
            act(session, actor)
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
    return _answer(asked, key, number)


def _answer(asked: Inquiry, key: KeyInUse, number: str) -> Response:
    actor = key.require(Scope.READ_REQUESTS, Scope.HANDLE_REQUESTS)
    with asked.reading() as session:
        held = open_request(session, actor, number, samples=asked.samples)
        clear = note_request_opened(engine(), actor, held, asked.now)
        shown = shown_whole(held) if clear else shown_to(None, held)
        return JSONResponse(desk_request(held, shown), headers=PRIVATE)
