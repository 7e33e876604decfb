"""Invented yearly confirmations of the sample stations' records: most fresh, some due soon, a few long since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.language import CHINA_TIME
from stations.registry.confirmation import CONFIRM_EVERY, SOON, StationConfirmation
from stations.registry.station import Station, Status
from stations.samples.people import STEWARD
from stations.samples.stations import status_of
from stations.working_days import is_working_day

SHARE_NEVER, SHARE_SOON, SHARE_OVERDUE = 0.15, 0.1, 0.06


def add_sample_confirmations(
    session: Session, chance: Random, stations: Sequence[Station], stewards: Mapping[str, User], today: date
) -> None:
    """Add confirmations of the active stations' records, each on a working day."""
    year_ago = today - CONFIRM_EVERY
    for station in stations:
        drawn = chance.random()
        ahead = (
            -chance.randint(5, 60)
            if drawn < SHARE_OVERDUE
            else chance.randint(6, SOON.days - 4)
            if drawn < SHARE_OVERDUE + SHARE_SOON
            else chance.randint(40, 350)
        )
        if drawn > 1 - SHARE_NEVER or status_of(station, today) is not Status.ACTIVE:
            continue
        day = year_ago + timedelta(days=ahead)
        while not is_working_day(day):
            day -= timedelta(days=1)
        steward = stewards.get(station.code)
        session.add(
            StationConfirmation(
                station=station,
                at=datetime.combine(day, time(10, chance.randrange(60)), CHINA_TIME),
                confirmed_by=steward.username if steward else "sample-steward",
                confirmed_by_name=steward.name if steward else STEWARD,
                version=station.version,
            )
        )
    session.flush()
