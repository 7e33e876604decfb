"""Whether a station is open at an instant, and when it opens next, by its hours and the official calendar.

Hours are written in OpenStreetMap's ``opening_hours`` form and read by a library. Public holidays and
moved working days are those of the State Council's arrangement (``stations.requests.working_days``). Hours that
don't speak of public holidays (``PH``) leave such days open; so do hours that close on a Saturday or
Sunday which the arrangement makes a working day. Then nobody knows, and ``UNSURE`` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State

from stations.language import CHINA_TIME
from stations.working_days import is_public_holiday, is_published, is_working_day

ALWAYS = "24/7"
DAYS_AHEAD = 21  # how far the next opening is looked for; the longest holidays are nine days

_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAY = re.compile(r"\bPH\b")


class Opening(StrEnum):
    """Whether a station is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class OpeningState:
    """``until``: when that ends, where it is open; ``opens``: when it opens next for sure, where it is
    not; both in China's time, None where not known. ``holiday``: it is a public holiday. ``provisional``:
    the arrangement of that year, or of the year it opens in, is not published yet."""

    opening: Opening
    until: datetime | None = None
    opens: datetime | None = None
    holiday: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class _Day:
    """A day's opening times; ``sure`` is False where the hours don't say what holds on such a day."""

    spans: tuple[tuple[time, time], ...]
    sure: bool
    holiday: bool


def opening_at(hours: str | None, at: datetime) -> OpeningState | None:
    """Whether a station with those hours is open at an instant; None where the hours are not known or
    can't be read."""
    if not hours:
        return None
    local = at.astimezone(CHINA_TIME)
    try:
        today = _day(hours, local.date())
    except (ParserError, SyntaxError):
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
    """The instant of a clock time on a day; ``time.max`` is that day's end."""
    if at == time.max:
        return datetime.combine(day + timedelta(days=1), time(), CHINA_TIME)
    return datetime.combine(day, at, CHINA_TIME)


@lru_cache(maxsize=20_000)
def _day(hours: str, day: date) -> _Day:
    holiday = is_public_holiday(day)
    moved = day.weekday() >= 5 and is_working_day(day)
    # On a public holiday what is said of PH is said of that very weekday; on other days, of none.
    said = _HOLIDAY.sub(_WEEKDAYS[day.weekday()], hours) if holiday else hours
    midnight = datetime.combine(day, time())
    tomorrow = midnight + timedelta(days=1)
    spans = tuple(
        (max(begins, midnight).time(), time.max if ends >= tomorrow else ends.time())
        for begins, ends, state, _comment in OpeningHours(said).intervals(midnight, tomorrow)
        if state == State.OPEN
    )
    unsaid = holiday and spans and not _HOLIDAY.search(hours) and hours.strip() != ALWAYS
    return _Day(spans, sure=not unsaid and not (moved and not spans), holiday=holiday)
