"""Invented coverage alerts of the sample network, as the daily check would have raised them in the year before: some
settled since, some taken note of, some open.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.alerts.alert_rules import AlertKind, CoverageAlertRule
from stations.alerts.alerts import CoverageAlert, CoverageWatch, new_alert, promise_began
from stations.coverage.through_time import CountyTimeline, coverage_history
from stations.duty.roles import Role
from stations.language import CHINA_TIME
from stations.working_days import add_working_days

SHARE_ACKNOWLEDGED = 0.5
OFFICES = {Role.COUNTY: "sample-county", Role.CITY: "sample-city", Role.PROVINCE: "sample-province"}
NOTES = ("示例：已与当地协商选址，计划下季度设站。", "示例：正由邻近小站代办。", "示例：已列入年度建设计划。")
YEAR = timedelta(days=365)


def add_sample_alerts(session: Session, chance: Random, today: date, now: datetime) -> None:
    """Add an alert for each rule and each county that was without a station in the year before ``today``."""
    rules = session.scalars(
        select(CoverageAlertRule)
        .where(CoverageAlertRule.active, CoverageAlertRule.kind == AlertKind.UNCOVERED)
        .order_by(CoverageAlertRule.code)
    ).all()
    promised, began = promise_began(session), today - YEAR
    session.merge(CoverageWatch(sample=True, began_on=began))
    for timeline in coverage_history(session, samples=True).counties:
        since, until = _last_spell(timeline, promised, today)
        if until is not None and until <= began:
            continue
        for rule in rules:
            raised_on = max(since, began) + timedelta(days=rule.days)
            if raised_on >= (until or today):
                continue
            alert = new_alert(session, rule, timeline.county.adcode, since, raised_on, True, now)
            alert.settled_on = until
            alert.version = 1 if until is None else 2
            if until is None and chance.random() < SHARE_ACKNOWLEDGED:
                _acknowledge(alert, chance, today)
            session.add(alert)
    session.flush()


def _last_spell(timeline: CountyTimeline, promised: date, today: date) -> tuple[date, date | None]:
    """Return the first day of the county's last time without a station, and the day on which it ended, None if it
    lasts.
    """
    if not timeline.on(today).covered:
        return timeline.uncovered_since(today) or promised, None
    changes = [(day, state.covered) for day, state in zip(timeline.days, timeline.states, strict=True) if day <= today]
    last = max((place for place, (_day, covered) in enumerate(changes) if not covered), default=-1)
    ended = next(day for day, covered in changes[last + 1 :] if covered)
    return timeline.uncovered_since(ended - timedelta(days=1)) or promised, ended


def _acknowledge(alert: CoverageAlert, chance: Random, today: date) -> None:
    day = add_working_days(alert.raised_on, chance.randint(1, 4)).day
    if day >= today:
        return
    alert.acknowledged_at = datetime.combine(day, time(10, chance.randrange(60)), CHINA_TIME)
    alert.acknowledged_by = OFFICES.get(alert.rule.role, "sample-province")
    alert.note = chance.choice(NOTES)
    alert.version = 2
