"""The dated stages of a centre or a pilot in a list: a column with the present stage, and for each stage its date, its
document and a remark.

A date cell tells when a stage was reached (2023-08), the date of the source that reports it (截至2025-05), both
(2023-08（截至2025-05）), or only that it was reached (日期不详, 已验收); it says nothing of one that was not (未验收).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from stations.entered_text import comparable, narrow, read_text, says_nothing
from stations.errors import InvalidInput
from stations.imports.history_cell import STAGE_HEADINGS, history_cell, history_reader
from stations.imports.status_words import read_progress
from stations.imports.vocabulary import Choice, choice_of
from stations.imports.word_mapping import WordKind
from stations.language import N_, Listed
from stations.lists.register import ListColumn
from stations.partial_date import PartialDate
from stations.registry.centre import Stage
from stations.registry.progress_words import STAGE_OF
from stations.registry.record_state import HistoryEntry
from stations.registry.stage_fields import STAGE_LABELS, date_column, document_column, remark_column
from stations.tables.cell_values import cell_text, partial_date
from stations.tables.reported_date import ReportedDate, reported_date

REACHED = "日期不详"
_REACHED = re.compile(
    r"(?:日期|时间)(?:不详|未知|不明)|是|有|√|✓|✔|☑|y|yes|已[^0-9]{1,6}|通过(?:验收|考核|评估)?|[^0-9]{0,4}合格", re.I
)
_NOT_REACHED = re.compile(
    r"否|×|✕|✗|x|n|no|(?:尚未|暂未|还未|未|没有|待|拟|准备|即将)[^0-9]{0,8}|(?:正在)?(?:筹建|建设|创建|实施|推进|在建|验收)中?|正在[^0-9]{1,6}",
    re.I,
)
_FILE = re.compile(r"\.(?:csv|txt|tsv|xlsx?|xlsm|xlsb|ods|et|docx?|pdf)\s*$", re.I)
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(【]?[0-9]{4}[〕\]）)】]?.*号")


class StageDate(ReportedDate):
    """What a date cell of a stage says; neither date: the stage was reached, nobody says when."""

    def __str__(self) -> str:
        return super().__str__() or REACHED


class StageTold(NamedTuple):
    """What the cell of the present stage says. ``moment``: the date that stands in it, None if there is none."""

    stage: Stage
    moment: PartialDate | None = None


@dataclass(frozen=True)
class StageWords:
    """How lists call a stage. ``plain``: the word of the exported list. ``events``: what is dated (批准筹建日期)."""

    plain: str
    events: tuple[str, ...]


def stage_reader(words: Mapping[Stage, StageWords]) -> Any:
    """Return the reader of the cell of the present stage."""

    def read(field: str, cell: Any) -> StageTold | None:
        written = cell_text(field, cell)
        if says_nothing(written):
            return None
        plain = comparable(written)
        for stage in Stage:
            if plain in (stage.value.replace("_", ""), stage.value, words[stage].plain):
                return StageTold(stage)
        progress, moment = read_progress(field, written)
        if progress is None or progress not in STAGE_OF:
            known = Listed(one.plain for one in words.values())
            raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=known)
        return StageTold(STAGE_OF[progress], moment)

    return read


def stage_choice(words: Mapping[Stage, StageWords]) -> Choice:
    """Return the choice of the present stage, which an office's own words can be taught to mean."""
    plain = {stage: one.plain for stage, one in words.items()}
    return choice_of(WordKind.STAGE, "stage", ("阶段", "状态", "进展", "stage"), plain, lambda told: told.stage)


def read_stage_date(field: str, cell: Any) -> StageDate | None:
    """Return when a stage was reached, by a cell of its column; None if the cell says nothing.

    Raises:
        InvalidInput: it is not understood.
    """
    plain = narrow(cell) if isinstance(cell, str) else ""
    if _REACHED.fullmatch(plain):
        return StageDate()
    if _NOT_REACHED.fullmatch(plain):
        return None
    told = reported_date(field, cell)
    return StageDate(*told) if told else None


