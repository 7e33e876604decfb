"""Read the cells of Excel workbooks (.xlsx, .xlsm and the old .xls), row by row.

Formulas are never run: the results stored in the workbook are read. Workbooks are read with calamine, which is many
times faster than openpyxl, but allocates the whole rectangle spanned by a sheet's cells and drops error values
(``#N/A``). So a workbook with a very distant cell, or with errors, is read with openpyxl, row by row. If formulas
have no stored result, as written by programs that do not calculate, openpyxl finds them. Archives that unpack to
more than the limit are refused first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from stations.errors import InvalidInput
from stations.language import N_

if TYPE_CHECKING:
    from openpyxl import Workbook

_PACKED, _OLD = b"PK", b"\xd0\xcf\x11\xe0"
_AT_ONCE = 1 << 20
# A cell or row number beyond column BZ or row 99,999, or a cell with an error.
_FAR_OR_ERROR = re.compile(
    rb"""\sr\s*=\s*["'](?:(?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z])\d|[A-Za-z]*\d{6,})|<c\b[^>]*\st\s*=\s*["']e["']"""
)
_NO_VALUE = rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>"
_NO_RESULT = re.compile(_NO_VALUE)
# A formula whose result is an empty text: the program that wrote it has calculated, so all its formulas have
# results.
_EMPTY_RESULT = re.compile(rb"""<c\b[^>]*\st\s*=\s*["']str["'][^>]*>\s*""" + _NO_VALUE)
_OVERLAP = 10_000  # bytes carried over between pieces, so that no match across a boundary is missed
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    CalamineError,
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


@dataclass
class Grid:
    """A sheet: its name, its rows from the first one, including blank ones, and its merged cells as (first row, first
    column, last row, last column) counted from 0.
    """

    name: str
    rows: Iterator[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()


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
    careful, unsolved = _needs_care(content, limits)
    grids = _by_openpyxl(content) if careful else _by_calamine(content)
    return _with_unsolved(content, grids) if unsolved else grids


def _needs_care(content: bytes, limits: Limits) -> tuple[bool, bool]:
    """Return whether a sheet has distant cells or errors, and whether it has formulas without a result.

    Unpacks everything once, in pieces, and counts: sizes stated in the archive are not trusted.
    """
    unpacked, careful, unsolved, calculated = 0, False, False, False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                a_sheet = "worksheets/" in entry.filename
                with packed.open(entry) as part:
                    before = b""
                    while piece := part.read(_AT_ONCE):
                        unpacked += len(piece)
                        if unpacked > limits.unpacked:
                            raise _TooLarge
                        if a_sheet:
                            careful = careful or _FAR_OR_ERROR.search(before + piece) is not None
                            if b"<f" in piece:
                                unsolved = unsolved or _NO_RESULT.search(before + piece) is not None
                                calculated = calculated or _EMPTY_RESULT.search(before + piece) is not None
                            before = piece[-_OVERLAP:]
    except _TooLarge:
        raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.unpacked // 1_000_000) from None
    except (*_BROKEN, NotImplementedError):
        raise _unreadable() from None
    return careful, unsolved and not calculated


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
            yield Grid(sheet.title, _unbroken(sheet.iter_rows(values_only=True)))


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
