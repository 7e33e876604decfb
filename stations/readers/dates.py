"""Reading dates: a day, or a year, month or day with the precision given.

Days: ``2024-03-05``, ``2024-3-5``, ``2024/03/05``, ``2024.3.5``, ``2024年3月5日``, ``二〇二四年三月五日``, ``24.3.5``,
``20240305``, the ISO 8601 week date ``2024-W10-2``, ``15/3/2024`` where only one order is possible, ``5 March 2024``,
each with or without a weekday or time of day after it, and ``45356``, the serial number of a day in a spreadsheet.
Words that change nothing of it may stand around it: ``自2026.8起``, ``2023.05.08（揭牌）``.
Months: ``2024-03``, ``2024年3月``, ``2024年3月底``, ``202403``, ``Mar-24`` (as Excel shows them). Years: ``2024``,
``2024年``, ``2024年第四季度``.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_
from stations.partial_date import PartialDate

EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's date system, given its nonexistent leap day of 1900 (ECMA-376 part 1, 18.17.4.1)."""

FIRST_SERIAL, LAST_SERIAL = 18264, 73051
"""1950-01-01 to 2100-01-01 in Excel's date system; other numbers are not taken for dates."""

_BETWEEN = r"\s*[-/.,]\s*"
_YEAR = r"(?P<year>[0-9]{4})"
_SHORT_YEAR = r"(?P<year>1[3-9]|[2-4][0-9])"  # beyond 12, so that it is no month
_MONTH, _DAY = r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
_NAMED_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_PART_OF_MONTH = r"(?:份?(?:初|中旬?|底|末|上旬|中旬|下旬)?|份)"
_PART_OF_YEAR = r"(?:年?(?:初|中|底|末)|上半年|下半年|第?[一二三四1-4]\s*季度|Q[1-4])?"

_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE | re.ASCII)
    for shape in (
        rf"(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'short')}){_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}\s*[日号]?",
        rf"{_YEAR}{_BETWEEN}{_MONTH}\s*月?",
        rf"(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'short')})\s*年\s*{_MONTH}\s*(?:月|[-/.])\s*{_DAY}\s*[日号]?",
        rf"(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'short')})\s*年\s*{_MONTH}\s*(?:月\s*{_PART_OF_MONTH})?",
        rf"{_YEAR}\s*(?:年\s*度?\s*{_PART_OF_YEAR}|Q[1-4])?",
        rf"{_SHORT_YEAR.replace('year', 'short')}\s*年\s*度?\s*{_PART_OF_YEAR}",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?",
        rf"(?P<one>[0-9]{{1,2}})/(?P<other>[0-9]{{1,2}})/{_YEAR}",
        rf"{_DAY}\s*[- ]\s*{_NAMED_MONTH}\s*[-, ]\s*{_YEAR}",
        rf"{_NAMED_MONTH}\s*(?:{_DAY}(?:st|nd|rd|th)?\s*,)?\s*{_YEAR}",
        rf"{_NAMED_MONTH}-(?P<short>[0-9]{{2}})",
    )
)
_MONTH_NAMES = tuple(name.casefold() for name in calendar.month_name)
_MOST_MONTHS = 12
_WEEK_DATE = re.compile(r"\d{4}-?W\d{2}(-?[1-7])?", re.ASCII)
_DASHES = re.compile(r"[-‐‑‒–—―−]+")
_TIME_AFTER = re.compile(
    r"(?:[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
    r"|(?<=[\d日号])\s*\(?(?:周|星期)[一二三四五六日天]\)?|(?<=[日号])\s*(?:上午|下午|起))+$",
    re.ASCII,
)
# Words about a date that change nothing of it: 自2026.8起, 2023.05.08（揭牌）, 12月31日24时.
_WORDS_BEFORE = re.compile(r"^(?:自|从)?于?(?=[0-9〇零一二三四五六七八九])")
_WORDS_AFTER = re.compile(
    r"(?:\s*\([^()0-9]*\)|\s*(?:起|开始|以来)|\s+[上下]午|\s*[0-9]{1,2}\s*时(?:[0-9]{1,2}分)?|\.)+$"
)
_DAY_WITHOUT_YEAR = re.compile(r"[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号]?", re.ASCII)
_DATE_IN_TEXT = re.compile(r"[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}", re.ASCII)
# Chinese numerals: those of a year digit by digit, those of a month or day as they are spoken.
_NUMERALS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NUMERAL_YEAR = re.compile(rf"[{''.join(_NUMERALS)}]{{2,4}}(?=\s*年)")
_NUMERAL_PART = re.compile(r"(?<=[年月\s])(?:(?P<tens>[一二三]?)十|廿)?(?P<ones>[一二三四五六七八九])?(?=\s*[月日号])")


EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 25

def read_partial_date(field: str, text: str) -> PartialDate:
    """Return the year, month or day written in ``text``; of a part of a month or year, the month or year.

    Raises:
        InvalidInput: ``text`` is written in another way, has two meanings or names a day that does not exist.
    """
    bare = _WORDS_BEFORE.sub("", _WORDS_AFTER.sub("", _DASHES.sub("-", narrow(text))))
    plain = _TIME_AFTER.sub("", _in_digits(bare)).strip()
    wrong = N_("“{text}” is not a date; write it as 2025-12-31")
    try:
        for shape in _SHAPES:
            if (found := shape.fullmatch(plain)) and (read := _date(found.groupdict())) is not None:
                wrong = N_("“{text}” names a month or day that there is not; write it as 2025-12-31")
                _ = read.earliest, read.latest  # such a month or day raises here
                return read
        if _WEEK_DATE.fullmatch(plain):
            return PartialDate.of(date.fromisoformat(plain))
        serial = float(plain)
        if FIRST_SERIAL <= serial < LAST_SERIAL:
            return PartialDate.of(EXCEL_DAY_ZERO + timedelta(days=int(serial)))
    except ValueError:
        pass
    if _DAY_WITHOUT_YEAR.fullmatch(plain):
        wrong = N_("“{text}” lacks the year; write it as 2025-12-31")
    elif len(_DATE_IN_TEXT.findall(plain)) > 1:
        wrong = N_("“{text}” holds several dates; write the one that is meant, as 2025-12-31")
    raise InvalidInput(field, wrong, text=text.strip())


def _in_digits(text: str) -> str:
    """Return the text with the Chinese numerals of a year, month or day in digits."""
    with_year = _NUMERAL_YEAR.sub(lambda found: "".join(_NUMERALS[sign] for sign in found[0]), text)

    def digits(found: re.Match[str]) -> str:
        if not found[0]:
            return ""
        tens = 2 if "廿" in found[0] else int(_NUMERALS[found["tens"]]) if found["tens"] else int("十" in found[0])
        return str(10 * tens + int(_NUMERALS[found["ones"]] if found["ones"] else 0))

    return _NUMERAL_PART.sub(digits, with_year)


def _date(parts: Mapping[str, str | None]) -> PartialDate | None:
    """Return the date of the named parts of a shape; None if they have two meanings or a month's name is none."""
    year = int(parts.get("year") or f"20{parts.get('short')}")
    month, day = (int(written) if (written := parts.get(name)) else None for name in ("month", "day"))
    if "one" in parts:
        month, day = sorted((int(parts["one"] or 0), int(parts["other"] or 0)))
        if month != day <= _MOST_MONTHS:  # 5/3/2024
            return None
    if name := (parts.get("name") or "").casefold():
        known = (at for at, whole in enumerate(_MONTH_NAMES) if at and name in (whole, whole[:3], whole[:4]))
        month = next(known, None)
        if month is None:
            return None
    return PartialDate(year, month, day)


def read_day(field: str, text: str) -> date:
    """Return the day written in ``text``, in any of the forms of ``read_partial_date``.

    Raises:
        InvalidInput: ``text`` is not a date, or names a month or year only.
    """
    read = read_partial_date(field, text)
    if read.precision != "day":
        raise InvalidInput(field, N_("“{text}” lacks the day; write it as 2025-12-31"), text=text.strip())
    return read.earliest


def read_day_in_sight(field: str, text: str, today: date) -> date:
    """Return the day written in ``text``, where it is not so far from ``today`` that what is counted month by month up
    to it would take for ever.

    Raises:
        InvalidInput: as ``read_day``, or it is before ``EARLIEST`` or more than ``YEARS_AHEAD`` years ahead.
    """
    return in_sight(field, read_day(field, text), today)


def in_sight(field: str, day: date, today: date) -> date:
    """Return the day.

    Raises:
        InvalidInput: it is not in sight, as ``read_day_in_sight`` has it.
    """
    latest = date(today.year + YEARS_AHEAD, 12, 31)
    if EARLIEST <= day <= latest:
        return day
    raise InvalidInput(
        field,
        N_("{day} is too far away; choose a day from {first} to {last}"),
        day=day.isoformat(),
        first=EARLIEST.isoformat(),
        last=latest.isoformat(),
    )


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
