"""The JSON that systems of other offices get: what a key allows, the feed, stations with versions, call-backs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from portal.api.v1.filing_shapes import Told, described
from portal.api.v1.followed_shapes import Day, Instant
from stations.changes.kinds import KINDS
from stations.keeping.proposal import ProposalState
from stations.partners.call_back import CallBackState, DeliveryState
from stations.partners.interface_key import KEY_AREAS
from stations.partners.row_result import Outcome
from stations.partners.scopes import Scope
from stations.registry.station import Status


def words(known: Iterable[str]) -> Any:
    """Return what the schema of a text says that is one of these."""
    return Field(json_schema_extra={"enum": [str(one) for one in known]})


ScopeName = Annotated[str, words(scope.value for scope in Scope)]
Kind = Annotated[str, words(KINDS)]
StatusCode = Annotated[str, words(status.value for status in Status)]
Version = Annotated[int, Field(ge=1)]


class KeyInUse(Told):
    """What a key allows. 密钥的权限、范围和有效期。"""

    prefix: str = described("By which the key is known, in the log too.", "密钥前缀，日志中以此指称。", "H1M6VRG7")
    system: str = described("Code of the system.", "系统代码。")
    name: str = described("What the system is called.", "系统名称。")
    area_kind: Annotated[str, words(kind.value for kind in KEY_AREAS)]
    area_code: str = described("Adcode of its area.", "范围的区划代码。")
    scopes: list[ScopeName]
    expires_on: Day = described("The last day on which it is valid.", "有效期的最后一天。")
    per_minute: int = described("How many requests it may make a minute.", "每分钟请求次数。")
    per_day: int = described("How many requests it may make a day.", "每日请求次数。")
    sample: bool = described("It reaches sample records only.", "仅限示例记录。")


class Change(Told):
    """One change. 一条变更。"""

    id: str = described("Its cursor.", "游标。")
    type: Kind
    code: str = described("Code of the record; the number of a request.", "记录编码或申请编号。")
    version: int | None = described("The version that the record then had.", "变更后的版本。")
    at: Instant
    other: str | None = described("The other record of a merge.", "合并涉及的另一记录。")
    city: str | None = described("Adcode.", "设区市区划代码。")
    county: str | None = described("Adcode.", "县（市、区）区划代码。")
    station: str | None = described("Code of a request's station.", "申请的受理站点。")
    sample: bool
    key: str | None = described("Prefix of the key by which it was done.", "经由密钥变更时的密钥前缀。")
    link: str | None = described("Where the record is read; null once it is gone.", "读取记录的地址；已不在则为 null。")


class Changes(Told):
    """A part of the feed. 变更流的一段。"""

    changes: list[Change]
    next: str = described("The cursor from which to read on: `since`.", "下次的 since。")
    more: bool = described("Whether there is more already.", "是否还有更多。")


class Span(Told):
    """The days between which a service is offered. 提供服务的起止日期。"""

    since: Day | None
    until: Day | None


class Stage(Told):
    """An entry of a station's history. 状态沿革。"""

    status: StatusCode
    dated: str | None = described("Since when, as exact as is known: 2026, 2026-03 or 2026-03-05.", "起始日期。")
    as_of: str | None = described("When it is known to hold, where the beginning is not.", "已知成立的日期。")
    reason: str | None
    source: str | None


class StationRecord(Told):
    """The fields of a station. What is not said here is empty. 小站的各项内容；未列出的为空。"""

    name: str
    name_en: str | None
    brand: str | None
    host: str = described("Who runs it.", "承建单位。", default="")
    address: str
    city_adcode: str
    county_adcode: str | None
    hours: str | None = described("As in OpenStreetMap.", "开放时间（OpenStreetMap 写法）。")
    phone: str | None
    contact_name: str = described("Only with `personal:read`.", "需 personal:read 权限。", default="")
    contact_phone: str = described("Only with `personal:read`.", "需 personal:read 权限。", default="")
    source: str
    place: Annotated[list[float], Field(min_length=2, max_length=2)] | None = described(
        "Longitude and latitude, WGS-84.", "经度、纬度（WGS-84）。"
    )
    chains: list[str] = described("Codes of industrial chains.", "产业链编码。")
    services: dict[str, Span] = described("By the code of the service.", "按服务编码。")
    history: list[Stage] = described("In order; the last entry holds.", "按时间先后，最后一条为现状。")
    unread: dict[str, str] = described(
        "Words of a list that could not be read, by field.", "未能识别的原文。", default={}
    )


