"""The rules that raise coverage alerts: what they watch for, after how many days, and which role is to act.

The province edits the rules. Alerts already raised stay when their rule changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, choice
from stations.duty.roles import Action, Actor, Role, require, whole_province
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_, LabelledEnum

MOST_DAYS = 3650
ACTING_ROLES = (Role.COUNTY, Role.CITY, Role.PROVINCE)
"""The roles that a rule can name, from near to far."""


class AlertKind(LabelledEnum):
    """The condition that an alert rule watches for."""

    UNCOVERED = "uncovered", N_("No active station")
    ENDING = "ending", N_("About to lose its last station")


class CoverageAlertRule(Base):
    """A rule for alerts.

    ``UNCOVERED``: a county has had no active station for ``days`` days. ``ENDING``: it will lose its last one
    within ``days`` days. ``role``: the role that is to act. A rule that is not ``active`` raises nothing.
    """

    __tablename__ = "coverage_alert_rule"
    in_caches = False
    personal_data = None
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(choice(AlertKind, "kind"))
    days: Mapped[int] = mapped_column(Integer)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    active: Mapped[bool] = mapped_column(Boolean, default=True)


def list_rules(session: Session) -> list[CoverageAlertRule]:
    """Return every rule, sorted by kind and days."""
    return list(session.scalars(select(CoverageAlertRule).order_by(CoverageAlertRule.kind, CoverageAlertRule.days)))


def change_rule(
    session: Session, code: str, *, days: int | None = None, active: bool | None = None, by: str, now: datetime
) -> CoverageAlertRule:
    """Change the number of days of a rule, or whether it is active; alerts raised before stay.

    Raises:
        NotFound: there is no such rule.
        InvalidInput: ``days`` is not from 1 to ``MOST_DAYS``.
    """
    rule = _hold(session, code)
    _change(session, rule, days, active, by, now)
    return rule


def set_days(session: Session, actor: Actor | None, days: Mapping[str, int | None], *, now: datetime) -> None:
    """Set the number of days of each rule, by code; None deactivates the rule.

    Raises:
        NotAllowed: the actor may not edit the province's rules.
        NotFound: there is no such rule.
        InvalidInput: a number is not from 1 to ``MOST_DAYS``.
    """
    actor = require(actor, Action.EDIT_ALERT_RULES, whole_province())
    for code, given in sorted(days.items()):
        rule = _hold(session, code)
        if given != (rule.days if rule.active else None):
            _change(session, rule, given, given is not None, actor.username, now)


def add_rule(
    session: Session, actor: Actor | None, kind: AlertKind, days: int | None, role: Role, *, now: datetime
) -> CoverageAlertRule:
    """Add a rule, active at once.

    Raises:
        NotAllowed: the actor may not edit the province's rules.
        InvalidInput: the number is not from 1 to ``MOST_DAYS``, or the role can't act on alerts.
        Conflict: the rule exists already.
    """
    actor = require(actor, Action.EDIT_ALERT_RULES, whole_province())
    if role not in ACTING_ROLES:
        raise InvalidInput("role", N_("Choose who is to act"))
    if days is None:
        raise InvalidInput("days", N_("Give a whole number from 1 to {most}"), most=MOST_DAYS)
    _check_days(days)
    rules = list_rules(session)
    if any((rule.kind, rule.days, rule.role) == (kind, days, role) for rule in rules):
        raise Conflict(N_("There is such a rule already"))
    # A rule's code stays when its days change, so the code made from the days may be taken.
    stem, taken = f"{kind.value}-{days}-{role.value}", {rule.code for rule in rules}
    code = next(name for n in range(len(taken) + 1) if (name := f"{stem}-{n}" if n else stem) not in taken)
    rule = CoverageAlertRule(code=code, kind=kind, days=days, role=role, active=True)
    session.add(rule)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.ADD_ALERT_RULE,
        subject_kind=AuditSubject.COVERAGE_ALERT_RULE,
        subject=code,
        kind=kind.value,
        days=days,
        role=role.value,
    )
    return rule


def _hold(session: Session, code: str) -> CoverageAlertRule:
    rule = session.get(CoverageAlertRule, code, with_for_update=True)
    if rule is None:
        raise NotFound(N_("There is no alert rule {code}"), code=code)
    return rule


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("days", N_("Give a whole number from 1 to {most}"), most=MOST_DAYS)


def _change(
    session: Session, rule: CoverageAlertRule, days: int | None, active: bool | None, by: str, now: datetime
) -> None:
    if days is not None:
        _check_days(days)
    rule.days = rule.days if days is None else days
    rule.active = rule.active if active is None else active
    log.record(
        session,
        at=now,
        actor=by,
        action=AuditAction.CHANGE_ALERT_RULE,
        subject_kind=AuditSubject.COVERAGE_ALERT_RULE,
        subject=rule.code,
        days=rule.days,
        active=rule.active,
    )
