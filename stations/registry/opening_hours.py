"""Whether a station is open at an instant and when it opens next, from its hours and the official calendar.

Hours are in OpenStreetMap's ``opening_hours`` form and parsed by a library. Public holidays and moved working days
follow the State Council's yearly arrangement (``stations.working_days``). Two cases remain unknown and give ``UNSURE``:
a public holiday when the hours do not mention public holidays (``PH``), and a Saturday or Sunday that the arrangement
makes a working day when the hours say closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from stations.language import CHINA_TIME
from stations.working_days import is_public_holiday, is_published, is_working_day

ALWAYS = "24/7"
DAYS_AHEAD = 21  # how many days to search for the next opening; the longest holidays are nine days

_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAY = re.compile(r"\bPH\b")


class Opening(StrEnum):
    """Whether a station is open, closed, or unknown."""

    OPEN = "open"
    CLOSED = "closed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class OpeningState:
    """Whether a station is open at an instant.

    ``until``: when it closes, if open. ``opens``: its next certain opening, if not open. Both are in China's time, None
    if unknown. ``holiday``: the day is a public holiday. ``provisional``: the official arrangement for this year, or
    for the year of the next opening, is not published yet.
    """

    opening: Opening
    until: datetime | None = None
    opens: datetime | None = None
    holiday: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class _Day:
    """A day's opening times. ``sure`` is false if the hours do not cover such a day."""

    spans: tuple[tuple[time, time], ...]
    sure: bool
    holiday: bool


def opening_at(hours: str | None, at: datetime) -> OpeningState | None:
    """Return whether a station with these hours is open at an instant; None if they are empty or can't be parsed."""
    if not hours:
        return None
    local = at.astimezone(CHINA_TIME)
    try:
        today = _day(hours, local.date())
    except ValueError:
        return None
    provisional = not is_published(local.date())
    for begins, ends in today.spans if today.sure else ():
        if begins <= local.time() < ends:
            return OpeningState(
                Opening.OPEN, until=_instant(local.date(), ends), holiday=today.holiday, provisional=provisional
            )
    opens = _next(hours, local)
    return OpeningState(
        Opening.CLOSED if today.sure else Opening.UNSURE,
        opens=opens,
        holiday=today.holiday,
        provisional=provisional or (opens is not None and not is_published(opens.date())),
    )


def _next(hours: str, local: datetime) -> datetime | None:
    for ahead in range(DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        told = _day(hours, day)
        for begins, _ends in told.spans if told.sure else ():
            opens = _instant(day, begins)
            if opens > local:
                return opens
    return None


def _instant(day: date, at: time) -> datetime:
    """Return the instant of a clock time on a day; ``time.max`` means the end of that day."""
    if at == time.max:
        return datetime.combine(day + timedelta(days=1), time(), CHINA_TIME)
    return datetime.combine(day, at, CHINA_TIME)


@lru_cache(maxsize=20_000)
def _day(hours: str, day: date) -> _Day:
    holiday = is_public_holiday(day)
    moved = day.weekday() >= 5 and is_working_day(day)
    # On a public holiday, what the hours give for PH applies to that weekday; on other days PH never applies.
    said = _HOLIDAY.sub(_WEEKDAYS[day.weekday()], hours) if holiday else hours
    if not validate(hours):
        raise ValueError(f"“{hours}” are no opening hours")
    if not validate(said):  # such as “PH +1 day off”: about the days around a holiday
        return _Day((), sure=False, holiday=holiday)
    midnight = datetime.combine(day, time())
    tomorrow = midnight + timedelta(days=1)
    spans = tuple(
        (max(begins, midnight).time(), time.max if ends >= tomorrow else ends.time())
        for begins, ends, state, _comment in OpeningHours(said).intervals(midnight, tomorrow)
        if state == State.OPEN
    )
    unsaid = holiday and spans and not _HOLIDAY.search(hours) and hours.strip() != ALWAYS
    return _Day(spans, sure=not unsaid and not (moved and not spans), holiday=holiday)
