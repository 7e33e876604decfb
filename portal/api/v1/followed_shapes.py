"""The JSON of a request as its firm follows it, and of what the firm does with it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from portal.api.v1.filing_shapes import Shape, Told, described
from stations.requests.rating import GRADES

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
By = Literal["firm", "station"]


class Station(Told):
    """The station that answers. 受理站点。"""

    code: str
    name: str
    steward: str | None
    phone: str | None
    address: str | None


class Firm(Told):
    """The firm that asks. 申请企业。"""

    name: str
    credit_code: str
    county: str
    contact: str
    phone: str
    email: str


class FollowedService(Told):
    """One service, and how it stands. 一项服务及其进展。"""

    service: str
    name: str
    quantity: str
    remarks: str
    performer: str
    due_on: Day | None
    delivered_at: Instant | None
    result: str


class Deadline(Told):
    """What is due. 期限。"""

    kind: str
    of: By
    service: str | None
    by: Day | None
    provisional: bool = described("The holidays of that year are not published yet.", "节假日安排尚未公布，可能变动。")


class Question(Told):
    """What the station asks and the firm has not answered. 站点的提问。"""

    at: Instant
    text: str


class Step(Told):
    """One step. 一个步骤。"""

    at: Instant
    by: By
    move: str | None
    service: str | None
    note: str
    told: str = described("What happened, in words.", "文字说明。")
    files: list[str] = described("Codes of its files.", "附件编号。")


class Message(Told):
    """A message. 一条留言。"""

    at: Instant
    by: By
    author: str
    text: str
    files: list[str] = described("Codes of its files.", "附件编号。")


class File(Told):
    """A file; `GET /requests/{number}/files/{code}` has its content. 附件。"""

    code: str
    name: str
    media_type: str
    bytes: int
    sha256: str
    by: By
    at: Instant


class EscalatedTo(Told):
    """A level that was told that a deadline has passed. 逾期上报。"""

    at: Instant
    level: str
    due_on: Day


class GivenRating(Told):
    """The firm's rating. 企业评价。"""

    questions: dict[str, int]
    services: dict[str, int]
    comment: str


class NewestNotice(Told):
    """How the newest notice stands. 最近一条通知的状态。"""

    state: str
    failed: bool
    at: Instant


class Notices(Told):
    """Where notices go. 通知方式。"""

    channel: str | None
    address: str | None
    language: str
    confirmed: bool
    newest: NewestNotice | None


class Followed(Told):
    """A request as its firm sees it. 企业所见的申请。"""

    number: str
    state: str = described("Code of the state.", "状态编码。", "submitted")
    state_label: str
    version: int = described("As in `ETag`; send it back in `If-Match`.", "版本号，与 `ETag` 一致。")
    sample: bool
    turn: By | None = described("Who has to act next.", "轮到哪一方。")
    next_step: str
    can: list[str] = described("What the firm can do now.", "企业现在可办的事。")
    filed_at: Instant
    updated_at: Instant
    station: Station
    firm: Firm
    product: str
    description: str
    wanted_on: Day | None
    on_site: bool
    consent: str = described("Version of the text agreed to.", "所同意告知书的版本。")
    services: list[FollowedService]
    deadlines: list[Deadline]
    question: Question | None
    steps: list[Step]
    messages: list[Message]
    files: list[File]
    escalated: list[EscalatedTo]
    hastened: list[Instant] = described("When an office asked the station for haste.", "上级催办时间。")
    rating: GivenRating | None
    notices: Notices
    split_from: str | None
    parts: list[str]


class AgreedText(Told):
    """The text that the firm agreed to. 所同意的告知书。"""

    version: str
    text_zh: str
    text_en: str


class OwnStation(Told):
    """The station that answers. 受理站点。"""

    code: str
    name: str
    steward: str | None


class OwnService(Told):
    """One service, and how it stands. 一项服务及其进展。"""

    service: str
    quantity: str
    remarks: str
    performer: str | None
    due_on: Day | None
    delivered_at: Instant | None
    result: str | None


class OwnStep(Told):
    """One step. 一个步骤。"""

    at: Instant
    by: By
    move: str | None
    service: str | None
    note: str


class OwnMessage(Told):
    """A message. 一条留言。"""

    at: Instant
    by: By
    author: str
    text: str


class OwnFile(Told):
    """A file. 附件。"""

    name: str
    bytes: int
    sha256: str
    by: By


