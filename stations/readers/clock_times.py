"""Times of the clock as people say them, with the part of the day: 下午2点到5点, 晚上8:00-12:00."""

from __future__ import annotations

from stations.readers.hours_tokens import Part

NOON, DAY = 12 * 60, 24 * 60
_EVENING = 17 * 60
_LONGEST_NIGHT = 14 * 60
_LATEST_NOON = 3  # 中午1点 is 13:00; 中午11点 is 11:00

Span = tuple[int, int]
"""From when to when, in minutes after midnight; the end is after the beginning, beyond 24 hours for the next day."""


class Unclear(Exception):
    """The hours have no meaning, or several."""


def in_24_hours(minutes: int) -> str:
    """Return ``09:00``; ``24:00`` for midnight at the end of a day."""
    past = minutes - DAY if minutes > DAY else minutes
    return f"{past // 60:02}:{past % 60:02}"


def span_of(begins: int, first: Part | None, ends: int, last: Part | None) -> Span:
    """Return the span from one time to another. A part of the day holds for the second time too: 下午2点到5点.

    Raises:
        Unclear: it ends before it begins, though it is not said to go through the night.
    """
    start = _by_24_hours(begins, first) % DAY
    carried = first if first in (Part.NOON, Part.AFTERNOON, Part.EVENING) else None
    if ends >= NOON + 60:
        carried = None  # 中午12:00-13:00: the second time is of 24 hours
    end = _by_24_hours(ends, last or carried)
    if end <= start:
        perhaps_afternoon = start < _EVENING and end + NOON > start  # 12:30-5:00
        if start < NOON or (last is None and (perhaps_afternoon or carried in (Part.NOON, Part.AFTERNOON))):
            raise Unclear
        end += DAY
        if first is last is None and end - start > _LONGEST_NIGHT:  # 17:00-9:00
            raise Unclear
    if end - start >= DAY + 1:
        raise Unclear
    return start, end


def _by_24_hours(minutes: int, part: Part | None) -> int:
    hour = minutes // 60
    if minutes > DAY or part is None:
        if minutes > DAY:
            raise Unclear
        return minutes
    if hour > 12:
        if part in (Part.NIGHT, Part.NOON) or (part is Part.MORNING and hour < 24):
            raise Unclear
        return minutes
    match part:
        case Part.NIGHT:
            return minutes % NOON
        case Part.NOON:
            return minutes + NOON if hour <= _LATEST_NOON else minutes
        case Part.AFTERNOON:
            return minutes % NOON + NOON
        case Part.EVENING:
            if hour in (0, 12):
                return DAY + minutes % 60
            return minutes if hour <= 4 else minutes + NOON
        case _:
            return minutes
