from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.working_days import (
    CALENDAR_END,
    WorkingDeadline,
    add_working_days,
    is_public_holiday,
    is_published,
    is_settled,
    is_working_day,
    statutory_holidays,
    working_days_between,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday worked in its place
        (date(2026, 11, 24), True),
        (date(2026, 11, 22), False),  # a Sunday
    ],
)
def test_the_official_calendar_decides(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_beyond_the_published_calendar_weekdays_work_and_the_deadline_says_so() -> None:
    monday = CALENDAR_END + timedelta(days=(14 - CALENDAR_END.weekday()))  # the second: the first may be New Year
    assert not is_published(monday)
    assert is_working_day(monday)
    assert not is_working_day(monday - timedelta(days=1))
    assert add_working_days(CALENDAR_END, 1).provisional
    assert not add_working_days(date(2026, 11, 24), 5).provisional


def test_the_day_itself_does_not_count() -> None:
    assert add_working_days(date(2026, 9, 30), 1).day == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 0).day == date(2026, 9, 30)


def test_a_deadline_lies_ahead() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 9, 30), -1)


@given(DAYS, st.integers(1, 60))
def test_counting_back_gives_what_was_added(start: date, days: int) -> None:
    end = add_working_days(start, days).day
    assert is_working_day(end)
    assert working_days_between(start, end) == days
    assert working_days_between(end, start) == -days


@given(DAYS, DAYS, DAYS)
def test_spans_add_up(first: date, second: date, third: date) -> None:
    assert working_days_between(first, second) + working_days_between(second, third) == working_days_between(
        first, third
    )


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


@pytest.mark.parametrize(
    ("year", "by_moon_and_sun"),
    [
        # 除夕 to 初三, 清明, 端午, 中秋
        (2027, "2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-06-09 2027-09-15"),
        (2028, "2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-28 2028-10-03"),
        (2031, "2031-01-22 2031-01-23 2031-01-24 2031-01-25 2031-04-05 2031-06-24 2031-10-01"),
    ],
)
def test_holidays_by_law_hold_where_nothing_is_arranged_yet(year: int, by_moon_and_sun: str) -> None:
    by_sun = days(*(f"{year}-{day}" for day in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")))
    off = by_sun | days(*by_moon_and_sun.split())
    assert statutory_holidays(year) == off
    for day in off:
        assert is_public_holiday(day) and not is_working_day(day) and is_settled(day) and not is_published(day)


def test_only_what_is_arranged_around_a_holiday_is_provisional() -> None:
    assert not is_public_holiday(date(2027, 5, 3))  # a Monday that was off in every arrangement, but not by law
    assert is_working_day(date(2027, 5, 3)) and not is_settled(date(2027, 5, 3))
    assert is_settled(date(2026, 5, 3)) and is_public_holiday(date(2026, 5, 3))


def test_nothing_falls_due_on_a_holiday_that_the_law_fixes() -> None:
    assert add_working_days(date(2026, 12, 31), 1) == WorkingDeadline(date(2027, 1, 4), provisional=True)
    assert add_working_days(date(2027, 2, 4), 1).day == date(2027, 2, 9)
    assert working_days_between(date(2027, 9, 30), date(2027, 10, 4)) == 1
    assert working_days_between(date(2031, 1, 21), date(2031, 1, 27)) == 1


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_arrangement_contains_the_holidays_by_law(year: int) -> None:
    assert all(is_public_holiday(day) for day in statutory_holidays(year))


def test_years_beyond_the_lunar_tables_have_the_fixed_dates() -> None:
    assert is_public_holiday(date(2150, 10, 1))
