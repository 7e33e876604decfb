"""Cells that repeat the row above: 同上, 〃, 同前."""

from __future__ import annotations

from dataclasses import replace

from stations.entered_text import comparable
from stations.language import N_
from stations.tables.sheet import CellProblem, Sheet, SheetRow, same_sheet
from stations.tables.workbook_grids import Cell

_WORDS = ("同上", "同前", "同上行", "同上一行", "与上同", "如上", "〃", "″", "“", "”", '"', "''", "ditto")
_DITTO = frozenset(map(comparable, _WORDS))


def is_ditto(cell: Cell) -> bool:
    """Whether a cell only says that it is the same as the one above."""
    return isinstance(cell, str) and len(cell) < 20 and comparable(cell).rstrip("。.") in _DITTO


def with_dittos(sheet: Sheet) -> Sheet:
    """Return the table in which each cell that repeats the row above has the value, and the problem, of the cell there.

    Where the row above says nothing, or was left out, the cell gets a problem of its own.
    """
    names = {place: name for place, (name, _heading) in enumerate(sheet.columns) if name}
    left_out = {*sheet.hidden, *sheet.struck} - {row.number for row in sheet.rows}
    rows: list[SheetRow] = []
    for row in sheet.rows:
        repeats = [place for place in names if place < len(row.whole) and is_ditto(row.whole[place])]
        if repeats:
            above = rows[-1] if rows and same_sheet(rows[-1].number, row.number) else None
            if above and left_out and any(number in left_out for number in range(above.number + 1, row.number)):
                above = None
            for place in repeats:
                row = _repeated(row, above, names[place], place)
        rows.append(row)
    return replace(sheet, rows=rows)


def _repeated(row: SheetRow, above: SheetRow | None, name: str, place: int) -> SheetRow:
    cell = above.whole[place] if above and place < len(above.whole) else None
    others = tuple(one for one in row.problems if one.column != name)
    if cell is None or is_ditto(cell) or above is None:
        message = N_("“{text}” repeats the row above, which says nothing here; write it out")
        problem = CellProblem(row.number, name, message, text=row.whole[place])
        return row.with_cell(name, row.whole[place], None, (*others, problem))
    told = [CellProblem(row.number, name, one.message, **one.params) for one in above.problems if one.column == name]
    return row.with_cell(name, cell, above.values.get(name), (*others, *told))
