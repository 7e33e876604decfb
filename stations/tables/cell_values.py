"""Readers of spreadsheet cells, for ``stations.tables.column.Column.read``.

Each takes the name of the column and the cell (text, number or date; not blank) and returns its value, or raises
``InvalidInput`` with a message that says what to write. Full-width digits and letters are converted to plain ones
except in names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from stations.entered_text import narrow, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.partial_date import PartialDate
from stations.readers.dates import FIRST_SERIAL, LAST_SERIAL, read_day, read_partial_date
from stations.readers.numbers import read_whole_number
from stations.tables.workbook_grids import Serial1904

Cell = Any
Reader = Callable[[str, Cell], Any]

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
"""What a spreadsheet shows in place of a value."""


_DAYS_TO_1904 = 1462  # between the first days of Excel's two date systems
_JANUARY_OR_OCTOBER = re.compile(r"(?:19|20)[0-9]{2}\.1")  # a spreadsheet that is given 2023.10 keeps 2023.1


def lines_in(field: str, cell: Cell) -> str | None:
    """Return the text of a cell that may list several things, one on each line; None where it says nothing.

    Raises:
        InvalidInput: as ``cell_text``.
    """
    written = cell.strip() if isinstance(cell, str) else cell_text(field, cell)
    return None if says_nothing(written) else written


def cell_text(field: str, cell: Cell) -> str:
    """Return the cell as text on one line; whole numbers without a decimal point, days as ISO 8601.

    Raises:
        InvalidInput: the cell contains an Excel error such as ``#N/A``.
    """
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    lines = (line.strip() for line in re.split(r"[\r\n]", str(cell)))
    text = " ".join(line for line in lines if line)
    if text in ERRORS:
        raise InvalidInput(field, N_("This cell holds the error {error}; write its value"), error=text)
    return text


def text(limit: int) -> Reader:
    """Return a reader of names and other texts of at most ``limit`` characters, left as written."""
    return lambda field, cell: read_text(field, cell_text(field, cell), limit=limit)


def code(limit: int) -> Reader:
    """Return a reader of numbers or codes of at most ``limit`` characters, with full-width letters and digits
    converted.
    """
    return lambda field, cell: read_text(field, narrow(cell_text(field, cell)), limit=limit)


def whole_number(least: int, most: int, *, units: str = "") -> Reader:
    """Return a reader of whole numbers from ``least`` to ``most``. A word of ``units`` (separated by ``|``) may
    follow.
    """
    return lambda field, cell: read_whole_number(field, cell_text(field, cell), least, most, units=units)


def partial_date(field: str, cell: Cell) -> PartialDate | None:
    """Return a day, month or year, from an Excel date or a text that ``readers.dates`` accepts; None if the text says
    that there is none (``—``).

    Raises:
        InvalidInput: the text has another form or is not a day of the calendar.
    """
    if isinstance(cell, datetime):
        return PartialDate.of(cell.date())
    if isinstance(cell, date):
        return PartialDate.of(cell)
    text = cell_text(field, _counted_from_1900(cell))
    if isinstance(cell, float) and _JANUARY_OR_OCTOBER.fullmatch(text):
        raise InvalidInput(
            field, N_("The number {text} may mean January or October; write it as 2025-01 or 2025-10"), text=text
        )
    return None if says_nothing(text) else read_partial_date(field, text)


def _counted_from_1900(cell: Cell) -> Cell:
    """Return the serial number of a day in the usual date system, if the workbook's days count from 1904."""
    if isinstance(cell, Serial1904) and FIRST_SERIAL <= cell + _DAYS_TO_1904 < LAST_SERIAL:
        return float(cell) + _DAYS_TO_1904
    return cell


def day(field: str, cell: Cell) -> date:
    """Return a day, from an Excel date or a text that ``readers.dates`` accepts.

    Raises:
        InvalidInput: the text is not a day, or names only a month or year.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_day(field, cell_text(field, _counted_from_1900(cell)))
