"""Reading tables as offices really send them: what stands in which row and column, and what is wrong.

A caller describes its columns as data (``Column``: the headings it is known by, how a cell is read);
the same reader takes a list of stations and a firm's list of instruments. Taken are Excel workbooks
(.xlsx, .xlsm) and text with commas, semicolons or tabs as UTF-8, UTF-16 or GB18030. Titles above the headings,
headings in two rows, blank rows and rows of totals are recognised. Formulas are never run: what the
workbook keeps as their result is read. How a cell becomes a value is told in ``stations.cell_values``.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from stations.errors import InvalidInput
from stations.language import N_
from stations.tables import FORMULA_STARTS

HEADING_ROWS_SEARCHED = 30
_TOTAL = re.compile(r"(?:合\s*计|总\s*计|小\s*计|共\s*计|(?:sub|grand )?total)\s*[:：]?", re.IGNORECASE)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BROKEN_BOOK = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,  # an encrypted member of the archive
)

Cell = Any
"""What a cell holds: text, a number, a date or datetime, a truth value; None where it is blank."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be. ``unpacked`` guards against archives that unpack to far more than they weigh."""

    bytes: int = 20_000_000
    unpacked: int = 300_000_000
    rows: int = 60_000


@dataclass(frozen=True)
class Column:
    """A column that is looked for.

    ``name``: what the caller calls it. ``label``: what people call it, a msgid. ``headings``: what it
    may be headed with, in any case, width and spacing; words in brackets after a heading, such as a
    unit, may be missing or added. ``read``: the value of a cell that is not blank, or ``InvalidInput``.
    ``required``: it must be there, and filled in each row.
    """

    name: str
    label: str
    headings: Sequence[str]
    read: Callable[[str, Cell], Any]
    required: bool = False


class CellProblem(InvalidInput):
    """What is wrong in one row. ``row``: as the spreadsheet numbers it; ``column``: its name."""

    def __init__(self, row: int, column: str, message: str, /, **params: Any) -> None:
        self.row = row
        self.column = column
        super().__init__(f"row {row}: {column}", message, **params)


