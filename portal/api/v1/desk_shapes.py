"""The JSON of requests as the system of an office reads and handles them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from portal.api.v1.filing_shapes import Told, described
from portal.api.v1.followed_shapes import By, Day, Firm, Instant, OwnMessage, OwnService, OwnStation
from portal.api.v1.partner_shapes import words
from stations.requests.moves import MOVES, MoveName
from stations.requests.states import Party, State

STEPS = tuple(move.name.value for move in MOVES.values() if move.alone and Party.STATION in move.parties)
"""The moves that a station makes by themselves."""
StateCode = Annotated[str, words(state.value for state in State)]
MoveCode = Annotated[str, words(move.value for move in MoveName)]


class Sent(BaseModel):
    """A body: no other fields."""

    model_config = ConfigDict(extra="forbid")


SeenVersion = Annotated[int, Field(description="The version that you saw. 所依据的版本。", ge=0, le=10**9)]


class Step(Sent):
    """A step of the station. 办理动作。"""

    move: str = Field(description=f"One of: {', '.join(STEPS)}", max_length=20, examples=["accept"])
    version: SeenVersion
    note: str = Field(default="", description="The reason, where the move needs one. 原因。", max_length=4000)


class Transfer(Sent):
    """To which other station a request goes, and why. 转交的站点和原因。"""

    station_code: str = Field(description="Code of the station that takes it over. 接收站点的编码。", max_length=80)
    version: SeenVersion
    note: str = Field(description="The reason, which the firm reads. 原因（企业可见）。", max_length=4000)


class Delivery(Sent):
    """A service that is delivered. 服务交付。"""

    service: str = Field(description="The code of the service. 服务代码。", max_length=80)
    version: SeenVersion
    performer: str = Field(description="Who did the work. 承办机构。", max_length=400)
    result: str = Field(description="The result. 结果。", max_length=8000)


class Message(Sent):
    """A message to the firm. 给企业的留言。"""

    text: str = Field(max_length=8000)


class ListedRequest(Told):
    """What a list says of a request: nothing about people. 申请概要，不含个人信息。"""

    number: str
    state: StateCode
    version: int
    station: str = described("Code of the station that answers.", "受理站点编码。")
    county: str = described("Adcode of the firm's county.", "企业所在县（市、区）的区划代码。")
    services: list[str] = described("Codes of the services.", "服务编码。")
    filed_at: Instant
    updated_at: Instant
    due_on: Day | None
    sample: bool
    link: str


class ListedRequests(Told):
    """A page of requests. 一页申请。"""

    requests: list[ListedRequest]
    next: str | None = described("`after` of the page that follows.", "下一页的 after。")


class DeskStep(Told):
    """One step, with the version that it made. 办理步骤及其版本。"""

    version: int
    at: Instant
    by: By
    key: bool = described("It was made by a key.", "是否经由密钥办理。")
    move: MoveCode | None
    service: str | None
    state: StateCode


class DeskRequest(Told):
    """A request as the system of an office reads it. 对接系统所见的申请。"""

    number: str
    state: StateCode
    version: int
    station: OwnStation
    county: str
    services: list[OwnService]
    filed_at: Instant
    updated_at: Instant
    due_on: Day | None
    sample: bool
    link: str
    firm: Firm
    product: str
    description: str
    wanted_on: Day | None
    on_site: bool
    steps: list[DeskStep]
    messages: list[OwnMessage]
    possible: list[str] = described("Moves that a station can make now.", "站点现在可办的动作。")


class MessageWritten(Told):
    """A message that was written. 已发送的留言。"""

    at: Instant
    text: str


class Taker(Told):
    """A station that could take a request over. 可接收申请的站点。"""

    code: str
    name: str
    county: str | None = described("Adcode.", "所在县（市、区）的区划代码。")
    distance_m: int | None = described("From the firm, in metres, where it can be told.", "与企业的距离（米）。")


class Takers(Told):
    """The stations that could take a request over, the nearest to the firm first. 可接收申请的站点，由近及远。"""

    stations: list[Taker]


class Transferred(Told):
    """Where a request went. 转交结果。"""

    number: str
    state: StateCode
    version: int
    station: str = described("Code of the station that answers now.", "现受理站点编码。")
    link: str | None = described(
        "Where it is read; null where it lies in the key's area no more.", "读取地址；已不在密钥范围内则为 null。"
    )


class MovedOn(Told):
    """A problem (RFC 9457): the request has moved on since the version that you saw. 申请已有新的进展。"""

    type: str
    title: str
    status: int
    detail: str = ""
    reference: str = ""
    version: int
    state: StateCode
    since: list[DeskStep] = described("The steps since your version.", "此后的办理步骤。")
    possible: list[str] = described("Moves that a station can make now.", "站点现在可办的动作。")
