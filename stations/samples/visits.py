"""Invented visits on site of the sample stations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from stations.evaluation.site_visits import SiteVisit
from stations.language import CHINA_TIME
from stations.registry.station import Station, Status
from stations.samples.requests import DAYS, TRADES, WORDS
from stations.samples.stations import status_of
from stations.working_days import is_working_day

COUNT = 180
SUBJECTS = (
    "示例：上门检定压力表",
    "示例：质量管理体系现场辅导",
    "示例：标准自我声明公开指导",
    "示例：计量器具台账梳理",
)


def add_sample_visits(session: Session, chance: Random, stations: Sequence[Station], today: date) -> None:
    """Add visits over the time of the sample requests, each by a station active on that working day."""
    days = [day for ahead in range(1, DAYS) if is_working_day(day := today - timedelta(days=ahead))]
    for number, day in enumerate(sorted(chance.choices(days, k=COUNT))):
        station = chance.choice(stations)
        if status_of(station, day) is not Status.ACTIVE:
            continue
        at = datetime(day.year, day.month, day.day, 17, tzinfo=CHINA_TIME)
        session.add(
            SiteVisit(
                code=f"V{day:%y%m%d}-SAMPLE{number:03d}",
                station=station,
                visited_on=day,
                firm_name=f"示例·{chance.choice(WORDS)}{chance.choice(TRADES)}有限公司",
                subject=chance.choice(SUBJECTS),
                recorded_by="sample-steward",
                sample=True,
                version=1,
                created_at=at,
                updated_at=at,
            )
        )
    session.flush()