@dataclass(frozen=True)
class SheetRow:
    """One row. ``cells``: column name → what it holds; ``values``: the same as read, blank cells as
    None, without those that ``problems`` tells of."""

    number: int
    cells: Mapping[str, Cell]
    values: Mapping[str, Any]
    problems: tuple[CellProblem, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table that was read. ``name``: the sheet's, empty for a text file. ``heading_row``: the number
    of the last row of headings. ``headings``: column name → its heading as it stands there;
    ``passed_over``: headings that mean nothing here; ``totals``: the numbers of rows taken for totals."""

    name: str
    heading_row: int
    headings: Mapping[str, str]
    passed_over: tuple[str, ...]
    rows: Sequence[SheetRow]
    totals: tuple[int, ...] = ()


@dataclass
class _Grid:
    name: str
    rows: Iterator[Sequence[Cell]]


@dataclass
class _Head:
    row: int
    places: dict[str, int]
    texts: dict[str, str]
    passed_over: tuple[str, ...]
    rest: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)


def read_sheet(content: bytes, columns: Sequence[Column], limits: Limits = Limits()) -> Sheet:
    """The table in a file: of a workbook, the first sheet that has the required headings.

    Raises:
        InvalidInput: the file is too large, of another kind, damaged, or its headings can't be found.
            What is wrong in single rows is not raised, it stands in ``SheetRow.problems``.
    """
    if len(content) > limits.bytes:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.bytes // 1_000_000)
    if not content.strip():
        raise InvalidInput("file", N_("The file is empty"))
    if content.startswith(_OLD_EXCEL):
        raise InvalidInput(
            "file",
            N_("This is a workbook of the old kind (.xls) or one with a password; save it as .xlsx without password"),
        )
    grids = _workbook(content, limits) if content.startswith(b"PK") else iter([_text_file(content)])
    nearest: InvalidInput | None = None
    for grid in grids:
        try:
            return _read_grid(grid, columns, limits)
        except _NoHeadings as missing:
            nearest = nearest or missing.problem
    raise nearest or InvalidInput("file", N_("The file is empty"))


class _NoHeadings(Exception):
    def __init__(self, problem: InvalidInput) -> None:
        self.problem = problem
        super().__init__()


def _unreadable() -> InvalidInput:
    return InvalidInput("file", N_("The Excel workbook can't be read; save it anew as .xlsx or as CSV"))


def _workbook(content: bytes, limits: Limits) -> Iterator[_Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked <= limits.unpacked:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except _BROKEN_BOOK:
        raise _unreadable() from None
    if unpacked > limits.unpacked:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.unpacked // 1_000_000)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
            yield _Grid(sheet.title, _unbroken(sheet.iter_rows(values_only=True)))


def _unbroken(rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    try:
        yield from rows
    except _BROKEN_BOOK:
        raise _unreadable() from None


def _text_file(content: bytes) -> _Grid:
    text = _decode(content)
    separator = max(",\t;，", key=lambda mark: sum(line.count(mark) for line in text.splitlines()[:50]))
    return _Grid("", _lines(text, separator))


def _decode(content: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("file", N_("This is neither a CSV file in UTF-8 or GB18030 nor an Excel workbook (.xlsx)"))


def _lines(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        raise InvalidInput("file", N_("Line {line} of the file can't be read as CSV"), line=reader.line_num) from None


def _read_grid(grid: _Grid, columns: Sequence[Column], limits: Limits) -> Sheet:
    numbered = ((number, row) for number, row in enumerate(grid.rows, start=1) if not _is_blank(row))
    head = _find_head(list(islice(numbered, HEADING_ROWS_SEARCHED)), columns)
    rows: list[SheetRow] = []
    totals: list[int] = []
    at = [(column, head.places[column.name]) for column in columns if column.name in head.places]
    missing = [column for column in columns if column.name not in head.places]
    for number, row in chain(head.rest, numbered):
        if _is_total(row):
            totals.append(number)
            continue
        if len(rows) >= limits.rows:
            raise InvalidInput("file", N_("The file has more than {count} rows"), count=limits.rows)
        read = _read_row(number, row, at, missing)
        if read is not None:
            rows.append(read)
    if not rows:
        raise InvalidInput("file", N_("The file has no rows below its headings"))
    return Sheet(grid.name, head.row, head.texts, head.passed_over, rows, tuple(totals))


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _is_total(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if not _is_blank((cell,))), None)
    return isinstance(first, str) and _TOTAL.fullmatch(first.strip()) is not None


def _read_row(
    number: int, row: Sequence[Cell], at: Iterable[tuple[Column, int]], missing: Iterable[Column]
) -> SheetRow | None:
    cells: dict[str, Cell] = {}
    values: dict[str, Any] = {column.name: None for column in missing}
    problems: list[CellProblem] = []
    for column, place in at:
        cell = _plain_cell(row[place]) if place < len(row) else None
        cells[column.name] = cell
        if cell is None:
            values[column.name] = None
            if column.required:
                problems.append(CellProblem(number, column.name, N_("This is empty; please fill it in")))
            continue
        try:
            values[column.name] = column.read(column.name, cell)
        except InvalidInput as problem:
            problems.append(CellProblem(number, column.name, problem.message, **problem.params))
    if all(cell is None for cell in cells.values()):
        return None  # only columns that mean nothing here are filled
    return SheetRow(number, cells, values, tuple(problems))


def _plain_cell(cell: Cell) -> Cell:
    """None for blanks; a text without blanks around it and without the apostrophe that an export put
    before what looks like a formula (``stations.tables.neutral``)."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip().strip("\ufeff\u200b")
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        text = text[1:]
    return text or None


def _find_head(rows: list[tuple[int, Sequence[Cell]]], columns: Sequence[Column]) -> _Head:
    """The row that holds most of the headings, with the one above or below where that holds others of them."""
    if not rows:
        raise _NoHeadings(InvalidInput("file", N_("The file is empty")))
    known = {_plain(heading): column.name for column in columns for heading in (*column.headings, column.name)}
    found = [_places(row, known) for _, row in rows]
    best = max(range(len(rows)), key=lambda index: (len(found[index]), -index))
    places, texts = dict(found[best]), _texts(rows[best][1])
    last = best
    for other in (best - 1, best + 1):
        if not 0 <= other < len(rows):
            continue
        more = found[other]
        # A row of data may repeat a heading's word; a second row of headings names new columns only.
        if more and set(more).isdisjoint(places) and set(more.values()).isdisjoint(places.values()):
            places |= more
            texts |= {place: text for place, text in _texts(rows[other][1]).items() if place in more.values()}
            last = max(last, other)
    number = rows[last][0]
    for column in columns:
        if column.required and column.name not in places:
            raise _NoHeadings(
                InvalidInput(
                    "file",
                    N_("Row {row} has no heading for this column; call it one of: {headings}"),
                    row=number,
                    headings=", ".join(column.headings),
                )
            )
    if not places:
        wanted = ", ".join(column.headings[0] for column in columns)
        raise _NoHeadings(
            InvalidInput("file", N_("No row has the headings that are looked for: {headings}"), headings=wanted)
        )
    used = set(places.values())
    passed_over = tuple(text for place, text in texts.items() if place not in used)
    return _Head(number, places, {name: texts[at] for name, at in places.items()}, passed_over, rows[last + 1 :])


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    return {place: str(cell).strip() for place, cell in enumerate(row) if not _is_blank((cell,))}


def _places(row: Sequence[Cell], known: Mapping[str, str]) -> dict[str, int]:
    """Where a row names which column; the first of two alike counts."""
    places: dict[str, int] = {}
    for place, text in _texts(row).items():
        name = known.get(_plain(text)) or known.get(_plain(_without_brackets(text)))
        if name is not None:
            places.setdefault(name, place)
    return places


@lru_cache(maxsize=4096)
def _plain(heading: str) -> str:
    """A heading as it is compared: width, case, blanks, line breaks, stars and marks at its end aside."""
    return re.sub(r"[\s*_:：]", "", unicodedata.normalize("NFKC", heading)).casefold()


def _without_brackets(heading: str) -> str:
    return re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", heading))
