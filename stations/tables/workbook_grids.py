"""Read the cells of Excel workbooks (.xlsx, .xlsm and the old .xls), row by row.

Formulas are never run: the results stored in the workbook are read. Workbooks are read with calamine, which is many
times faster than openpyxl, but allocates the whole rectangle spanned by a sheet's cells and drops error values
(``#N/A``). So a workbook with a very distant cell, or with errors, is read with openpyxl, row by row; both give the
same cells (``tests/stations/tables/test_workbooks_alike.py``). If formulas have no stored result, as written by
programs that do not calculate, openpyxl finds them. Archives that unpack to more than the limit are refused first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from stations.errors import InvalidInput
from stations.language import N_, Listed
from stations.tables.workbook_facts import STYLES, SheetFacts, counts_from_1904, sheet_facts, visible_sheets
from stations.tables.zip_parts import unpacked

if TYPE_CHECKING:
    from openpyxl import Workbook

_PACKED, _OLD = b"PK", b"\xd0\xcf\x11\xe0"
# Every pattern takes time in proportion to its text, whatever that is: no “<” stands within a tag, and where two
# repetitions could share a text, the first keeps it (a lookahead, “*+”).
# A cell or row number beyond column BZ or row 99,999, or a cell with an error.
_FAR_OR_ERROR = re.compile(
    rb"""\sr\s*=\s*["'](?:(?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z])\d|[A-Za-z]*\d{6,})|<c\b[^<>]*\st\s*=\s*["']e["']"""
)
_NO_VALUE = rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*+(?:(?:<v>\s*</v>|<v\s*/>)\s*+)?</c>"
_NO_RESULT = re.compile(_NO_VALUE)
# A formula whose result is an empty text: the program that wrote it has calculated, so all its formulas have
# results.
_EMPTY_RESULT = re.compile(rb"""<c\b(?=[^<>]*\st\s*=\s*["']str["'])[^<>]*+>\s*+""" + _NO_VALUE)
# What makes the facts of sheets worth reading: a hidden row, a text struck out, a number that may be a month.
_HIDDEN_OR_MONTH = re.compile(rb"""<row\b[^<>]*\shidden\s*=\s*["'](?:1|true)|<v>(?:19|20)\d\d\.\d+</v>""")
_STRUCK = re.compile(rb"<(?:\w+:)?strike\b")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # a character that XML has no other way to write (22.9.2.19)
_OVERLAP = 10_000  # bytes carried over between pieces, so that no match across a boundary is missed
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    CalamineError,
    ParseError,
    ExpatError,
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
"""The value of a cell: text, number, date, datetime, bool or ``Unsolved``; None if blank."""


@dataclass(frozen=True)
class Unsolved:
    """A formula without a stored result. ``formula``: its text, including ``=``."""

    formula: str

    def __str__(self) -> str:
        return self.formula


@dataclass(frozen=True)
class Limits:
    """Limits of the size of a file. ``unpacked``: protects against archives that unpack to far more than their size.
    ``old``: whether the old format (.xls) is accepted, whose unpacked size is not known in advance.
    """

    bytes: int = 20_000_000
    unpacked: int = 300_000_000
    rows: int = 60_000
    old: bool = False


class Serial1904(float):
    """A number in a workbook whose days count from 1904; as the serial number of a day it means that day."""

    __slots__ = ()


@dataclass
class Grid:
    """A sheet: its name, its rows from the first one, including blank ones, and its merged cells as (first row, first
    column, last row, last column) counted from 0. ``hidden``, ``struck``: the numbers, from 1, of rows that are hidden
    and of rows that are struck out. ``as_written``: each row has exactly the cells that were written, as in a text
    file.
    """

    name: str
    rows: Iterator[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    as_written: bool = False


class NoSuchSheet(InvalidInput):
    """A workbook has no visible sheet of a name. ``there``: the names of those that it has."""

    def __init__(self, name: str, there: Sequence[str]) -> None:
        self.there = tuple(filter(None, there))
        if self.there:
            message = N_("The workbook has no sheet “{sheet}”; its sheets are {sheets}")
        else:
            message = N_("This file is a text without sheets, so there is no sheet “{sheet}”; leave the sheet out")
        super().__init__("sheet", message, sheet=name, sheets=Listed(f"“{one}”" for one in self.there))


def is_workbook(content: bytes) -> bool:
    """Whether the first bytes of a file are those of a workbook."""
    return content.startswith((_PACKED, _OLD))


def workbook_grids(content: bytes, limits: Limits) -> Iterator[Grid]:
    """Yield the visible sheets of a workbook, in order.

    Raises:
        InvalidInput: the workbook unpacks to too much, has a password, is of an unsupported kind or damaged; damage
            may also be found while rows are read.
    """
    if content.startswith(_OLD):
        if not limits.old or _has_password(content):
            raise InvalidInput(
                "file",
                N_(
                    "This is a workbook of the old kind (.xls) or one with a password; "
                    "save it as .xlsx without password"
                ),
            )
        return _by_calamine(content)
    needs = _needs_of(content, limits)
    grids = _by_openpyxl(content) if needs.careful else _by_calamine(content)
    if needs.unsolved:
        grids = _with_unsolved(content, grids)
    return _with_facts(content, grids, needs)


def sheet_names(content: bytes) -> tuple[str, ...]:
    """Return the names of the visible sheets of a workbook, in order; none of another file or of one that can't be
    read, which ``workbook_grids`` tells.
    """
    if content.startswith(_PACKED):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return visible_sheets(packed)
        except _BROKEN:
            return ()
    if not content.startswith(_OLD):
        return ()
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheets = book.sheets_metadata
    except _BROKEN:
        return ()
    return tuple(one.name for one in sheets if one.visible is SheetVisibleEnum.Visible)


@dataclass
class _Needs:
    """How a workbook has to be read. ``careful``: it has distant cells or errors. ``unsolved``: it has formulas without
    a result. ``facts``: it has hidden or struck-out rows, or numbers that may be months.
    """

    careful: bool = False
    unsolved: bool = False
    facts: bool = False


def _with_facts(content: bytes, grids: Iterator[Grid], needs: _Needs) -> Iterator[Grid]:
    """Yield the sheets with what neither reader gives (``workbook_facts``)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            facts = sheet_facts(packed) if needs.facts or needs.careful else {}
            from_1904 = counts_from_1904(packed)
    except _BROKEN:
        raise _unreadable() from None
    for grid in grids:
        told = facts.get(grid.name, SheetFacts())
        rows = _as_shown(grid.rows, told.shown) if told.shown else grid.rows
        yield replace(
            grid,
            rows=map(_counting_from_1904, rows) if from_1904 else rows,
            merged=grid.merged or told.merged,
            hidden=frozenset(told.hidden),
            struck=frozenset(told.struck),
        )


def _as_shown(rows: Iterator[Sequence[Cell]], shown: Mapping[tuple[int, int], str]) -> Iterator[Sequence[Cell]]:
    """Yield the rows with the text that is shown in place of some numbers, by (row from 1, column from 0)."""
    by_row: dict[int, dict[int, str]] = {}
    for (number, place), text in shown.items():
        by_row.setdefault(number, {})[place] = text
    for number, row in enumerate(rows, start=1):
        texts = by_row.get(number, {})
        yield [texts.get(place, cell) for place, cell in enumerate(row)] if texts else row


def _counting_from_1904(row: Sequence[Cell]) -> list[Cell]:
    return [Serial1904(cell) if type(cell) is float else cell for cell in row]


def _needs_of(content: bytes, limits: Limits) -> _Needs:
    """Return how a workbook has to be read.

    Unpacks everything once, in pieces, and counts: sizes stated in the archive are not trusted.
    """
    size, calculated, needs = 0, False, _Needs()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                a_sheet, styles = "worksheets/" in entry.filename, entry.filename == STYLES
                text = b""
                for piece in unpacked(content, entry):
                    size += len(piece)
                    if size > limits.unpacked:
                        raise _TooLarge
                    text = text[-_OVERLAP:] + piece
                    if a_sheet:
                        needs.careful = needs.careful or _FAR_OR_ERROR.search(text) is not None
                        needs.facts = needs.facts or _HIDDEN_OR_MONTH.search(text) is not None
                        if b"<f" in text:
                            needs.unsolved = needs.unsolved or _NO_RESULT.search(text) is not None
                            calculated = calculated or _EMPTY_RESULT.search(text) is not None
                    elif styles:
                        needs.facts = needs.facts or _STRUCK.search(text) is not None
    except _TooLarge:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.unpacked // 1_000_000) from None
    except (*_BROKEN, NotImplementedError):
        raise _unreadable() from None
    needs.unsolved = needs.unsolved and not calculated
    return needs


class _TooLarge(Exception):
    pass


def _has_password(content: bytes) -> bool:
    try:
        CalamineWorkbook.from_filelike(io.BytesIO(content)).close()
    except PasswordError:
        return True
    except CalamineError:
        # An .xlsx with a password is a container in the old format with the encrypted workbook inside.
        return b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content
    return False


def _by_calamine(content: bytes) -> Iterator[Grid]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for index, sheet in enumerate(book.sheets_metadata):
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet:
                read = book.get_sheet_by_index(index)
                merged = [(*first, *last) for first, last in read.merged_cell_ranges or ()]
                yield Grid(sheet.name, map(_blanks_as_none, read.iter_rows()), merged)
    except _BROKEN:
        raise _unreadable() from None


def _blanks_as_none(row: Sequence[Cell]) -> list[Cell]:
    return [None if cell == "" else cell for cell in row]


def _opened(content: bytes, *, data_only: bool) -> Workbook:
    import openpyxl  # only workbooks that calamine can't read need it, and it takes long to import

    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    except _BROKEN:
        raise _unreadable() from None


def _by_openpyxl(content: bytes) -> Iterator[Grid]:
    book = _opened(content, data_only=True)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # the dimensions stated in a workbook are often wrong
            yield Grid(sheet.title, map(_as_calamine, _unbroken(sheet.iter_rows(values_only=True))))


def _as_calamine(row: Sequence[Cell]) -> list[Cell]:
    """Return the cells of a row as calamine gives them."""
    return [_plain_value(cell) for cell in row]


def _plain_value(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell) or None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    return cell


def _with_unsolved(content: bytes, grids: Iterator[Grid]) -> Iterator[Grid]:
    """Yield the sheets with formulas without a result in their cells, which would otherwise be blank."""
    book = _opened(content, data_only=False)
    for grid in grids:
        sheet = book[grid.name]
        sheet.reset_dimensions()
        yield replace(grid, rows=_overlaid(grid.rows, _unbroken(sheet.iter_rows(values_only=True))))


def _overlaid(rows: Iterator[Sequence[Cell]], written: Iterator[Sequence[Cell]]) -> Iterator[list[Cell]]:
    for row, formulas in zip_longest(rows, written, fillvalue=()):
        cells = [*row, *[None] * (len(formulas) - len(row))]
        for place, cell in enumerate(formulas):
            formula = getattr(cell, "text", cell)  # a range's formula is an object
            if cells[place] is None and isinstance(formula, str) and formula.startswith("="):
                cells[place] = Unsolved(formula)
        yield cells


def _unbroken(rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    try:
        yield from rows
    except _BROKEN:
        raise _unreadable() from None


def _unreadable() -> InvalidInput:
    return InvalidInput("file", N_("The Excel workbook can't be read; save it anew as .xlsx or as CSV"))
