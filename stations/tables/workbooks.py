"""Tables as Excel workbooks (.xlsx): the rows on one sheet, notes about them on another."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from openpyxl import Workbook
from openpyxl.cell import Cell as WorkbookCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from wcwidth import wcswidth

from stations.language import CHINA_TIME, N_, Language
from stations.tables.table import FORMULA_STARTS, Cell, SavedTable

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHEET_NAME_LIMIT = 31  # Excel's limit
NARROWEST, WIDEST = 8, 60  # column widths, in characters
ROWS_MEASURED = 200

_HEADING_FONT = Font(bold=True, color="FFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="0B5A63")


def as_workbook(table: SavedTable, language: Language) -> bytes:
    """Return the table as the bytes of an .xlsx file.

    No text can run as a formula: each is stored as text, and one that starts like a formula also has Excel's own
    mark for it (``quotePrefix``), so the text itself is unchanged.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(table.title) or language.translate(N_("Table")))
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([heading_cell(sheet, heading) for heading in table.headings])
    for row in table.rows:
        sheet.append([text_cell(sheet, value) for value in row])
    if table.headings:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.headings))}{len(table.rows) + 1}"
    notes = book.create_sheet(language.translate(N_("Notes")))
    notes.column_dimensions["A"].width = 100
    for note in (table.title, *table.notes):
        cell = text_cell(notes, note)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        notes.append([cell])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, 2.2), escaped or not: openpyxl knows only the control characters among it."""


def xml_text(text: str) -> str:
    """Return a text as a part of a workbook can hold it; U+FFFD stands for what XML can't."""
    return NO_XML.sub("\ufffd", text)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:SHEET_NAME_LIMIT]


def heading_cell(sheet: WriteOnlyWorksheet, text: str) -> WorkbookCell:
    """Return a cell of the heading row."""
    cell = text_cell(sheet, text)
    cell.font, cell.fill = _HEADING_FONT, _HEADING_FILL
    return cell


def text_cell(sheet: WriteOnlyWorksheet, value: Cell) -> WorkbookCell:
    """Return a cell with a value that can't run: a text stays a text, whatever it begins with."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(CHINA_TIME).replace(tzinfo=None)  # Excel has no time zones
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, xml_text(value))
    cell.data_type = "s"  # openpyxl treats a text that starts with = as a formula
    if value.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _widths(table: SavedTable) -> Iterable[int]:
    """Yield the width of each column, from its heading and first rows."""
    sample = [table.headings, *islice(table.rows, ROWS_MEASURED)]
    for column in range(len(table.headings)):
        longest = max(max(0, wcswidth(str(row[column]))) for row in sample if column < len(row))
        yield max(NARROWEST, min(WIDEST, longest + 3))
