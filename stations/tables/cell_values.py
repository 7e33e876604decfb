"""What the cell of a spreadsheet means: readers for ``stations.tables.spreadsheet.Column``.

Each takes the name of the column and the cell as it stands there (text, number, date; not blank) and
gives its value, or raises ``InvalidInput`` that says what to write. Full-width digits and letters are
plain ones everywhere but in names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_, Bilingual, Listed
from stations.partial_date import PartialDate
from stations.readers.dates import read_day, read_partial_date
from stations.readers.numbers import read_whole_number

Cell = Any
Reader = Callable[[str, Cell], Any]

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def cell_text(field: str, cell: Cell) -> str:
    """The cell as a text on one line; whole numbers without a point, days as ISO 8601.

    Raises:
        InvalidInput: it holds an error of Excel's, such as ``#N/A``.
    """
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    text = re.sub(r"\s*[\r\n]+\s*", " ", str(cell)).strip()
    if text in _ERRORS:
        raise InvalidInput(field, N_("This cell holds the error {error}; write its value"), error=text)
    return text


def text(limit: int) -> Reader:
    """Reads a name or another text of at most ``limit`` characters, left as it was written."""
    return lambda field, cell: read_text(field, cell_text(field, cell), limit=limit)


def code(limit: int) -> Reader:
    """Reads a number or code of at most ``limit`` characters: full-width letters and digits made plain."""
    return lambda field, cell: read_text(field, narrow(cell_text(field, cell)), limit=limit)


def whole_number(least: int, most: int, *, units: str = "") -> Reader:
    """Reads a whole number from ``least`` to ``most``; words out of ``units`` (separated by ``|``) may follow."""
    return lambda field, cell: read_whole_number(field, cell_text(field, cell), least, most, units=units)


def choice_of(choices: Mapping[str, Any], *, told: str | Bilingual | Listed) -> Reader:
    """Reads one of several words (case and width aside) as the value it stands for; ``told``: the
    words an error names."""
    known = {_folded(word): value for word, value in choices.items()}

    def read(field: str, cell: Cell) -> Any:
        written = cell_text(field, cell)
        if _folded(written) not in known:
            raise InvalidInput(field, N_("“{text}” is none of: {choices}"), text=written, choices=told)
        return known[_folded(written)]

    return read


def _folded(word: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", word)).casefold()


def partial_date(field: str, cell: Cell) -> PartialDate:
    """A day, month or year: a date of Excel's, or what ``readers.dates`` reads.

    Raises:
        InvalidInput: it is written in another way, or is no day of the calendar.
    """
    if isinstance(cell, datetime):
        return PartialDate.of(cell.date())
    if isinstance(cell, date):
        return PartialDate.of(cell)
    return read_partial_date(field, cell_text(field, cell))


def day(field: str, cell: Cell) -> date:
    """A day: a date of Excel's, or what ``readers.dates`` reads.

    Raises:
        InvalidInput: it is none, or names a month or year only.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_day(field, cell_text(field, cell))