def one_line(limit: int) -> Any:
    """Return the reader of a text on one line, None for a dash; at most ``limit`` characters."""

    def read(field: str, cell: Any) -> str | None:
        written = " ".join(cell_text(field, cell).split())
        if says_nothing(written):
            return None
        if written.startswith(("=", "＝")):
            raise InvalidInput(field, N_("This looks like a formula; write what is meant as a text"))
        return read_text(field, written, limit=limit)

    return read


_WHOSE_STAGE = ("目前", "当前", "现", "现在", "最新", "目前建设", "建设", "筹建", "项目", "工作", "实施", "推进")
_PRESENT = tuple(
    f"{whose}{what}"
    for what in ("阶段", "进展", "状态", "进度", "情况", "进展情况", "进展阶段", "进度情况", "完成情况")
    for whose in ("", *_WHOSE_STAGE)
    if whose or what != "情况"
)
"""The headings of the column of the present stage, the more telling ones first."""


def stage_columns(words: Mapping[Stage, StageWords], headings: Sequence[str]) -> tuple[ListColumn, ...]:
    """Return the columns of the stages. ``headings``: further ones of the column of the present stage."""
    present = ListColumn(
        "stage",
        N_("Stage"),
        tuple(dict.fromkeys((*headings, *_PRESENT))),
        stage_reader(words),
        advice=N_("How far it has come; empty: by the dates")
    )
    reported = ListColumn(
        "as_of",
        N_("As of"),
        ("截至日期", "统计日期", "截止日期", "截至时间", "统计时间", "截至", "as of"),
        partial_date,
        advice=N_("The day of which the stage is told, where it has no date of its own"),
        in_export=False,
        kept_as="stage",
    )
    whole = ListColumn(
        "history",
        N_("History of stages"),
        STAGE_HEADINGS,
        history_reader({stage: one.plain for stage, one in words.items()}),
        advice=N_("Left as it is: every entry, so that the list gives the same history back elsewhere"),
    )
    by_stage = (column for stage in Stage for column in _columns_of(stage, words[stage].events))
    return (present, reported, *by_stage, whole)


def _columns_of(stage: Stage, events: Sequence[str]) -> tuple[ListColumn, ...]:
    dated, document, remark = STAGE_LABELS[stage]
    why = ("原因", "说明", "备注") if stage is Stage.WITHDRAWN else ("说明", "备注")
    batch = ("批次", "项目批次", "试点批次", "批准批次") if stage is Stage.APPROVED else ()
    return (
        ListColumn(
            date_column(stage),
            dated,
            (
                *(f"{event}{end}" for end in ("日期", "时间", "年月", "年份", "年度") for event in events),
                *(f"是否{event}" for event in events),
            ),
            read_stage_date,
            advice=N_("Such as 2024-03-05, 2024-03 or 2024; 截至2024-03 where only the date of the report is known"),
        ),
        ListColumn(
            document_column(stage),
            document,
            tuple(f"{event}{end}" for end in ("文号", "文件", "文件号", "依据", "批复文号") for event in events),
            one_line(2000),
            advice=N_("The number of the document, or what else says so"),
        ),
        ListColumn(
            remark_column(stage),
            remark,
            (*(f"{event}{end}" for end in why for event in events), *batch),
            one_line(2000),
        ),
    )


def _is_document(told: str, of_record: str) -> bool:
    """Whether what an entry is from is a document of its own: no file of a list, and not merely the record's source."""
    return _FILE.search(told) is None and (told != of_record or _DOCUMENT_NUMBER.search(told) is not None)


def stage_cells(
    history: Sequence[HistoryEntry], words: Mapping[Stage, StageWords], source: str
) -> dict[str, str | None]:
    """Return what the exported list has in the columns of the stages. ``source``: of the record."""
    cells: dict[str, str | None] = {"stage": None}
    for entry in history:
        stage = Stage(entry.stage)
        cells["stage"] = words[stage].plain
        cells[date_column(stage)] = str(StageDate(entry.dated, entry.as_of))
        cells[document_column(stage)] = entry.source if _is_document(entry.source or "", source) else None
        cells[remark_column(stage)] = entry.reason
    cells["history"] = history_cell(history, {stage: one.plain for stage, one in words.items()})
    return cells
