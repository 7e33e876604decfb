"""The words and dates by which a list tells the status of a station."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from stations.entered_text import comparable, says_nothing
from stations.errors import InvalidInput
from stations.imports.status_reason import explained
from stations.language import N_, Listed
from stations.partial_date import PartialDate
from stations.readers.dates import read_partial_date
from stations.registry.progress_words import STATUS_OF, Progress, is_fitting_out, progress_in
from stations.registry.station import Status
from stations.tables.cell_values import cell_text

PLAIN_STATUS: dict[Status, str] = {
    Status.PLANNED: "规划中",
    Status.ACTIVE: "运行中",
    Status.SUSPENDED: "暂停服务",
    Status.CLOSED: "已关闭",
}
"""The word for each status that the template offers; the portal uses the same words."""

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
    """What a cell says. ``moment``: the date that stands in it, None if there is none. ``reason``: what else it says.
    ``fitting_out``: it says that the place is being fitted out, which may be before it opens.
    """

    status: Status
    moment: PartialDate | None = None
    reason: str = ""
    fitting_out: bool = False


def status_word(written: str) -> str:
    """Return the word for a status in a text: in plain small characters, without the date that stands beside it."""
    return _parted(comparable(written))[0]


def date_beside(written: str) -> str:
    """Return the one date that stands beside the word for a status or a stage in a text, as written; "" if none does.
    """
    return _parted(comparable(written))[1]


def _parted(plain: str) -> tuple[str, str]:
    """Return the word and the date of a plain text, each "" if there is none; of several dates none counts."""
    dates = list(_DATE.finditer(plain))
    date = dates[0]["date"] if len(dates) == 1 else ""
    return _MARKS.sub("", _DATE.sub("", plain, count=1) if date else plain), date


def read_status(field: str, cell: Any) -> StatusTold | None:
    """Return the status that a cell says (运行中, 已关停，2025.6.30, 暂停（装修）, √); None for a dash.

    Raises:
        InvalidInput: it is not understood, or does not say which of several statuses it is (否).
    """
    written = cell_text(field, cell)
    word = status_word(written)
    if comparable(written) in _NOT:
        message = N_("“{text}” does not say whether it is planned, suspended or closed for good; write which")
        raise InvalidInput(field, message, text=written)
    if says_nothing(written) and not any(sign.isalnum() for sign in written):
        return None  # a dash; 未知 and 待定 say that somebody has to find out
    progress, moment = read_progress(field, written)
    reason = ""
    if (found := explained(written)) and progress in (None, Progress.PAUSED, Progress.ENDED):
        word, reason = status_word(found.word), found.reason
        progress, moment = read_progress(field, found.word)
    if progress is None:
        choices = Listed(status.label for status in PLAIN_STATUS)
        raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=choices)
    return StatusTold(STATUS_OF[progress], moment, reason, is_fitting_out(word))


def read_progress(field: str, written: str) -> tuple[Progress | None, PartialDate | None]:
    """Return how far a text says that something has come, None if it is not understood, and the one date in it.

    Raises:
        InvalidInput: it holds a date that there is not.
    """
    word, dated = _parted(comparable(written))
    return progress_in(word), read_partial_date(field, dated) if dated else None


def says_it_ended(text: str) -> bool:
    """Whether a remark says that a station is closed or suspended (2026年6月起暂停服务), not just on some days."""
    return _ENDED.search(_WEEKLY.sub("", comparable(text))) is not None
