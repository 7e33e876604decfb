"""The reason that stands beside a status in its cell, and until when it is said to last.

``暂停（装修）至2026年12月底`` is 暂停 for 装修（至2026年12月底）; ``因搬迁关闭`` is 关闭 for 搬迁.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from stations.registry.progress_words import Progress, is_fitting_out, progress_in

_EXPLAINED = frozenset({Progress.PAUSED, Progress.ENDED, Progress.PLANNED, Progress.UNDER_CONSTRUCTION})
"""What a reason is told for; beside “running”, other words are as likely to restrict it (正常运行，二楼停用)."""

_MOMENT = r"(?:[0-9]{4}|[0-9]{2}(?=年)|今|明|本)\s*[年./-]?[0-9年月日号./-]*(?:[初中底末]|[上中下]旬)?"
_UNTIL = re.compile(
    r"(?:(?:暂定|预计|计划|拟|预期|大约|约|将|于|在)*(?:至|到|截至|截止到?|直至|until|till)"
    rf"\s*(?:暂定|预计)?{_MOMENT}\s*(?:止|结束|前|为止)?"
    rf"|(?:预计|计划|拟|预期|将|拟于|计划于|预计于|将于)+\s*{_MOMENT}\s*(?:前|后|起)?)"
    r"\s*(?:恢复|重新|完工|完成|结束)?(?:对外)?(?:服务|开放|营业|运行|启用|使用|装修|改造|工程)?"
)
_PARTS = re.compile(r"[()\[\]【】:;,。、\s]+|/(?![0-9])|[-—–]{1,2}(?![0-9])")
_SINCE = rf"(?:自|从|于)?{_MOMENT}\s*(?:起|开始|以来|之?后)?"
_BECAUSE = re.compile(rf"(?P<dated>{_SINCE})?[\s,]*(?:因为?|由于|鉴于)(?P<told>.+)")
_LONGEST_WORD = 12
_NEGATED = re.compile("(?:未|不|无|没有?|非|半|部分)")
_FROM_TO = re.compile(r"[0-9]{4}[年./]?[0-9]{0,2}月?\s*(?:至|到|[~—–-])+\s*[0-9]{4}")


class Explained(NamedTuple):
    """A status in its own words, ``word``, and what stands beside it, ``reason``."""

    word: str
    reason: str


def explained(written: str) -> Explained | None:
    """Return the status that a cell says and why, with the date from which it holds left beside the word; None if no
    part of it is the word for a status, if parts contradict each other, or if nothing else is said.
    """
    plain = unicodedata.normalize("NFKC", written).strip()
    until = _UNTIL.search(plain)
    rest = plain if until is None else f"{plain[: until.start()]} {plain[until.end() :]}"
    parts = _because(rest.strip(" ,。")) or [part for part in _PARTS.split(rest) if part]
    told = [(part, progress_in(_undated(part).casefold())) for part in parts]
    head = next(((part, progress) for part, progress in told if progress is not None), None)
    if head is None or head[1] not in _EXPLAINED or _FROM_TO.search(plain):
        return None
    beside = [(part, progress) for part, progress in told if part != head[0]]
    if any(progress not in (None, head[1]) or _NEGATED.match(part) for part, progress in beside):
        return None
    dates = [part for part, _progress in beside if not _undated(part)]
    reason = "；".join(part for part, _progress in beside if part not in dates)
    if until:
        last = until[0].strip()
        reason = f"{reason}（{last}）" if reason else last
    if not reason:
        return None
    word = head[0]
    if is_fitting_out(_undated(head[0])) and not beside:
        reason = f"{_undated(head[0])}（{until[0].strip()}）" if until else reason
    return Explained(" ".join([word, *dates]), reason)


def _because(text: str) -> list[str]:
    """Return the status and the reason of 因搬迁关闭, and the date before it; empty if it is not of that form."""
    if not (found := _BECAUSE.fullmatch(text)):
        return []
    told = found["told"]
    for at in range(max(1, len(told) - _LONGEST_WORD), len(told)):
        if progress_in(told[at:]) is not None:
            reason = re.sub("(?:的?原因)?[,，]?(?:而)?$", "", told[:at])
            return [part for part in (told[at:], reason, found["dated"]) if part]
    return []


def _undated(part: str) -> str:
    """Return a part of a cell without a date."""
    return re.sub(_SINCE, "", part)
