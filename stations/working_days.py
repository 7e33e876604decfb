"""Working days of China's official calendar: weekdays less public holidays, plus make-up working days.

The State Council publishes the arrangement of each year (国务院办公厅关于部分节假日安排的通知) late in the year
before; the library that carries it ends with the last published year. After that the days that are holidays by law
are off, other weekdays count as working days, and results are marked provisional: which days around a holiday are off
as well, and which Saturdays and Sundays are worked for them, is not known yet.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from borax.calendars.lunardate import MAX_LUNAR_YEAR, LunarDate, TermUtils

CALENDAR_START = min(chinese_calendar.holidays).replace(month=1, day=1)
CALENDAR_END = max(chinese_calendar.holidays).replace(month=12, day=31)
LAW_SINCE = 2025
"""The first year for which ``statutory_holidays`` says what the law says; it was last revised on 2024-11-10."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDeadline:
    """A due date. ``provisional``: counted partly beyond the published calendar (after ``CALENDAR_END``), so it can
    still change.
    """

    day: date
    provisional: bool


@functools.cache
def statutory_holidays(year: int) -> frozenset[date]:
    """Return the days of a year, from ``LAW_SINCE`` on, that are holidays for everybody by law, whatever is arranged
    around them: 1 January; New Year's Eve of the lunar calendar to the third day of its year; the solar term 清明; 1
    and 2 May; the lunar days 端午 and 中秋; 1 to 3 October.

    Source: 《全国年节及纪念日放假办法》, as revised on 2024-11-10, 第二条. A holiday on a Saturday or Sunday is made
    up for on a working day (第六条), which only the yearly arrangement names. Lunar dates are known up to 2100.
    """
    days = {date(year, 1, 1), date(year, 5, 1), date(year, 5, 2), *(date(year, 10, day) for day in (1, 2, 3))}
    if year > MAX_LUNAR_YEAR:
        return frozenset(days)
    spring = LunarDate(year, 1, 1).to_solar_date()
    days |= {spring + timedelta(days=ahead) for ahead in (-1, 0, 1, 2)}
    days |= {LunarDate(year, month, day).to_solar_date() for month, day in ((5, 5), (8, 15))}
    return frozenset(days | {TermUtils.nth_term_day(year, term_name="清明")})


def is_published(day: date) -> bool:
    """Whether the official arrangement of that day's year is known."""
    return bool(CALENDAR_START <= day <= CALENDAR_END)


def is_settled(day: date) -> bool:
    """Whether it is known for certain if a day is off: its year is arranged, or it is a holiday by law."""
    return is_published(day) or _by_law(day)


@functools.lru_cache(maxsize=8192)
def is_working_day(day: date) -> bool:
    """Whether a day is a working day: by the official calendar, or, where none is published, Monday to Friday without
    the holidays that the law fixes.
    """
    return chinese_calendar.is_workday(day) if is_published(day) else day.weekday() < 5 and not _by_law(day)


def is_public_holiday(day: date) -> bool:
    """Whether a day is off by the official arrangement of a public holiday, including its weekends; by the law alone
    where no arrangement is published.
    """
    if not is_published(day):
        return _by_law(day)
    off, holiday = chinese_calendar.get_holiday_detail(day)
    return off and holiday is not None


def _by_law(day: date) -> bool:
    return day.year >= LAW_SINCE and day in statutory_holidays(day.year)


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
