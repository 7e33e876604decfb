"""Coverage alerts: a county without a station for some days, or about to lose its only one.

The rules are data (``stations.alerts.alert_rules``): a kind, a number of days, and the role that is to act.
A county that had none when
checking began counts from that day on, so that a first day raises nothing about what everybody knows.
``check_coverage`` runs as a daily job (``stations.jobs.coverage_check``) and raises each alert once, however many
servers run it: it locks the rows of the rules, and an alert is identified by rule, county, start and ``sample``.
An alert is closed (``settled_on``) by the change that ends its cause (``stations.alerts.settling``), or by the check
that finds it gone; an administrator acknowledges it.

If sample records are on, coverage is checked twice: with documented records only, and with samples. Alerts of the
second check are samples themselves (``sample``) and shown only together with samples.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from stations.alerts.alert_rules import AlertKind, CoverageAlertRule
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.coverage.through_time import CoverageHistory, coverage_history
from stations.database import Base, Versioned
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import Area
from stations.personal_data import PersonalData
from stations.places.counties import County, list_counties
from stations.targets.counting_rule import Subject
from stations.targets.target import Target

JOB = SystemActor.COVERAGE_CHECK.value
CHECKED = AuditAction.CHECK_COVERAGE
"""The action of a check in the audit log."""
NOTE_LIMIT = 400


class CoverageAlert(Base, Versioned):
    """An alert. ``since``: the first day without a station; for ``ENDING`` the day on which it will come.
    ``settled_on``: the day on which its cause was found gone.
    """

    __tablename__ = "coverage_alert"
    in_caches = False
    personal_data = PersonalData(columns=("acknowledged_by",), written=("note",))
    __table_args__ = (UniqueConstraint("rule_code", "county_adcode", "since", "sample"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    rule_code: Mapped[str] = mapped_column(ForeignKey("coverage_alert_rule.code"))
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"), index=True)
    since: Mapped[date]
    raised_on: Mapped[date]
    settled_on: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(NOTE_LIMIT))
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    rule: Mapped[CoverageAlertRule] = relationship()
    county: Mapped[County] = relationship()

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the area columns of the alert's county."""
        county = aliased(County)
        city = select(county.city_adcode).where(county.adcode == cls.county_adcode).correlate(cls).scalar_subquery()
        return AreaColumns(city, cls.county_adcode, cls.sample)


class CoverageWatch(Base):
    """Since which day coverage is checked, with samples or without."""

    __tablename__ = "coverage_watch"
    in_caches = False
    personal_data = None

    sample: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    began_on: Mapped[date]


@dataclass(frozen=True)
class CoverageCheck:
    """The result of a check for the day ``on``: alerts raised and alerts closed."""

    on: date
    raised: tuple[CoverageAlert, ...]
    settled: tuple[CoverageAlert, ...]


@dataclass(frozen=True)
class _Cause:
    adcode: str
    since: date


def check_coverage(session: Session, on: date, *, samples: bool, now: datetime) -> CoverageCheck:
    """Raise the alerts due on the day ``on`` and close those whose cause is gone.

    A second check of the same day changes nothing. Alerts about sample records are raised only with ``samples``.
    Every checked day is recorded in the audit log, even without result; see ``last_check``.
    """
    rules = list(
        session.scalars(
            select(CoverageAlertRule).where(CoverageAlertRule.active).order_by(CoverageAlertRule.code).with_for_update()
        )
    )
    raised: list[CoverageAlert] = []
    settled: list[CoverageAlert] = []
    _counties = list_counties(session)  # so that the session has every county that an alert is about
    for with_samples in (False, True) if samples else (False,):
        history = coverage_history(session, samples=with_samples)
        causes = _causes_on(session, history, on)
        known = list(session.scalars(with_rule_and_county().where(CoverageAlert.sample.is_(with_samples))))
        settled += _settle(known, causes, on, now)
        began = _watch(session, with_samples, on).began_on
        named = {(alert.rule_code, alert.county_adcode, alert.since) for alert in known}
        for rule in rules:
            for cause in causes[rule.kind]:
                if _is_due(rule, cause, on, began) and (rule.code, cause.adcode, cause.since) not in named:
                    raised.append(new_alert(session, rule, cause.adcode, cause.since, on, with_samples, now))
    session.add_all(raised)
    session.flush()
    if raised or settled or not _is_on_record(session, on):
        record_check(session, on, raised=len(raised), settled=len(settled), now=now)
    return CoverageCheck(on, tuple(raised), tuple(settled))


def settle_alerts(session: Session, on: date, *, samples: bool, now: datetime) -> list[CoverageAlert]:
    """Close the open alerts of the check with or without samples whose cause is gone on the day ``on``; return them."""
    standing = CoverageAlert.sample.is_(samples) & CoverageAlert.settled_on.is_(None)
    known = list(session.scalars(with_rule_and_county().where(standing).with_for_update(of=CoverageAlert)))
    if not known:
        return []
    causes = _causes_on(session, coverage_history(session, samples=samples), on)
    return _settle(known, causes, on, now)


