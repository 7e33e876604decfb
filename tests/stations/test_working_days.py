from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.working_days import (
    CALENDAR_END,
    add_working_days,
    is_published,
    is_working_day,
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
    monday = CALENDAR_END + timedelta(days=(7 - CALENDAR_END.weekday()))
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
