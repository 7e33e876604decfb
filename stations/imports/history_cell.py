"""A dated history in one cell of an exported list, so that a list read into an empty register gives the same back.

Entries are parted by ；, the parts of one by bars: ``运行中 | 2021-03 | 截至 2022-01 | 原因：装修 | 来源：某文件``.
Parts that an entry does not have are left out. A bar, ；, backslash or line break within a part stands behind a
backslash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from stations.entered_text import comparable, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.partial_date import PartialDate
from stations.registry.centre import Stage
from stations.registry.dated_entries import check_order
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status
from stations.tables.cell_values import cell_text
from stations.tables.table import LIST_MARK

History = tuple[HistoryEntry, ...]
Words = Mapping[Any, str]

STATUS_HEADINGS = ("状态记录", "history of status")
STAGE_HEADINGS = ("阶段记录", "history of stages")
_BAR = "|"
_REPORTED, _REASON, _SOURCE = "截至", "原因：", "来源："
_LONGEST = 2000  # characters of a reason or source
_ESCAPE = re.compile(r"[\\|；]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def history_cell(history: Iterable[HistoryEntry], words: Words) -> str | None:
    """Return the cell of a history, None if it is empty. ``words``: what each status or stage is called."""
    return LIST_MARK.join(_line(entry, words) for entry in history) or None


def history_reader(words: Words) -> Callable[[str, Any], History | None]:
    """Return the reader of such a cell."""
    stages = {comparable(word): stage for stage, word in words.items()}
    stages |= {comparable(stage.value): stage for stage in words}

    def read(field: str, cell: Any) -> History | None:
        written = cell_text(field, cell)
        if says_nothing(written):
            return None
        entries = tuple(_entry(field, line, stages) for line in _parted(written, LIST_MARK))
        try:
            check_order(entries)
        except InvalidInput as problem:
            raise InvalidInput(field, problem.message, **problem.params) from None
        return entries

    return read


def history_together(told: History, on_file: History) -> History | None:
    """Return the history that a list and the register know together: the fuller one if it has every entry of the other;
    None if they contradict each other.
    """
    if set(on_file) <= set(told):
        return told
    return on_file if set(told) <= set(on_file) else None


CONTRADICTED = N_(
    "The history on file is another one and stays, but for what the other columns say; correct it in the record if the "
    "list is right"
)


def _line(entry: HistoryEntry, words: Words) -> str:
    parts = (
        words[entry.stage],
        str(entry.dated) if entry.dated else "",
        f"{_REPORTED} {entry.as_of}" if entry.as_of else "",
        f"{_REASON}{_escaped(entry.reason)}" if entry.reason else "",
        f"{_SOURCE}{_escaped(entry.source)}" if entry.source else "",
    )
    return f" {_BAR} ".join(filter(None, parts))


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: f"\\{found[0]}", text).replace("\n", "\\n")


def _plain(part: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], part)


def _entry(field: str, line: str, stages: Mapping[str, Status | Stage]) -> HistoryEntry:
    first, *parts = _parted(line, _BAR)
    stage = stages.get(comparable(first))
    if stage is None:
        raise InvalidInput(field, N_("“{text}” is not an entry of a history"), text=line)
    known: dict[str, Any] = {}
    for part in parts:
        name, value = _part(field, part, line)
        if name in known:
            raise InvalidInput(field, N_("“{text}” is not an entry of a history"), text=line)
        known[name] = value
    return HistoryEntry(stage, **known)


def _part(field: str, part: str, line: str) -> tuple[str, Any]:
    for name, mark in (("reason", _REASON), ("source", _SOURCE)):
        if part.startswith((mark, mark.replace("：", ":"))):
            return name, read_text(field, _plain(part[len(mark) :]).strip(), limit=_LONGEST)
    name, written = ("as_of", part.removeprefix(_REPORTED)) if part.startswith(_REPORTED) else ("dated", part)
    try:
        return name, PartialDate.parse(written.strip())
    except InvalidInput:
        raise InvalidInput(field, N_("“{text}” is not an entry of a history"), text=line) from None


def _parted(text: str, mark: str) -> Sequence[str]:
    """Return the parts of a text between marks that no backslash stands before, without empty ones."""
    parts = (found.strip() for found in re.findall(rf"((?:\\.|[^\\{mark}])*)(?:{re.escape(mark)}|$)", text))
    return [part for part in parts if part]
