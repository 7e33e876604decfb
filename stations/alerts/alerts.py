"""Coverage alerts: a county without a station for some days, or about to lose its only one.

The rules are data (``stations.alerts.alert_rules``): a kind, a number of days, and the role that is to act.
``check_coverage`` runs as a daily job (``stations.jobs.coverage_check``) and raises each alert once, however many
servers run it: it locks the rows of the rules, and an alert is identified by rule, county, start and ``sample``.
The same job closes an alert once its cause is gone (``settled_on``); an administrator acknowledges it.

If sample records are on, coverage is checked twice: with documented records only, and with samples. Alerts of the
second check are samples themselves (``sample``) and shown only together with samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    exists,
    select,
    true,
)
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship

from stations.alerts.alert_rules import AlertKind, CoverageAlertRule
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.coverage.through_time import CoverageHistory, coverage_history
from stations.database import Base, Versioned
from stations.duty.area_columns import AreaColumns
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, Area, Responsibility, Role, outside_duty, require, signed_in
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.targets.counting_rule import Subject
from stations.targets.target import Target

JOB = SystemActor.COVERAGE_CHECK.value
CHECKED = AuditAction.CHECK_COVERAGE
"""The action of a check in the audit log."""
NOTE_LIMIT = 400


class CoverageAlert(Base, Versioned):
    """An alert. ``since``: the first day without a station; for ``ENDING`` the day on which it will come.
    ``settled_on``: the day of the check that found the cause gone.
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
    for with_samples in (False, True) if samples else (False,):
        history = coverage_history(session, samples=with_samples)
        # For a county that never had a station, count from the start of the target's period.
        promised = promise_began(session)
        causes = {kind: dict.fromkeys(_causes(history, kind, on, promised)) for kind in AlertKind}
        known = list(session.scalars(_alerts().where(CoverageAlert.sample.is_(with_samples))))
        for alert in known:
            stands = _Cause(alert.county_adcode, alert.since) in causes[alert.rule.kind]
            if alert.settled_on is None and alert.raised_on <= on and not stands:
                alert.settled_on, alert.updated_at = on, now
                alert.version += 1
                settled.append(alert)
        named = {(alert.rule_code, alert.county_adcode, alert.since) for alert in known}
        for rule in rules:
            for cause in causes[rule.kind]:
                if _is_due(rule, cause, on) and (rule.code, cause.adcode, cause.since) not in named:
                    county = session.get_one(County, cause.adcode)  # loaded with the history
                    raised.append(new_alert(rule, county, cause.since, on, with_samples, now))
    session.add_all(raised)
    session.flush()
    if raised or settled or not _is_on_record(session, on):
        log.record(
            session,
            at=now,
            actor=JOB,
            action=CHECKED,
            subject_kind=AuditSubject.COVERAGE_ALERT,
            subject=on.isoformat(),
            raised=len(raised),
            settled=len(settled),
        )
    return CoverageCheck(on, tuple(raised), tuple(settled))


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


def _causes(history: CoverageHistory, kind: AlertKind, on: date, promised: date) -> Iterator[_Cause]:
    if kind is AlertKind.ENDING:
        yield from (_Cause(one.county.adcode, one.ends_on) for one in history.endangered(on) if one.ends_on is not None)
        return
    for timeline in history.counties:
        if not timeline.on(on).covered:
            yield _Cause(timeline.county.adcode, timeline.uncovered_since(on) or promised)


def _is_due(rule: CoverageAlertRule, cause: _Cause, on: date) -> bool:
    distance = timedelta(days=rule.days)
    return cause.since - on <= distance if rule.kind is AlertKind.ENDING else on - cause.since >= distance


def new_alert(
    rule: CoverageAlertRule, county: County, since: date, on: date, sample: bool, now: datetime
) -> CoverageAlert:
    """Return an alert that a check on the day ``on`` raises."""
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


def _alerts() -> Select[CoverageAlert]:
    return select(CoverageAlert).options(
        joinedload(CoverageAlert.rule), joinedload(CoverageAlert.county).joinedload(County.city)
    )


def list_alerts(
    session: Session,
    actor: Actor | None,
    *,
    samples: bool,
    everything: bool = False,
    after_id: int | None = None,
    limit: int = 50,
) -> list[CoverageAlert]:
    """Return a page of open alerts that the actor is to act on; with ``everything``, of all alerts in the actor's
    areas.

    Newest first; ``after_id``: the last id of the page before. ``samples``: alerts of the check with samples,
    instead of those of documented records. Auditors, who never act, see the alerts of all levels.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes alerts.
    """
    statement = _alerts().where(_seen_by(actor, everything), CoverageAlert.sample.is_(samples))
    if not everything:
        statement = statement.where(CoverageAlert.settled_on.is_(None), CoverageAlert.acknowledged_at.is_(None))
    if after_id is not None:
        statement = statement.where(CoverageAlert.id < after_id)
    return list(session.scalars(statement.order_by(CoverageAlert.id.desc()).limit(limit)))


def _seen_by(actor: Actor | None, every_level: bool) -> ColumnElement[bool]:
    """Return the condition that the actor may see an alert, by the rule of ``Actor.may``. Unless ``every_level``, the
    alert's rule must also name the actor's own role.
    """
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.SEE_ALERTS):
        raise outside_duty(Action.SEE_ALERTS)

    def addressed(duty: Responsibility) -> ColumnElement[bool]:
        return true() if every_level or duty.role is Role.AUDITOR else _addressed_to(duty.role)

    return in_duty(actor, CoverageAlert.area_columns(), {Action.SEE_ALERTS}, also=addressed)


def _addressed_to(role: Role) -> ColumnElement[bool]:
    return CoverageAlert.rule_code.in_(select(CoverageAlertRule.code).where(CoverageAlertRule.role == role))


def acknowledge_alert(
    session: Session, actor: Actor | None, code: str, *, version: int, note: str = "", now: datetime
) -> CoverageAlert:
    """Acknowledge an alert. ``note``: what is done about it.

    Raises:
        NotFound: there is no such alert.
        NotAllowed: its county is outside the actor's duty.
        Conflict: it was acknowledged or closed since the actor read it.
        InvalidInput: the note is too long.
    """
    alert = session.scalar(_alerts().where(CoverageAlert.code == code).with_for_update(of=CoverageAlert))
    if alert is None:
        raise NotFound(N_("There is no alert {code}"), code=code)
    actor = require(actor, Action.ACKNOWLEDGE_ALERTS, area_of(alert))
    if alert.version != version or alert.acknowledged_at is not None:
        raise Conflict(N_("Somebody has dealt with this alert meanwhile; look at it again"))
    note = note.strip()
    if len(note) > NOTE_LIMIT:
        raise InvalidInput("note", N_("The note is too long: at most {limit} characters"), limit=NOTE_LIMIT)
    alert.acknowledged_at, alert.acknowledged_by, alert.note = now, actor.username, note or None
    alert.updated_at = now
    alert.version += 1
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.ACKNOWLEDGE_ALERT,
        subject_kind=AuditSubject.COVERAGE_ALERT,
        subject=alert.code,
        note=note,
    )
    return alert


def area_of(alert: CoverageAlert) -> Area:
    """Return the area of an alert."""
    return Area(
        province=alert.county.city_adcode[:2] + "0000",
        city=alert.county.city_adcode,
        county=alert.county_adcode,
        sample=alert.sample,
    )
