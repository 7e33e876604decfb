"""Opening hours as schedules of HSDS: weekly rules of RFC 5545."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, State, validate

from stations.open_data.hsds.tables import Record

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CHINA = "+08:00"
LAST_MINUTE = "23:59"
"""The end of a day: a time of day has no 24:00 in a data package."""


def weekly(hours: str | None, as_of: date) -> Iterator[Record]:
    """Yield the rules of the week of a day, days with the same times together; none if the hours can't be read.

    ``hours``: in OpenStreetMap's form; the whole of it, with what it says of holidays, is in each ``description``. What
    lasts past midnight is two rules, one to the end of the day and one from the beginning of the next.
    """
    if not hours or not validate(hours):
        return
    monday = as_of - timedelta(days=as_of.weekday())
    days: dict[tuple[str, str], list[str]] = {}
    for number, name in enumerate(DAYS):
        for span in _spans(hours, monday + timedelta(days=number)):
            days.setdefault(span, []).append(name)
    for (opens, closes), names in days.items():
        yield {
            "freq": "WEEKLY",
            "interval": 1,
            "wkst": "MO",
            "byday": ",".join(names),
            "opens_at": opens + CHINA,
            "closes_at": closes + CHINA,
            "description": hours,
        }


def _spans(hours: str, day: date) -> Iterator[tuple[str, str]]:
    midnight = datetime.combine(day, time())
    tomorrow = midnight + timedelta(days=1)
    for begins, ends, state, _comment in OpeningHours(hours).intervals(midnight, tomorrow):
        if state == State.OPEN:
            yield f"{begins:%H:%M}", LAST_MINUTE if ends >= tomorrow else f"{ends:%H:%M}"