def record_check(session: Session, on: date, *, raised: int, settled: int, now: datetime) -> None:
    """Write into the audit log what a check of a day raised and settled."""
    log.record(
        session,
        at=now,
        actor=JOB,
        action=CHECKED,
        subject_kind=AuditSubject.COVERAGE_ALERT,
        subject=on.isoformat(),
        raised=raised,
        settled=settled,
    )


def _settle(
    alerts: Iterable[CoverageAlert], causes: Mapping[AlertKind, Collection[_Cause]], on: date, now: datetime
) -> list[CoverageAlert]:
    settled = []
    for alert in alerts:
        stands = _Cause(alert.county_adcode, alert.since) in causes[alert.rule.kind]
        if alert.settled_on is None and alert.raised_on <= on and not stands:
            alert.settled_on, alert.updated_at = on, now
            alert.version += 1
            settled.append(alert)
    return settled


def _watch(session: Session, samples: bool, on: date) -> CoverageWatch:
    watch = session.get(CoverageWatch, samples)
    if watch is None:
        watch = CoverageWatch(sample=samples, began_on=on)
        session.add(watch)
    return watch


def watched_since(session: Session, *, samples: bool) -> date | None:
    """Return the day of the first check; None before it."""
    return session.scalar(select(CoverageWatch.began_on).where(CoverageWatch.sample.is_(samples)))


def last_check(session: Session) -> datetime | None:
    """Return the time of the last coverage check, or None if there was none."""
    statement = select(log.AuditEntry.at).where(log.AuditEntry.action == CHECKED)
    return session.scalar(statement.order_by(log.AuditEntry.id.desc()).limit(1))


def _is_on_record(session: Session, on: date) -> bool:
    entry = log.AuditEntry
    return session.scalar(select(exists().where(entry.action == CHECKED, entry.subject == on.isoformat()))) is True


def promise_began(session: Session) -> date:
    """Return the first day of the period of the target that counts counties; ``date.min`` without one."""
    targets = session.scalars(select(Target).order_by(Target.position))
    return next(
        (target.period_start for target in targets if target.rule_on(target.period_start).subject is Subject.COUNTY),
        date.min,
    )


def _causes_on(session: Session, history: CoverageHistory, on: date) -> dict[AlertKind, dict[_Cause, None]]:
    """Return what there is to alert of on a day, by kind, in the order of the history."""
    # For a county that never had a station, count from the start of the target's period.
    promised = promise_began(session)
    return {kind: dict.fromkeys(_causes(history, kind, on, promised)) for kind in AlertKind}


def _causes(history: CoverageHistory, kind: AlertKind, on: date, promised: date) -> Iterator[_Cause]:
    if kind is AlertKind.ENDING:
        yield from (_Cause(one.county.adcode, one.ends_on) for one in history.endangered(on) if one.ends_on is not None)
        return
    for timeline in history.counties:
        if not timeline.on(on).covered:
            yield _Cause(timeline.county.adcode, timeline.uncovered_since(on) or promised)


def _is_due(rule: CoverageAlertRule, cause: _Cause, on: date, began: date) -> bool:
    distance = timedelta(days=rule.days)
    if rule.kind is AlertKind.ENDING:
        return cause.since - on <= distance
    # What was so before anybody watched is no news: its days count from the first check.
    return on - max(cause.since, began) >= distance


def new_alert(
    session: Session, rule: CoverageAlertRule, adcode: str, since: date, on: date, sample: bool, now: datetime
) -> CoverageAlert:
    """Return an alert about a county that a check on the day ``on`` raises; it is not added to the session yet."""
    county = session.get_one(County, adcode)
    prefix = "SAMPLE-" if sample else ""
    return CoverageAlert(
        code=f"{prefix}CA-{county.adcode}-{rule.code}-{since:%Y%m%d}",
        rule=rule,
        rule_code=rule.code,
        county=county,
        county_adcode=county.adcode,
        since=since,
        raised_on=on,
        sample=sample,
        created_at=now,
        updated_at=now,
    )


def with_rule_and_county() -> Select[CoverageAlert]:
    """Return the query of all alerts that loads what telling of them needs."""
    return select(CoverageAlert).options(
        joinedload(CoverageAlert.rule), joinedload(CoverageAlert.county).joinedload(County.city)
    )


def area_of(alert: CoverageAlert) -> Area:
    """Return the area of an alert."""
    return Area(
        province=alert.county.city_adcode[:2] + "0000",
        city=alert.county.city_adcode,
        county=alert.county_adcode,
        sample=alert.sample,
    )
