"""Cells of an uploaded table that somebody put right, without sending the file again.

A correction belongs to a row by its number in the spreadsheet and to a column by its index. It is applied while the
file is read, before the cell is understood, so that a corrected cell is read as if the file held it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stations.entered_text import visible
from stations.tables.workbook_grids import Cell

Corrections = Mapping[tuple[int, int], str]
"""(number of the row, index of the column) → the text that the cell is to hold; "" to empty it."""

NO_CORRECTIONS: Corrections = {}
LONGEST = 4000  # characters of a corrected cell


@dataclass(frozen=True, slots=True)
class CorrectedCell:
    """A correction that changed a cell.

    ``row``: the number of its row in the spreadsheet. ``place``: the index of its column. ``before``: what the file
    says, ``after``: what stands in its place, both as text; "" for a blank cell.
    """

    row: int
    place: int
    before: str
    after: str


def written(cell: Cell) -> str:
    """Return a cell as the text that people see and correct: "" for a blank, days as ISO 8601, 3 for 3.0."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return str(cell if cell.hour or cell.minute else cell.date())
    if isinstance(cell, date):
        return cell.isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def corrected_rows(
    rows: Iterable[tuple[int, Sequence[Cell]]], corrections: Corrections, made: list[CorrectedCell]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows with the corrections in place of their cells, and add those that change something to ``made``."""
    by_row: dict[int, dict[int, str]] = {}
    for (number, place), text in corrections.items():
        by_row.setdefault(number, {})[place] = visible(text).strip()[:LONGEST]
    for number, row in rows:
        if number in by_row:
            row = list(row)
            for place, text in sorted(by_row[number].items()):
                row += [None] * (place + 1 - len(row))
                before = written(row[place])
                if text != before:
                    row[place] = text or None
                    made.append(CorrectedCell(number, place, before, text))
        yield number, row


def with_edits(corrections: Corrections, made: Sequence[CorrectedCell], edits: Corrections) -> Corrections:
    """Return the corrections after further edits; a cell that again holds what the file says is no longer corrected.

    ``made``: what the corrections changed when the file was last read.
    """
    in_file = {(one.row, one.place): one.before for one in made}
    together = {**corrections, **edits}
    return {cell: text for cell, text in together.items() if cell not in in_file or text.strip() != in_file[cell]}
