"""The periods of the evaluation: a month, a quarter or a year, in China's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_
from stations.readers.dates import read_partial_date

_QUARTER = re.compile(
    r"(?P<year>20\d\d)\s*年?\s*[-,]?\s*(?:Q|第|quarter\s)?\s*(?P<quarter>[1-4一二三四])\s*季度?"
    r"|(?P<year_before>20\d\d)\s*年?\s*[-,]?\s*(?:Q|quarter)\s*(?P<quarter_after>[1-4])"
    r"|(?:Q|quarter\s)\s*(?P<quarter_first>[1-4])[\s,]+(?P<year_last>20\d\d)",
    re.IGNORECASE | re.ASCII,
)
_PARTS = (("year", "year_before", "year_last"), ("quarter", "quarter_after", "quarter_first"))
_NUMERALS = "一二三四"
_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Period:
    """A period. ``first``, ``last``: its first and last day. ``text``: its name: ``2026-10``, ``2026-Q4`` or ``2026``.
    """

    text: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The time at which it begins."""
        return datetime.combine(self.first, time(), CHINA_TIME)

    @property
    def end(self) -> datetime:
        """The time at which it is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), CHINA_TIME)

    def before(self) -> Period:
        """Return the preceding period of the same length."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return _from_month(self.first.year * 12 + self.first.month - 1 - months, months)


def months_since(first: date, today: date) -> list[Period]:
    """Return the months from that of ``first`` to that of ``today``, the newest first."""
    months = [month_of(today)]
    while months[-1].first > first:
        months.append(months[-1].before())
    return months


def latest_periods(today: date, months: int) -> list[Period]:
    """Return that many months up to that of ``today``, then the quarters and the years they lie in, each newest
    first.
    """
    found = [month_of(today)]
    while len(found) < months:
        found.append(found[-1].before())
    quarters = dict.fromkeys(_from_month(_month_number(one) // 3 * 3, 3) for one in found)
    years = dict.fromkeys(_from_month(_month_number(one) // 12 * 12, 12) for one in found)
    return [*found, *quarters, *years]


def _month_number(period: Period) -> int:
    return period.first.year * 12 + period.first.month - 1


def read_period(text: str) -> Period:
    """Return the quarter written as ``2026-Q4``, ``2026年第四季度``, ``2026, quarter 4``, or the month or year written
    in any way in which dates are.

    Raises:
        InvalidInput: the text is not a period.
    """
    if found := _QUARTER.fullmatch(narrow(text)):
        year, quarter = (next(filter(None, (found[name] for name in names))) for names in _PARTS)
        place = _NUMERALS.find(quarter) if quarter in _NUMERALS else int(quarter) - 1
        return _from_month(int(year) * 12 + place * 3, 3)
    try:
        read = read_partial_date("period", text)
    except InvalidInput:
        read = None
    if read is None or read.precision == "day" or read.year not in _YEARS:
        raise InvalidInput(
            "period", N_("“{text}” is no period; write a month 2026-10, a quarter 2026-Q4 or a year 2026"), text=text
        )
    return _from_month(read.year * 12 + read.earliest.month - 1, 1 if read.precision == "month" else 12)


def month_of(day: date) -> Period:
    """Return the month of a day."""
    return _from_month(day.year * 12 + day.month - 1, 1)


def _from_month(number: int, months: int) -> Period:
    first = date(number // 12, number % 12 + 1, 1)
    after = number + months
    text = {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{(first.month + 2) // 3}", 12: f"{first.year}"}[months]
    return Period(text, first, date(after // 12, after % 12 + 1, 1) - timedelta(days=1))
