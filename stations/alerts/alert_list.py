"""The alerts of a person's area of duty: listing and counting those to act on, and acknowledging them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from stations.alerts.alert_rules import CoverageAlertRule
from stations.alerts.alerts import NOTE_LIMIT, CoverageAlert, area_of, with_rule_and_county
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, Responsibility, Role, outside_duty, require, signed_in
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_


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
    statement = with_rule_and_county().where(_seen_by(actor, everything), CoverageAlert.sample.is_(samples))
    if not everything:
        statement = statement.where(CoverageAlert.settled_on.is_(None), CoverageAlert.acknowledged_at.is_(None))
    if after_id is not None:
        statement = statement.where(CoverageAlert.id < after_id)
    return list(session.scalars(statement.order_by(CoverageAlert.id.desc()).limit(limit)))


def count_open_alerts(session: Session, actor: Actor | None, *, samples: bool) -> int:
    """Return the number of open alerts that the actor is to act on; see ``list_alerts``.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor includes alerts.
    """
    statement = select(func.count()).select_from(CoverageAlert).where(
        _seen_by(actor, every_level=False),
        CoverageAlert.sample.is_(samples),
        CoverageAlert.settled_on.is_(None),
        CoverageAlert.acknowledged_at.is_(None),
    )
    return session.scalar(statement) or 0


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
    alert = session.scalar(with_rule_and_county().where(CoverageAlert.code == code).with_for_update(of=CoverageAlert))
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


def acknowledge_alerts(
    session: Session, actor: Actor | None, picked: Sequence[tuple[str, int]], *, note: str = "", now: datetime
) -> list[CoverageAlert]:
    """Acknowledge several alerts, all or none. ``picked``: code and version of each; ``note``: what is done about them.

    Raises:
        InvalidInput: none is picked (field ``alerts``), or the note is too long.
        NotFound, NotAllowed, Conflict: one can't be acknowledged, see ``acknowledge_alert``.
    """
    if not picked:
        raise InvalidInput("alerts", N_("Pick at least one alert"))
    return [acknowledge_alert(session, actor, code, version=version, note=note, now=now) for code, version in picked]
