"""Whether a station is open at an instant and when it opens next, from its hours and the official calendar.

Hours are in OpenStreetMap's ``opening_hours`` form and parsed by a library. Public holidays and moved working days
follow the State Council's yearly arrangement and, where none is published yet, the law (``stations.working_days``). Two
cases remain unknown and give ``UNSURE``: a public holiday when the hours do not mention public holidays (``PH``), and a
Saturday or Sunday that the arrangement makes a working day when the hours say closed.

Hours past midnight belong to the day on which they begin: 20:00-02:00 on the eve of a holiday lasts until 02:00 of the
holiday, and nothing is open after midnight of a holiday on which the station did not open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from stations.language import CHINA_TIME
from stations.working_days import is_public_holiday, is_settled, is_working_day

ALWAYS = "24/7"
DAYS_AHEAD = 21  # how many days to search for the next opening; the longest holidays are nine days

_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAY = re.compile(r"\bPH\b")
_SPAN = r"\d\d:\d\d-\d\d:\d\d"
_SPANS = re.compile(rf"{_SPAN}(?:\s*,\s*{_SPAN})*")
_MIDNIGHT, _HOURS_OF_DAY = "24:00", 24


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
    """The times that begin on a day, as instants in China's time; the last may end on the next day. ``sure`` is false
    if the hours do not cover such a day.
    """

    spans: tuple[tuple[datetime, datetime], ...]
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
    yesterday = _day(hours, local.date() - timedelta(days=1))
    provisional = not is_settled(local.date())
    during = [(day, ends) for day in (yesterday, today) for begins, ends in day.spans if begins <= local < ends]
    until = max((ends for day, ends in during if day.sure), default=None)
    if until:
        return OpeningState(Opening.OPEN, until=until, holiday=today.holiday, provisional=provisional)
    opens = _next(hours, local)
    unsure = not today.sure or any(not day.sure for day, _ends in during)
    return OpeningState(
        Opening.UNSURE if unsure else Opening.CLOSED,
        opens=opens,
        holiday=today.holiday,
        provisional=provisional or (opens is not None and not is_settled(opens.date())),
    )


def _next(hours: str, local: datetime) -> datetime | None:
    for ahead in range(DAYS_AHEAD):
        told = _day(hours, local.date() + timedelta(days=ahead))
        for begins, _ends in told.spans if told.sure else ():
            if begins > local:
                return begins
    return None


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
    spans = _spans(_SPANS.sub(_until_midnight, said), day)
    # The library cuts hours past midnight where another rule holds for the next day, so they are asked for by
    # themselves: as those of a day that begins when this one ends.
    if spans and spans[-1][1] == _start(day + timedelta(days=1)) and any(late for *_span, late in _parts(said)):
        after_midnight = _spans(_SPANS.sub(_after_midnight, said), day)
        for begins, ends in after_midnight[:1]:
            spans[-1] = (spans[-1][0], spans[-1][1] + (ends - begins))
    unsaid = holiday and spans and not _HOLIDAY.search(hours) and hours.strip() != ALWAYS
    return _Day(tuple(spans), sure=not unsaid and not (moved and not spans), holiday=holiday)


def _spans(hours: str, day: date) -> list[tuple[datetime, datetime]]:
    midnight, tomorrow = _start(day), _start(day + timedelta(days=1))
    return [
        (begins.replace(tzinfo=CHINA_TIME), min(ends.replace(tzinfo=CHINA_TIME), tomorrow))
        for begins, ends, state, _comment in OpeningHours(hours).intervals(
            midnight.replace(tzinfo=None), tomorrow.replace(tzinfo=None)
        )
        if state == State.OPEN
    ]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA_TIME)


def _until_midnight(found: re.Match[str]) -> str:
    """Return the spans of a rule without what is past midnight."""
    return ",".join(f"{begins}-{_MIDNIGHT if late else ends}" for begins, ends, late in _parts(found[0]))


def _after_midnight(found: re.Match[str]) -> str:
    """Return what is past midnight of the spans of a rule, as hours of the day itself; ``off`` if nothing is."""
    return ",".join(f"00:00-{late}" for _begins, _ends, late in _parts(found[0]) if late) or "off"


def _parts(spans: str) -> list[tuple[str, str, str]]:
    """Return begin, end and, where it lasts past midnight, the hour at which it ends on the next day."""
    parts = []
    for span in re.findall(_SPAN, spans):
        begins, _to, ends = span.partition("-")
        hour = int(ends[:2])
        late = f"{hour - _HOURS_OF_DAY:02}{ends[2:]}" if hour >= _HOURS_OF_DAY else ends if ends <= begins else ""
        parts.append((begins, ends, "" if late == "00:00" and ends == _MIDNIGHT else late))
    return parts
