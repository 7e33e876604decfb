"""Working days of China's official calendar: weekdays less public holidays, plus make-up working days.

The State Council publishes the arrangement of each year (国务院办公厅关于部分节假日安排的通知) late in the year
before; the library that carries it ends with the last published year. After that, Monday to Friday count as working
days, and results are marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

CALENDAR_START = min(chinese_calendar.holidays).replace(month=1, day=1)
CALENDAR_END = max(chinese_calendar.holidays).replace(month=12, day=31)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDeadline:
    """A due date. ``provisional``: counted partly beyond the published calendar (after ``CALENDAR_END``), so it can
    still change.
    """

    day: date
    provisional: bool


def is_published(day: date) -> bool:
    """Whether the official arrangement of that day's year is known."""
    return bool(CALENDAR_START <= day <= CALENDAR_END)


def is_working_day(day: date) -> bool:
    """Whether a day is a working day: by the official calendar, or Monday to Friday where none is published."""
    return chinese_calendar.is_workday(day) if is_published(day) else day.weekday() < 5


def is_public_holiday(day: date) -> bool:
    """Whether a day is off by the official arrangement of a public holiday, including its weekends; False where no
    arrangement is published.
    """
    if not is_published(day):
        return False
    off, holiday = chinese_calendar.get_holiday_detail(day)
    return off and holiday is not None


def add_working_days(start: date, days: int) -> WorkingDeadline:
    """Return the ``days``-th working day after ``start``. ``start`` itself does not count (《民法典》第二百零一条).

    Raises:
        ValueError: ``days`` is negative.
    """
    if days < 0:
        raise ValueError("a deadline lies ahead: days must not be negative")
    day, left = start, days
    while left:
        day += _ONE_DAY
        left -= is_working_day(day)
    return WorkingDeadline(day, provisional=not is_published(day))


def working_days_between(start: date, end: date) -> int:
    """Return the number of working days after ``start`` up to and including ``end``; negative if ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=ahead)) for ahead in range(1, (end - start).days + 1))
