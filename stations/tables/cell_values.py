"""What the cell of a spreadsheet means: readers for ``stations.tables.spreadsheet.Column``.

Each takes the name of the column and the cell as it stands there (text, number, date; not blank) and
gives its value, or raises ``InvalidInput`` that says what to write. Full-width digits and letters are
plain ones everywhere but in names.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_, Bilingual, Listed
from stations.partial_date import PartialDate

Cell = Any
Reader = Callable[[str, Cell], Any]

EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's own count, with its leap day of 1900 that never was (ECMA-376 part 1, 18.17.4.1)."""

FIRST_SERIAL, LAST_SERIAL = 18264, 73051
"""1950-01-01 to 2100-01-01 in Excel's count: numbers beyond are taken for something else."""

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_DAY = re.compile(r"(\d{4})\s*(?:[-/.,]|年)\s*(\d{1,2})(?:\s*(?:[-/.,]|月)\s*(\d{1,2})\s*日?|\s*月?)")
_YEAR = re.compile(r"(\d{4})\s*年?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_TIME_AFTER = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")


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
    shape = re.compile(rf"([+-]?\d+)(?:\.0+)?\s*(?:{units})?", re.IGNORECASE)

    def read(field: str, cell: Cell) -> int:
        found = shape.fullmatch(narrow(cell_text(field, cell)).replace(",", ""))
        if found is None or not least <= int(found.group(1)) <= most:
            raise InvalidInput(
                field,
                N_("“{text}” is not a whole number from {least} to {most}"),
                text=cell_text(field, cell),
                least=least,
                most=most,
            )
        return int(found.group(1))

    return read


def number(field: str, cell: Cell) -> float:
    """A finite number, thousands separated or not."""
    written = cell_text(field, cell)
    try:
        value = float(narrow(written).replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidInput(field, N_("“{text}” is not a number"), text=written)
    return value


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
    """A day, month or year: a date of Excel's or its number of days, 2024-3-5, 2024/03/05, 2024.3.5,
    2024年3月5日, 20240305, 2024年3月, 202403, 2024.

    Raises:
        InvalidInput: it is written in another way, or is no day of the calendar.
    """
    if isinstance(cell, datetime):
        return PartialDate.of(cell.date())
    if isinstance(cell, date):
        return PartialDate.of(cell)
    written = cell_text(field, cell)
    plain = _TIME_AFTER.sub("", narrow(written))
    for shape in (_DAY, _YEAR, _DIGITS):
        found = shape.fullmatch(plain)
        if found:
            parts = [int(part) for part in found.groups() if part]
            break
    else:
        serial = _serial(plain)
        if serial is not None:
            return PartialDate.of(EXCEL_DAY_ZERO + timedelta(days=serial))
        raise _no_date(field, written)
    try:
        read = PartialDate(*parts)
        _ = read.earliest, read.latest
    except ValueError:
        raise _no_date(field, written) from None
    return read


def day(field: str, cell: Cell) -> date:
    """A day, in any of the shapes of ``partial_date``.

    Raises:
        InvalidInput: it is none, or names a month or year only.
    """
    read = partial_date(field, cell)
    if read.precision != "day":
        raise InvalidInput(field, N_("“{text}” lacks the day; write it as 2024-03-05"), text=cell_text(field, cell))
    return read.earliest


def _serial(plain: str) -> int | None:
    try:
        serial = float(plain)
    except ValueError:
        return None
    return int(serial) if FIRST_SERIAL <= serial < LAST_SERIAL else None


def _no_date(field: str, written: str) -> InvalidInput:
    return InvalidInput(field, N_("“{text}” is not a date; write it as 2024-03-05"), text=written)
