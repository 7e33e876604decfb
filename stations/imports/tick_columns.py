"""Columns headed by a service (计量, 标准化, 检验检测) whose cells are ticks: √ where the station offers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stations.catalogue.words import CatalogueWords
from stations.entered_text import narrow, says_nothing
from stations.imports.met_words import MetWords
from stations.imports.word_mapping import WordKind
from stations.tables.cell_values import cell_text
from stations.tables.sheet import Sheet, SheetRow

_YES = frozenset(
    (
        "√", "✓", "✔", "☑", "✅", "🗹", "●", "■", "★", "◆", "▲", "1", "y", "yes", "v", "t", "true", "是",
        "有", "对", "可", "提供", "具备", "开展", "可提供", "已开展", "已提供", "包含",
    )
)
_NO = frozenset(
    (
        "×", "✗", "✘", "☒", "❌", "x", "□", "☐", "0", "n", "no", "f", "false", "否", "无", "没有", "不", "不提供",
        "未开展", "未提供", "不具备", "暂无",
    )
)
_AROUND = re.compile(r"^(?:是否|有无|能否)?(?:可以|可)?(?:提供|开展|具备|从事)?|\(.*?\)|\[.*?\]|[\s*:：?？]")
_ENDING = re.compile(r"(?:类?(?:服务|业务|功能|能力)|类)$")


@dataclass(frozen=True)
class TickColumns:
    """The columns of a sheet whose cells are ticks. ``services``: index of the column → codes of its services."""

    services: Mapping[int, tuple[str, ...]]

    def of(self, row: SheetRow) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes that a row ticks, and its cells that are neither a tick nor its absence (计量：部分)."""
        cells = {place: row.whole[place] for place in self.services if place < len(row.whole)}
        ticked = {code for place, cell in cells.items() if _tick(cell) for code in self.services[place]}
        unclear = [_text(cell) for cell in cells.values() if _tick(cell) is None]
        return tuple(sorted(ticked)), tuple(unclear)


def tick_columns(sheet: Sheet, words: CatalogueWords) -> TickColumns:
    """Return the columns that no other reader takes, that are headed by the name of a service or group, and whose
    filled cells are ticks for the most part. A column of other numbers than 0 and 1 counts things.
    """
    services: dict[int, tuple[str, ...]] = {}
    for place, (name, heading) in enumerate(sheet.columns):
        if not name and heading and (codes := _services_in(heading, words)):
            cells = [row.whole[place] for row in sheet.rows if place < len(row.whole)]
            filled = [cell for cell in cells if cell is not None]
            ticks = sum(_tick(cell) is not None for cell in filled)
            counts = any(_tick(cell) is None and _text(cell).isdecimal() for cell in filled)
            if 2 * ticks >= len(filled) and not counts:
                services[place] = codes
    return TickColumns(services)


def with_ticks_named(sheet: Sheet, ticks: TickColumns) -> Sheet:
    """Return the sheet, in which the columns of ticks do not count as passed over."""
    return replace(sheet, read_besides=frozenset(ticks.services)) if ticks.services else sheet


def meet_headings(sheet: Sheet, met: MetWords, *, with_ticks: bool) -> None:
    """Take note of the headings of columns that are not read or that were taught. ``with_ticks``: whether a heading may
    be a service that the cells beneath tick.
    """
    for place, (name, heading) in enumerate(sheet.columns):
        filled = [row for row in sheet.rows if place < len(row.whole) and row.whole[place] is not None]
        if not heading or not filled:
            continue
        if name:
            known = met.mapping.taught(WordKind.HEADING, heading)
        elif place in sheet.read_besides:
            known = met.mapping.taught(WordKind.SERVICE, heading)
        else:
            ticks = with_ticks and all(_tick(row.whole[place]) is not None for row in filled)
            met.head(heading, filled[0].number, len(filled), ticks=ticks)
            continue
        if known is not None:
            for row in filled:
                met.meet(known.kind, heading, row.number)


def _services_in(heading: str, words: CatalogueWords) -> tuple[str, ...]:
    """Return the codes of what a heading names (是否提供计量服务); none if a part of it is unknown."""
    bare = _AROUND.sub("", narrow(heading))
    for text in dict.fromkeys((heading, bare, _ENDING.sub("", bare))):
        named = words.services(text) if text else None
        if named is not None and named.codes and not named.unknown:
            return named.codes
    return ()


def _text(cell: Any) -> str:
    return narrow(cell_text("services", cell)).strip().casefold()


def _tick(cell: Any) -> bool | None:
    """Return whether a cell is a tick; None if it says something else."""
    text = "" if cell is None else _text(cell)
    if text in _YES:
        return True
    return False if not text or text in _NO or says_nothing(text) else None
