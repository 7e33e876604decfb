"""The periods of the evaluation: a month, a quarter or a year, in China's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_

_TEXT = re.compile(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")


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


def read_period(text: str) -> Period:
    """Parse the name of a period.

    Raises:
        InvalidInput: the text is not a period.
    """
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise InvalidInput(
            "period", N_("“{text}” is no period; write a month 2026-10, a quarter 2026-Q4 or a year 2026"), text=text
        )
    year, month, quarter = int(found[1]), found[2], found[3]
    if month:
        return _from_month(year * 12 + int(month) - 1, 1)
    if quarter:
        return _from_month(year * 12 + (int(quarter) - 1) * 3, 3)
    return _from_month(year * 12, 12)


def month_of(day: date) -> Period:
    """Return the month of a day."""
    return _from_month(day.year * 12 + day.month - 1, 1)


def _from_month(number: int, months: int) -> Period:
    first = date(number // 12, number % 12 + 1, 1)
    after = number + months
    text = {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{(first.month + 2) // 3}", 12: f"{first.year}"}[months]
    return Period(text, first, date(after // 12, after % 12 + 1, 1) - timedelta(days=1))