class RegistryStation(Told):
    """A station with its version. 小站及其版本。"""

    code: str
    id: str | None = described("In your system, where it is linked.", "贵系统中的编号。")
    version: Version
    updated_at: Instant
    sample: bool
    record: StationRecord


class RegistryStations(Told):
    """A page of stations. 一页小站。"""

    stations: list[RegistryStation]
    next: str | None = described("`after` of the page that follows.", "下一页的 after。")


class Clash(Told):
    """A field that both sides changed. 双方都改动的字段。"""

    field: str
    base: Any = described("What both held last.", "双方最后一致的值。")
    ours: Any = described("What is here.", "本平台的值。")
    theirs: Any = described("What your system sent.", "贵系统的值。")
    entry: dict[str, Any] = described("The status that your system wants.", "贵系统所要的状态。", default={})


class RowProblem(Told):
    """Why a row was not written. 未写入的原因。"""

    field: str | None
    written: str | None = described("As it was written.", "所写内容。")
    detail: str = described("What to do.", "如何改正。")


class BulkRow(Told):
    """What came of a row. 一行的结果。"""

    row: int = described("Its number, from 1.", "行号，从 1 起。")
    id: str
    outcome: Annotated[str, words(outcome.value for outcome in Outcome)]
    code: str | None
    version: int | None
    proposal: str | None = described("Number of the proposal that the row became.", "该行转为的变更申请编号。")
    problems: list[RowProblem]
    record: StationRecord = described("Where it has what you did not know.", "含贵系统未知的变更时给出。", default={})
    conflict: list[Clash] = described("Of a conflict: the fields that clash.", "冲突字段。", default=[])


class BulkResult(Told):
    """What came of all rows. 各行结果。"""

    dry_run: bool
    counts: dict[str, int] = described("Rows by outcome.", "各结果的行数。")
    rows: list[BulkRow]


class OpenConflict(Told):
    """A conflict to be decided. 待处理的冲突。"""

    id: str
    code: str
    base_version: int
    version: int
    at: Instant
    fields: list[Clash]


class Conflicts(Told):
    """The open conflicts. 尚未处理的冲突。"""

    conflicts: list[OpenConflict]


class Proposed(Told):
    """What a system proposed. 变更申请。"""

    number: int
    proposal: str
    id: str
    code: str | None = described("Of the station; of a new one once it is accepted.", "小站编码；新增的在采纳后给出。")
    state: Annotated[str, words(state.value for state in ProposalState)]
    at: Instant
    updated_at: Instant
    answer: str | None = described("What the decision says, or what is asked.", "决定说明或提问。")


class Proposals(Told):
    """What a system proposed, the newest first. 变更申请，最新的在前。"""

    proposals: list[Proposed]


class Subscription(Told):
    """A subscription to call-backs. 推送订阅。"""

    code: str
    url: str
    kinds: list[Kind] = described("All that the key may read, if empty.", "空为全部可读类型。")
    state: Annotated[str, words(state.value for state in CallBackState)]
    checked_at: Instant | None
    failing_since: Instant | None
    two_secrets_until: Instant | None


class SubscriptionMade(Subscription):
    """A subscription with its secret, which is told only here. 推送订阅及签名密钥（仅此一次）。"""

    secret: str = described("`whsec_…`; signs messages (Standard Webhooks).", "签名密钥。")


class Subscriptions(Told):
    """The subscriptions of a key. 密钥的推送订阅。"""

    subscriptions: list[Subscription]


class Checked(Told):
    """Whether the address took the message. 地址是否收下。"""

    taken: bool
    error: str | None


class Delivery(Told):
    """One call-back. 一次推送。"""

    id: int
    type: str
    code: str
    state: Annotated[str, words(state.value for state in DeliveryState)]
    tries: int
    response: int | None = described("HTTP status of the answer.", "对方应答的状态码。")
    error: str | None
    at: Instant
    last_try_at: Instant | None
    next_try_at: Instant | None


class Deliveries(Told):
    """A page of the log. 一页推送记录。"""

    deliveries: list[Delivery]
