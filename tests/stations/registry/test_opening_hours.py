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
NIGHT = "Mo-Fr 20:00-02:00; PH off"


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
        # No arrangement is published for 2027 and later: the holidays that the law fixes hold.
        (OFFICE, "2027-01-01 10:00", Opening.CLOSED, "2027-01-04 08:30"),
        (OFFICE, "2026-12-31 20:00", Opening.CLOSED, "2027-01-04 08:30"),
        (OFFICE, "2027-02-05 10:00", Opening.CLOSED, "2027-02-09 08:30"),  # New Year's Eve of the lunar calendar
        (OFFICE, "2028-10-03 10:00", Opening.CLOSED, "2028-10-04 08:30"),  # 中秋 on National Day's third day
        (OFFICE, "2031-04-05 10:00", Opening.CLOSED, "2031-04-07 08:30"),  # 清明, a Saturday
        ("Mo-Fr 09:00-17:00", "2031-05-01 10:00", Opening.UNSURE, "2031-05-05 09:00"),
        ("Mo-Fr,PH 09:00-17:00", "2028-01-01 10:00", Opening.OPEN, "2028-01-01 17:00"),
        # Hours past midnight belong to the day on which they begin.
        (NIGHT, "2026-11-24 23:00", Opening.OPEN, "2026-11-25 02:00"),
        (NIGHT, "2026-11-25 01:00", Opening.OPEN, "2026-11-25 02:00"),
        (NIGHT, "2026-11-28 01:00", Opening.OPEN, "2026-11-28 02:00"),  # Friday's, on Saturday
        (NIGHT, "2026-11-30 01:00", Opening.CLOSED, "2026-11-30 20:00"),  # Monday, after a closed Sunday
        (NIGHT, "2026-12-31 23:00", Opening.OPEN, "2027-01-01 02:00"),  # the eve of a holiday
        (NIGHT, "2027-01-01 01:00", Opening.OPEN, "2027-01-01 02:00"),
        (NIGHT, "2027-01-01 20:30", Opening.CLOSED, "2027-01-04 20:00"),
        (NIGHT, "2027-01-02 01:00", Opening.CLOSED, "2027-01-04 20:00"),  # after a holiday without opening
        (NIGHT, "2026-10-08 01:00", Opening.CLOSED, "2026-10-08 20:00"),
        ("Mo-Fr 20:00-02:00", "2027-01-01 01:00", Opening.OPEN, "2027-01-01 02:00"),
        ("Mo-Fr 20:00-02:00", "2027-01-01 20:30", Opening.UNSURE, "2027-01-04 20:00"),
        ("Mo-Fr 20:00-02:00", "2027-01-02 01:00", Opening.UNSURE, "2027-01-04 20:00"),
        ("Mo-Fr 20:00-02:00; PH 18:00-01:00", "2027-01-02 00:30", Opening.OPEN, "2027-01-02 01:00"),
        ("Mo-Fr 20:00-02:00; Sa off", "2026-11-28 01:00", Opening.OPEN, "2026-11-28 02:00"),
        ("Mo-Fr 20:00-26:00; We off", "2026-11-26 01:00", Opening.CLOSED, "2026-11-26 20:00"),
        ("Mo-Th 20:00-02:00; Fr 20:00-04:00", "2026-11-28 03:00", Opening.OPEN, "2026-11-28 04:00"),
        ("Mo-Fr 08:00-11:00,20:00-02:00", "2026-11-25 12:00", Opening.CLOSED, "2026-11-25 20:00"),
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
    assert opening_at(OFFICE, at("2030-01-01 10:00")).holiday
    assert not opening_at("PH 10:00-12:00", at("2030-01-01 10:00")).provisional  # by law, whatever is arranged


def test_hours_about_the_days_around_a_holiday_leave_the_holiday_unsure() -> None:
    hours = "Mo-Fr 09:00-17:00; PH +1 day off"
    assert opening_at(hours, at("2026-09-30 18:00")).opening is Opening.CLOSED
    assert opening_at(hours, at("2026-10-01 10:00")).opening is Opening.UNSURE


@pytest.mark.parametrize("hours", [None, "", "周一到周五", "Mo-Fr 9-17h", "\0"])
def test_hours_not_known_or_not_read_tell_nothing(hours: str | None) -> None:
    assert opening_at(hours, at("2026-11-24 10:00")) is None


@given(
    st.sampled_from([*HOURS, "24/7", "Mo-Su 00:00-24:00", "We 10:00-11:00", NIGHT, "Mo-Su 18:00-12:00"]),
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
