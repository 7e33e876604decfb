"""Reading a table that somebody uploads: CSV as UTF-8 or GB18030, or an Excel workbook's first sheet.

The first row that is not blank holds the headings. Cells come as plain text; formulas are never run,
what a workbook keeps as their result is read.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_

MOST_BYTES = 5_000_000
MOST_UNPACKED = 100_000_000
MOST_ROWS = 20_000


@dataclass(frozen=True)
class TableRow:
    """A row as the spreadsheet numbers it; ``cells``: the name of the column → the text, "" if blank."""

    number: int
    cells: Mapping[str, str]


def read_table(content: bytes, columns: Mapping[str, tuple[str, ...]], required: Iterable[str]) -> list[TableRow]:
    """The rows of a file, blank ones left out.

    ``columns``: the name of each column → the headings it is known by; others are passed over.

    Raises:
        InvalidInput: the file is too large, neither CSV nor Excel, or lacks a required column.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=MOST_BYTES // 1_000_000)
    rows = _numbered(_workbook(content) if content[:2] == b"PK" else _csv(content))
    start = next(rows, None)
    if start is None:
        raise InvalidInput("file", N_("The file is empty"))
    known = {_plain(heading): name for name, headings in columns.items() for heading in headings}
    places = {known[_plain(text)]: index for index, text in enumerate(start[1]) if _plain(text) in known}
    for name in required:
        if name not in places:
            raise InvalidInput(
                "file",
                N_("Row {row} has no heading for this column; call it one of: {headings}"),
                row=start[0],
                headings=", ".join(columns[name]),
            )
    found = []
    for number, texts in rows:
        if len(found) >= MOST_ROWS:
            raise InvalidInput("file", N_("The file has more than {count} rows"), count=MOST_ROWS)
        cells = {name: texts[index] if index < len(texts) else "" for name, index in places.items()}
        found.append(TableRow(number, cells))
    return found


def _plain(heading: str) -> str:
    return narrow(heading).casefold()


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, row) for number, row in enumerate(rows, start=1) if any(row))


def _csv(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return ([cell.strip() for cell in row] for row in _lines(text))
    raise InvalidInput("file", N_("This is neither a CSV file in UTF-8 or GB18030 nor an Excel workbook (.xlsx)"))


def _lines(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from reader
    except csv.Error:
        raise InvalidInput("file", N_("Line {line} of the file can't be read as CSV"), line=reader.line_num) from None


def _workbook(content: bytes) -> list[list[str]]:
    import openpyxl  # half a second to import, for workbooks alone
    from openpyxl.utils.exceptions import InvalidFileException

    unreadable = N_("The Excel workbook can't be read; save it anew as .xlsx or as CSV")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise InvalidInput("file", N_("The file is larger than {size} MB"), size=MOST_UNPACKED // 1_000_000)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=MOST_ROWS + 2, values_only=True)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError):
        raise InvalidInput("file", unreadable) from None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
