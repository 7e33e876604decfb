"""The report of an import as an Excel workbook: the original list, with each remark at its cell.

Every column of the list is included, in its order. The headings of columns that the import does not read are grey, with
a comment that says so. Cells with remarks are coloured, with the remarks as a comment. Two columns at the end give each
row's outcome and what to do. The list can be corrected in this workbook and imported again: the import ignores those
two columns. Cells that somebody put right in the preview hold what they were made, with what the file says as a
comment; a second sheet lists them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from stations.imports.columns import COLUMNS
from stations.imports.plan import Outcome, Remark, Weight
from stations.language import N_, Language, Listed, label
from stations.registry.record_state import FIELD_NAMES
from stations.tables.sheet import Sheet, shown_heading, shown_number
from stations.tables.workbooks import heading_cell, text_cell, xml_text

_FILLS = {
    Weight.FAULT: PatternFill("solid", fgColor="F6C7C3"),
    Weight.DOUBT: PatternFill("solid", fgColor="FBE3B0"),
    Weight.NOTE: PatternFill("solid", fgColor="DCEBF7"),
}
_ROW_FILLS = {Outcome.WRONG: _FILLS[Weight.FAULT], Outcome.DOUBTFUL: _FILLS[Weight.DOUBT]}
_CORRECTED = PatternFill("solid", fgColor="D5EBD3")
_PASSED_OVER = PatternFill("solid", fgColor="7A8487")
_AUTHOR = "质量小站"
_COMMENT_WIDTH, _COMMENT_HEIGHT = 320, 120  # pixels


class ReportedRow(Protocol):
    """What the report says of a planned row; ``changes`` is by the name of a field."""

    @property
    def number(self) -> int: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def remarks(self) -> tuple[Remark, ...]: ...
    @property
    def changes(self) -> Mapping[str, Any]: ...


class ReportedPlan(Protocol):
    """The plan of an import of any kind."""

    @property
    def sheet(self) -> Sheet: ...
    @property
    def rows(self) -> Sequence[ReportedRow]: ...


STATION_LABELS: Mapping[str, str] = {**FIELD_NAMES, **{column.name: column.label for column in COLUMNS}}
"""The labels of the fields of a station and of the columns of their list, msgids, by name."""


def import_report(
    plan: ReportedPlan,
    language: Language,
    rows: Sequence[ReportedRow] | None = None,
    labels: Mapping[str, str] = STATION_LABELS,
) -> bytes:
    """Return the report as the bytes of an .xlsx file.

    ``rows``: the rows to report on; all if None. ``labels``: of fields and columns, msgids, by name.
    """
    say, labels = language.translate, as_headed(plan.sheet, labels)
    by_number = {row.number: row for row in plan.rows if rows is None or row in rows}
    columns = plan.sheet.filled_columns
    names = list(plan.sheet.headings)
    corrected = {(one.row, one.place): one for one in plan.sheet.corrected}
    unread = {at for at, name, _ in columns if not name and at not in plan.sheet.read_besides}
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say(N_("Import report")))
    sheet.freeze_panes = "B2"
    width = len(columns) + 3
    for index in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 8 if index == 1 else 18
    sheet.column_dimensions[get_column_letter(width)].width = 70
    ends = [heading_cell(sheet, say(text)) for text in (N_("Row"), N_("Outcome"), N_("What to do"))]
    sheet.append([ends[0], *(_heading(sheet, at in unread, text, language) for at, _, text in columns), *ends[1:]])
    for read in plan.sheet.rows:
        row = by_number.get(read.number)
        if row is None:
            continue
        said = _by_column(row.remarks, names)
        cells = [text_cell(sheet, shown_number(row.number))]
        for place, name, _ in columns:
            cell = text_cell(sheet, _plain(read.whole[place] if place < len(read.whole) else None))
            comments = [remark.told(language) for remark in said.get(name, ())]
            if name in said:
                cell.fill = _FILLS[max((remark.weight for remark in said[name]), key=list(Weight).index)]
            if put_right := corrected.get((row.number, place)):
                if name not in said:
                    cell.fill = _CORRECTED
                comments.append(say(N_("Put right in the preview; the file says “{before}”"), before=put_right.before))
            if comments:
                comment = "\n".join(comments)
                cell.comment = Comment(xml_text(comment), _AUTHOR, height=_COMMENT_HEIGHT, width=_COMMENT_WIDTH)
            cells.append(cell)
        outcome = text_cell(sheet, label(language, row.outcome))
        if row.outcome in _ROW_FILLS:
            outcome.fill = _ROW_FILLS[row.outcome]
        told = text_cell(sheet, _remarks_text(row, labels, language))
        told.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([*cells, outcome, told])
    sheet.auto_filter.ref = f"A1:{get_column_letter(width)}{len(by_number) + 1}"
    if corrected:
        _list_corrections(book, plan.sheet, language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_headed(sheet: Sheet, labels: Mapping[str, str]) -> Mapping[str, str]:
    """Return the labels, of the columns of a list as its office heads them."""
    return {**labels, **{name: shown_heading(heading) for name, heading in sheet.headings.items()}}


def _list_corrections(book: Workbook, sheet: Sheet, language: Language) -> None:
    """Add a sheet with the cells that somebody put right."""
    listed = book.create_sheet(language.translate(N_("Cells put right")))
    listed.freeze_panes = "A2"
    for index, width in enumerate((8, 24, 48, 48), start=1):
        listed.column_dimensions[get_column_letter(index)].width = width
    titles = (N_("Row"), N_("Field"), N_("In the file"), N_("Put right"))
    listed.append([heading_cell(listed, language.translate(title)) for title in titles])
    for one in sheet.corrected:
        heading = sheet.columns[one.place][1]
        listed.append([text_cell(listed, cell) for cell in (shown_number(one.row), heading, one.before, one.after)])


def _heading(sheet: WriteOnlyWorksheet, unread: bool, text: str, language: Language) -> Cell:
    cell = heading_cell(sheet, text)
    if unread:
        cell.fill = _PASSED_OVER
        told = language.translate(N_("The import leaves this column out; it stands here as it came"))
        cell.comment = Comment(told, _AUTHOR, height=_COMMENT_HEIGHT, width=_COMMENT_WIDTH)
    return cell


def _remarks_text(row: ReportedRow, labels: Mapping[str, str], language: Language) -> str:
    told = [
        language.translate(N_("{name}: {value}"), name=language.translate(labels[one.column]), value=one.told(language))
        if one.column in labels
        else one.told(language)
        for one in row.remarks
    ]
    if row.outcome is Outcome.CHANGED:
        fields = Listed(labels[field] for field in row.changes)
        told.append(language.translate(N_("Changes: {fields}"), fields=fields))
    return "\n".join(told)


def _by_column(remarks: Sequence[Remark], names: Sequence[str]) -> dict[str, list[Remark]]:
    """Return the remarks by column. Remarks on a column that the list lacks go to the name, else the first column."""
    said: dict[str, list[Remark]] = {}
    for remark in remarks:
        column = remark.column if remark.column in names else "name" if "name" in names else names[0]
        said.setdefault(column, []).append(remark)
    return said


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.date() if isinstance(cell, datetime) and not (cell.hour or cell.minute) else cell
