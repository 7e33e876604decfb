"""Whether a station is open and when it opens next, by its hours and the official calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.language import CHINA_TIME
from stations.registry.opening_hours import Opening, opening_at
from stations.samples.stations import HOURS

OFFICE = "Mo-Fr 08:30-11:30,13:30-17:30; PH off"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA_TIME)


@pytest.mark.parametrize(
    ("hours", "now", "opening", "then"),
    [
        (OFFICE, "2026-11-24 10:00", Opening.OPEN, "2026-11-24 11:30"),
        (OFFICE, "2026-11-24 08:30", Opening.OPEN, "2026-11-24 11:30"),
        (OFFICE, "2026-11-24 11:30", Opening.CLOSED, "2026-11-24 13:30"),
        (OFFICE, "2026-11-24 18:00", Opening.CLOSED, "2026-11-25 08:30"),
        (OFFICE, "2026-11-27 18:00", Opening.CLOSED, "2026-11-30 08:30"),
        # The National Day of 2026 is off from 1 to 7 October; 10 October, a Saturday, is a working day.
        (OFFICE, "2026-10-01 10:00", Opening.CLOSED, "2026-10-08 08:30"),
        (OFFICE, "2026-10-10 10:00", Opening.UNSURE, "2026-10-12 08:30"),
        ("Mo-Sa 09:00-17:00; PH off", "2026-10-10 10:00", Opening.OPEN, "2026-10-10 17:00"),
        ("Mo-Sa 09:00-17:00; PH off", "2026-10-03 10:00", Opening.CLOSED, "2026-10-08 09:00"),
        ("Mo-Fr 09:00-17:00", "2026-10-01 10:00", Opening.UNSURE, "2026-10-08 09:00"),
        ("Mo-Fr 09:00-17:00", "2026-10-03 10:00", Opening.CLOSED, "2026-10-08 09:00"),
        ("Mo-Fr 09:00-17:00; PH 10:00-15:00", "2026-10-01 10:00", Opening.OPEN, "2026-10-01 15:00"),
        ("Mo-Fr,PH 09:00-17:00", "2026-10-03 10:00", Opening.OPEN, "2026-10-03 17:00"),
        ("24/7", "2026-10-01 03:00", Opening.OPEN, "2026-10-02 00:00"),
        ("Mo-Fr off", "2026-11-24 10:00", Opening.CLOSED, None),
    ],
)
def test_open_or_when_it_opens(hours: str, now: str, opening: Opening, then: str | None) -> None:
    state = opening_at(hours, at(now))
    assert state.opening is opening
    assert (state.until if opening is Opening.OPEN else state.opens) == (at(then) if then else None)


def test_the_instant_may_come_in_any_zone() -> None:
    assert opening_at(OFFICE, datetime(2026, 11, 24, 2, 0, tzinfo=UTC)).opening is Opening.OPEN


def test_a_holiday_and_a_year_not_arranged_yet_are_told() -> None:
    assert opening_at(OFFICE, at("2026-10-01 10:00")).holiday
    assert not opening_at(OFFICE, at("2026-11-24 10:00")).provisional
    assert opening_at(OFFICE, at("2026-12-31 20:00")).provisional
    assert opening_at(OFFICE, at("2030-01-02 10:00")).provisional


def test_hours_about_the_days_around_a_holiday_leave_the_holiday_unsure() -> None:
    hours = "Mo-Fr 09:00-17:00; PH +1 day off"
    assert opening_at(hours, at("2026-09-30 18:00")).opening is Opening.CLOSED
    assert opening_at(hours, at("2026-10-01 10:00")).opening is Opening.UNSURE


@pytest.mark.parametrize("hours", [None, "", "周一到周五", "Mo-Fr 9-17h", "\0"])
def test_hours_not_known_or_not_read_tell_nothing(hours: str | None) -> None:
    assert opening_at(hours, at("2026-11-24 10:00")) is None


@given(
    st.sampled_from([*HOURS, "24/7", "Mo-Su 00:00-24:00", "We 10:00-11:00"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 1)),
)
def test_what_is_told_comes_true(hours: str, moment: datetime) -> None:
    now = moment.replace(tzinfo=CHINA_TIME)
    state = opening_at(hours, now)
    if state.opening is Opening.OPEN:
        assert now < state.until
        assert opening_at(hours, state.until - timedelta(seconds=1)).opening is Opening.OPEN
    elif state.opens:
        assert now < state.opens
        assert opening_at(hours, state.opens).opening is Opening.OPEN
        assert opening_at(hours, state.opens - timedelta(seconds=1)).opening is not Opening.OPEN
