"""Reading dates: a day, or a year, month or day with the precision given.

Days: ``2024-03-05``, ``2024-3-5``, ``2024/03/05``, ``2024.3.5``, ``2024年3月5日``, ``20240305``, the ISO 8601 week date
``2024-W10-2``, each with or without a time of day after it, and ``45356``, the serial number of a day in a spreadsheet.
Months: ``2024-03``, ``2024年3月``, ``202403``. Years: ``2024``, ``2024年``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_
from stations.partial_date import PartialDate

EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's date system, given its nonexistent leap day of 1900 (ECMA-376 part 1, 18.17.4.1)."""

FIRST_SERIAL, LAST_SERIAL = 18264, 73051
"""1950-01-01 to 2100-01-01 in Excel's date system; other numbers are not taken for dates."""

_SEPARATED = re.compile(
    r"(\d{4})\s*(?:[-/.,]|年)\s*(\d{1,2})(?:\s*(?:[-/.,]|月)\s*(\d{1,2})\s*日?|\s*月?)", re.ASCII
)
_YEAR = re.compile(r"(\d{4})\s*年?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII)
_WEEK_DATE = re.compile(r"\d{4}-?W\d{2}(-?[1-7])?", re.ASCII)
_TIME_AFTER = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$", re.ASCII)


def read_partial_date(field: str, text: str) -> PartialDate:
    """Return the year, month or day written in ``text``.

    Raises:
        InvalidInput: ``text`` is written in another way, or names a day that does not exist.
    """
    plain = _TIME_AFTER.sub("", narrow(text))
    try:
        for shape in (_SEPARATED, _YEAR, _DIGITS):
            if found := shape.fullmatch(plain):
                read = PartialDate(*(int(part) for part in found.groups() if part))
                _ = read.earliest, read.latest  # a month or day that does not exist raises here
                return read
        if _WEEK_DATE.fullmatch(plain):
            return PartialDate.of(date.fromisoformat(plain))
        serial = float(plain)
        if FIRST_SERIAL <= serial < LAST_SERIAL:
            return PartialDate.of(EXCEL_DAY_ZERO + timedelta(days=int(serial)))
    except ValueError:
        pass
    raise InvalidInput(field, N_("“{text}” is not a date; write it as 2025-12-31"), text=text.strip())


def read_day(field: str, text: str) -> date:
    """Return the day written in ``text``, in any of the forms of ``read_partial_date``.

    Raises:
        InvalidInput: ``text`` is not a date, or names a month or year only.
    """
    read = read_partial_date(field, text)
    if read.precision != "day":
        raise InvalidInput(field, N_("“{text}” lacks the day; write it as 2025-12-31"), text=text.strip())
    return read.earliest


def read_month(field: str, text: str) -> date:
    """Return the first day of the month written in ``text``.

    Raises:
        InvalidInput: ``text`` is not a date, or names a day or year.
    """
    try:
        read = read_partial_date(field, text)
    except InvalidInput:
        read = None
    if read is None or read.precision != "month":
        raise InvalidInput(field, N_("“{text}” is not a month; write it as 2026-10"), text=text.strip())
    return read.earliest


def read_instant(field: str, text: str) -> datetime:
    """Return the instant written in ``text`` as ``2025-12-31T09:00``; without a zone it is in China's time.

    Raises:
        InvalidInput: ``text`` is not such an instant.
    """
    try:
        moment = datetime.fromisoformat(narrow(text))
    except ValueError:
        raise InvalidInput(
            field, N_("“{text}” is not an instant; write it as 2025-12-31T09:00"), text=text.strip()
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)
