"""The words and dates by which a list tells the status of a station."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from stations.entered_text import comparable, says_nothing
from stations.errors import InvalidInput
from stations.language import N_, Listed
from stations.partial_date import PartialDate
from stations.readers.dates import read_partial_date
from stations.registry.station import Status
from stations.tables.cell_values import cell_text

PLAIN_STATUS: dict[Status, str] = {
    Status.PLANNED: "规划中",
    Status.ACTIVE: "运行中",
    Status.SUSPENDED: "暂停服务",
    Status.CLOSED: "已关闭",
}
"""The word for each status that the template offers; the portal uses the same words."""

_SERVES = (
    "(?:(?:投入|对外|正常|正式|全面|稳定|持续|良好|开展|并|在|试)*"
    "(?:运行|运营|营业|营运|运转|开放|服务|使用|投用|投运|启用|启动|开业|开通|挂牌|揭牌|建成|办公|用|营|运))+"
)
_BEFORE, _AFTER = "(?:现已|目前|当前|已经|现|已|正在|正|仍|处于)*", "(?:了|中|状态|阶段|正常|良好|稳定|期)*"
_REPAIR = "(?:停业|暂停|闭店)?(?:整改|整顿|检修|维修|装修|修缮|升级|改造|搬迁中|正在搬迁)+(?:暂停|停业|停用)?"
_NOT_YET = "(?:尚未|暂未|还未|未|没有|即将|预计|计划|拟|拟于|待|将|准备|筹备)"
_PAUSE = "(?:停|停用|停运|停业|歇业|休业|暂停|暂停对外|中止)"
_END = "关|关闭|关停|关门|撤|撤销|撤站|撤并|撤除|裁撤|注销|取消|停办|摘牌|终止|结束"

_SHAPES: tuple[tuple[Status, str], ...] = (
    (Status.ACTIVE, "已建(?:成|好|设)?"),
    (Status.PLANNED, f"(?:在建中?|筹建中?|建设中|规划中?|建成|建好)?(?:并|但)?{_NOT_YET}{_SERVES}"),
    (Status.PLANNED, "(?:未|尚未|待|拟|在|筹)建设?|建设|筹备|规划|计划|规划建设|planned(?:station)?"),
    (Status.PLANNED, "(?:未|尚未|待|已)?(?:施工|开工|动工|立项)"),
    (Status.SUSPENDED, f"(?:临时|暂时|短期)?{_PAUSE}(?:{_SERVES}|整顿)?"),
    (Status.SUSPENDED, f"(?:临时|暂时|短期)(?:关|关闭|关停|停止)(?:{_SERVES})?|暂不{_SERVES}|{_REPAIR}|suspended"),
    (Status.CLOSED, f"(?:停止|终止|不再|结束|永久停止){_SERVES}"),
    (Status.CLOSED, f"(?:永久|长期)?(?:{_END})|closed(?:forgood)?"),
    (Status.ACTIVE, f"{_SERVES}|正常|良好|正常开展|开|是|√|✓|✔|☑|y|yes|active|open|operating"),
)
"""The first that fits a whole text, without what may stand before or after it, says the status."""

_WORDS = tuple((status, re.compile(f"{_BEFORE}(?:{shape}){_AFTER}")) for status, shape in _SHAPES)
_NOT = frozenset({"否", "×", "✕", "✗", "✘", "x", "n", "no", "不"})
_NUMERAL = "[0-9〇零一二三四五六七八九十]"
_DATE = re.compile(
    rf"(?:自|从|于|在)?(?P<date>(?:[0-9]{{4}}|(?<![0-9]){_NUMERAL}{{2,4}}(?=年))"
    rf"(?:年(?:{_NUMERAL}{{1,3}}月?(?:{_NUMERAL}{{1,3}}[日号]|份?[初中底末]旬?|[上中下]旬)?|[初中底末])?"
    r"|[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?)|(?:19|20)[0-9]{6})(?:起|开始|以来|之?后)?"
)
_MARKS = re.compile(r"[()\[\]【】,、;:。.!·—-]+")

_WEEKLY = re.compile(
    r"(?:节假日|假期|周末|双休日|春节|国庆|(?:周|星期)[一二三四五六日天]|中午|午间|午休|夜间|晚上|每[周月年日])[^,。;]{0,8}"
    r"(?:暂停|停止|关闭|停业|歇业|停用)[^,。;]*"
)
_ENDED = re.compile(
    r"(?<!未)(?<!不)(?<!无)(?:关闭|关停|关门|撤销|撤并|撤站|裁撤|注销|停用|停运|停业|歇业|停办|暂停|摘牌|已停|已关|已撤"
    r"|(?:停止|终止|暂不|不再)(?:对外|提供|正常)*(?:服务|运行|运营|营业|开放|使用))"
)


class StatusTold(NamedTuple):
    """What a cell says. ``moment``: the date that stands in it, None if there is none."""

    status: Status
    moment: PartialDate | None = None


def status_word(written: str) -> str:
    """Return the word for a status in a text: in plain small characters, without the date that stands beside it."""
    return _parted(comparable(written))[0]


def _parted(plain: str) -> tuple[str, str]:
    """Return the word and the date of a plain text, each "" if there is none; of several dates none counts."""
    dates = list(_DATE.finditer(plain))
    date = dates[0]["date"] if len(dates) == 1 else ""
    return _MARKS.sub("", _DATE.sub("", plain, count=1) if date else plain), date


def read_status(
    field: str, cell: Any, taught: Mapping[str, Status | None] = MappingProxyType({})
) -> StatusTold | None:
    """Return the status that a cell says (运行中, 已关停，2025.6.30, √); None for a dash.

    ``taught``: further words, as ``status_word`` returns them, each with its status, None if it says none.

    Raises:
        InvalidInput: it is not understood, or does not say which of several statuses it is (否).
    """
    written = cell_text(field, cell)
    plain = comparable(written)
    words, dated = _parted(plain)
    if words in taught:
        status = taught[words]
        return StatusTold(status, read_partial_date(field, dated) if dated else None) if status else None
    if plain in _NOT:
        message = N_("“{text}” does not say whether it is planned, suspended or closed for good; write which")
        raise InvalidInput(field, message, text=written)
    if says_nothing(written) and not any(sign.isalnum() for sign in written):
        return None  # a dash; 未知 and 待定 say that somebody has to find out
    moment = read_partial_date(field, dated) if dated else None
    status = next((status for status, shape in _WORDS if shape.fullmatch(words)), None)
    if status is None:
        choices = Listed(status.label for status in PLAIN_STATUS)
        raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=choices)
    return StatusTold(status, moment)


def says_it_ended(text: str) -> bool:
    """Whether a remark says that a station is closed or suspended (2026年6月起暂停服务), not just on some days."""
    return _ENDED.search(_WEEKLY.sub("", comparable(text))) is not None
