"""The report of an import as an Excel workbook: the list as it came, what is wrong beside its cell.

Cells that something is to be said about are coloured and carry it as a comment; two columns at the end
say for each row what becomes of it and why. The list can be put right in it and imported again: those
columns mean nothing to the import.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from stations.labels import label
from stations.language import N_, Language
from stations.registry.record_state import FIELD_NAMES
from stations.station_import.columns import COLUMNS
from stations.station_import.plan import ImportPlan, Outcome, PlannedRow, Remark, Weight
from stations.tables.workbooks import heading_cell, text_cell

_FILLS = {
    Weight.FAULT: PatternFill("solid", fgColor="F6C7C3"),
    Weight.DOUBT: PatternFill("solid", fgColor="FBE3B0"),
    Weight.NOTE: PatternFill("solid", fgColor="DCEBF7"),
}
_ROW_FILLS = {Outcome.WRONG: _FILLS[Weight.FAULT], Outcome.DOUBTFUL: _FILLS[Weight.DOUBT]}
_AUTHOR = "质量小站"
_COMMENT_WIDTH, _COMMENT_HEIGHT = 320, 120  # pixels


def import_report(plan: ImportPlan, language: Language, rows: Sequence[PlannedRow] | None = None) -> bytes:
    """The bytes of an .xlsx file. ``rows``: those to report on; else all."""
    say = language.translate
    by_number = {row.number: row for row in plan.rows if rows is None or row in rows}
    names = list(plan.sheet.headings)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say(N_("Import report")))
    sheet.freeze_panes = "B2"
    for index in range(1, len(names) + 4):
        sheet.column_dimensions[get_column_letter(index)].width = 8 if index == 1 else 18
    sheet.column_dimensions[get_column_letter(len(names) + 3)].width = 70
    texts = [say(N_("Row")), *plan.sheet.headings.values(), say(N_("Outcome")), say(N_("What to do"))]
    sheet.append([heading_cell(sheet, text) for text in texts])
    for read in plan.sheet.rows:
        row = by_number.get(read.number)
        if row is None:
            continue
        said = _by_column(row.remarks, names)
        cells = [text_cell(sheet, row.number)]
        for name in names:
            cell = text_cell(sheet, _plain(read.cells.get(name)))
            if name in said:
                cell.fill = _FILLS[max((remark.weight for remark in said[name]), key=list(Weight).index)]
                comment = "\n".join(remark.told(language) for remark in said[name])
                cell.comment = Comment(comment, _AUTHOR, height=_COMMENT_HEIGHT, width=_COMMENT_WIDTH)
            cells.append(cell)
        outcome = text_cell(sheet, label(language, row.outcome))
        if row.outcome in _ROW_FILLS:
            outcome.fill = _ROW_FILLS[row.outcome]
        told = text_cell(sheet, _told(row, language))
        told.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([*cells, outcome, told])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(texts))}{len(by_number) + 1}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _told(row: PlannedRow, language: Language) -> str:
    labels = {column.name: column.label for column in COLUMNS}
    told = [
        language.translate(N_("{name}: {value}"), name=language.translate(labels[one.column]), value=one.told(language))
        if one.column in labels
        else one.told(language)
        for one in row.remarks
    ]
    if row.outcome is Outcome.CHANGED:
        fields = ", ".join(language.translate(FIELD_NAMES[field]) for field in row.changes)
        told.append(language.translate(N_("Changes: {fields}"), fields=fields))
    return "\n".join(told)


def _by_column(remarks: Sequence[Remark], names: Sequence[str]) -> dict[str, list[Remark]]:
    """The remarks by the column they stand beside; those about a column that is not there, by the first."""
    said: dict[str, list[Remark]] = {}
    for remark in remarks:
        column = remark.column if remark.column in names else "name" if "name" in names else names[0]
        said.setdefault(column, []).append(remark)
    return said


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.date() if isinstance(cell, datetime) and not (cell.hour or cell.minute) else cell