class OwnGrade(Told):
    """A grade; ``question`` is null for the result of one service. 一项评分。"""

    question: str | None
    grade: int


class OwnRating(Told):
    """The firm's rating. 企业评价。"""

    grades: list[OwnGrade]
    comment: str


class OwnData(Told):
    """All that a request holds, for the firm to take along. 申请的全部数据。"""

    number: str
    state: str
    filed_at: Instant
    station: OwnStation
    firm: Firm
    product: str
    description: str
    wanted_on: Day | None
    on_site: bool
    consent: AgreedText
    services: list[OwnService]
    steps: list[OwnStep]
    messages: list[OwnMessage]
    files: list[OwnFile]
    rating: OwnRating | None


class Reason(Shape):
    """Why. 原因。"""

    note: str = described("Why, for the station.", "原因。", "已不需要", max_length=8000)


class Reopening(Shape):
    """A delivered service that is not done. 未办妥的服务。"""

    service: str = described("Code of the service.", "服务编码。", "metrology.calibration", max_length=80)
    note: str = described("What is missing or wrong.", "缺少什么或哪里不对。", "缺少证书", max_length=8000)


Grade = Annotated[int, Field(ge=GRADES.start, le=GRADES.stop - 1)]


class NewRating(Shape):
    """A rating: 1 very dissatisfied to 5 very satisfied. 评价：1 非常不满意至 5 非常满意。"""

    overall: Grade = described("All in all.", "总体满意度。", 5)
    efficiency: Grade | None = described("How quickly it was done.", "办事效率。", default=None)
    guidance: Grade | None = described("How clear and right the guidance was.", "办事指南。", default=None)
    convenience: Grade | None = described("How easy it was to get done.", "办事便捷度。", default=None)
    competence: Grade | None = described("How well they knew their work.", "服务水平。", default=None)
    attitude: Grade | None = described("How the firm was treated.", "服务态度。", default=None)
    services: dict[str, Grade] = described("The result of each service, by its code.", "各项服务的结果。", default={})
    comment: str = described("Comment.", "意见。", default="", max_length=4000)


class Contact(Shape):
    """Whom the station reaches. 联系方式。"""

    contact_name: str = described("Whom the station asks for.", "联系人。", "王测试", max_length=500)
    phone: str = described("Telephone.", "联系电话。", "13900001234", max_length=200)
    email: str = described("E-mail address.", "电子邮箱。", default="", max_length=400)


class NoticeWay(Shape):
    """Where notices go. 通知方式。"""

    channel: str = described("Channel; empty for none.", "通知方式；空为不通知。", "email", max_length=40)
    address: str = described("Address on it; empty for the firm's own.", "地址。", default="", max_length=1000)
    language: str | None = described("Language of the notices.", "通知的语言。", default=None, max_length=20)


class SixDigits(Shape):
    """A code that was sent to an address. 发到该地址的验证码。"""

    code: str = described("The six digits.", "六位验证码。", "123456", max_length=40)


class NewCodeTold(Told):
    """A new secret code; the one before no longer opens the request. 新的查询码。"""

    number: str
    code: str


class Sure(Shape):
    """That the data is to be erased. 确认删除。"""

    erase: Literal[True] = described(
        "Nobody can open the request any more afterwards.", "删除后任何人都不能再打开该申请。", True
    )


class LostCode(Shape):
    """A contact whose requests are to be opened again. 用于找回的联系方式。"""

    contact: str = described(
        "The mobile number or e-mail address confirmed for notices.", "已确认用于通知的手机号或邮箱。", "13900001234",
        max_length=400,
    )


class RecoveryBegun(Told):
    """A recovery, whether or not the contact has requests. 找回已受理（不透露是否有申请）。"""

    session: str = described("Send it with the six digits.", "与验证码一并提交。")


class RecoveryCode(LostCode):
    """The six digits that came. 收到的验证码。"""

    session: str = described("As answered when the code was asked for.", "申请验证码时返回的值。", max_length=100)
    code: str = described("The six digits.", "六位验证码。", "123456", max_length=40)


class Recovered(Told):
    """The requests that are open now, with `X-Request-Session`. 已打开的申请。"""

    numbers: list[str]
    session: str


def examples_of(**named: Any) -> dict[str, Any]:
    """Return examples for the OpenAPI document by name."""
    return {name: {"value": value} for name, value in named.items()}
