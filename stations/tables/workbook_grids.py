"""The cells of Excel workbooks, .xlsx, .xlsm and the old .xls, row by row as they stand on each sheet.

Formulas are never run: what the workbook keeps as their result is read. Workbooks are read by calamine,
many times faster than openpyxl, but it builds the whole rectangle that a sheet's cells span and leaves
out the errors (``#N/A``) that cells hold. So a workbook with a cell far out, or with errors, is read by
openpyxl, row by row. Where formulas have no result, as a program leaves them that does not calculate, openpyxl
tells which. What unpacks to more than it may is refused before.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from stations.errors import InvalidInput
from stations.language import N_

_PACKED, _OLD = b"PK", b"\xd0\xcf\x11\xe0"
_AT_ONCE = 1 << 20
# A cell or row number beyond column BZ or row 99,999, or a cell that holds an error.
_FAR_OR_ERROR = re.compile(
    rb"""\sr\s*=\s*["'](?:(?:[A-Za-z]{3,}|[C-Zc-z][A-Za-z])\d|[A-Za-z]*\d{6,})|<c\b[^>]*\st\s*=\s*["']e["']"""
)
_NO_VALUE = rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>"
_NO_RESULT = re.compile(_NO_VALUE)
# A formula whose result is an empty text: whatever wrote it has calculated, all of its formulas have results.
_EMPTY_RESULT = re.compile(rb"""<c\b[^>]*\st\s*=\s*["']str["'][^>]*>\s*""" + _NO_VALUE)
_OVERLAP = 10_000  # bytes kept from one piece to the next, so that nothing between two is missed
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
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
"""What a cell holds: text, a number, a date or datetime, a truth value, an ``Unsolved``; None where it is blank."""


@dataclass(frozen=True)
class Unsolved:
    """A formula without a result. ``formula``: as it stands there, with its ``=``."""

    formula: str

    def __str__(self) -> str:
        return self.formula


@dataclass(frozen=True)
class Limits:
    """How large a file may be. ``unpacked`` guards against archives that unpack to far more than they weigh;
    ``old``: whether the old kind (.xls) is taken, whose size can't be told beforehand."""

    bytes: int = 20_000_000
    unpacked: int = 300_000_000
    rows: int = 60_000
    old: bool = False


@dataclass
class Grid:
    """A sheet: its name, its rows from the first one on, blank ones too, and the cells that are merged,
    each as (first row, first column, last row, last column) counted from 0."""

    name: str
    rows: Iterator[Sequence[Cell]]
    merged: Sequence[tuple[int, int, int, int]] = ()


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook by its first bytes."""
    return content.startswith((_PACKED, _OLD))


def workbook_grids(content: bytes, limits: Limits) -> Iterator[Grid]:
    """The visible sheets of a workbook, in order.

    Raises:
        InvalidInput: it unpacks to too much, has a password, is of a kind not taken, or damaged; the last also
            while rows are being read.
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
    """Whether a sheet has cells far out or errors, and whether formulas without a result. Unpacks everything
    once, piece by piece: the archive's own word on sizes is proved right by its checksums, or the file is refused."""
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
        # An .xlsx with a password is an old container that holds it encrypted.
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


def _by_openpyxl(content: bytes) -> Iterator[Grid]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except _BROKEN:
        raise _unreadable() from None
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
            yield Grid(sheet.title, _unbroken(sheet.iter_rows(values_only=True)))


def _with_unsolved(content: bytes, grids: Iterator[Grid]) -> Iterator[Grid]:
    """The sheets, formulas without a result put into their cells, which are blank otherwise."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except _BROKEN:
        raise _unreadable() from None
    for grid in grids:
        sheet = book[grid.name]
        sheet.reset_dimensions()
        yield replace(grid, rows=_overlaid(grid.rows, _unbroken(sheet.iter_rows(values_only=True))))


def _overlaid(rows: Iterator[Sequence[Cell]], written: Iterator[Sequence[Cell]]) -> Iterator[list[Cell]]:
    for row, formulas in zip_longest(rows, written, fillvalue=()):
        cells = [*row, *[None] * (len(formulas) - len(row))]
        for place, cell in enumerate(formulas):
            formula = getattr(cell, "text", cell)  # that of a range is an object
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
