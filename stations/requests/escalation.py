"""Escalation: the level above is notified of a request past its deadline, then the next one: station → county → city →
province.

The number of working days after which each level is notified is data (``EscalationRule``). Each level is notified once
of each deadline of a request; the table's unique key ensures this, whichever server or command runs, and however often.
Once the station has acted, its next deadline is a different one. A station whose county is unknown is never escalated
to a county; its first level is the city.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Integer,
    Select,
    UniqueConstraint,
    exists,
    false,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.database import Base, choice
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, Responsibility, Role, require, whole_province
from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum, day_in_china
from stations.registry.station import Station
from stations.requests.escalation_notices import tell_offices
from stations.requests.service_request import ServiceRequest
from stations.working_days import is_working_day

JOB = SystemActor.ESCALATION.value
MOST_DAYS = 60


class Level(LabelledEnum):
    """The level to which a request is escalated, from near to far."""

    COUNTY = "county", N_("the county")
    CITY = "city", N_("the city")
    PROVINCE = "province", N_("the province")


class EscalationRule(Base):
    """The rule for one level.

    ``after_days``: the number of working days after the deadline when the level is notified. Not ``active``: never.
    """

    __tablename__ = "escalation_rule"
    in_caches = False
    personal_data = None
    __table_args__ = (CheckConstraint("after_days > 0", name="after_days"),)

    level: Mapped[Level] = mapped_column(choice(Level, "level"), primary_key=True)
    after_days: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Escalation(Base):
    """A notification of a level that a request was past a deadline (``due_on``)."""

    __tablename__ = "escalation"
    in_caches = False
    personal_data = None
    __table_args__ = (UniqueConstraint("request_id", "due_on", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"))
    due_on: Mapped[date]
    level: Mapped[Level] = mapped_column(choice(Level, "level"))
    raised_at: Mapped[datetime]

    request: Mapped[ServiceRequest] = relationship()


def list_overdue(session: Session, *, samples: bool, now: datetime) -> list[tuple[Level, int]]:
    """Return what the rules require to be escalated at ``now``: (level, id of the request), nearer levels first."""
    rules = session.scalars(select(EscalationRule).where(EscalationRule.active)).all()
    return [
        (rule.level, request_id)
        for rule in sorted(rules, key=lambda one: list(Level).index(one.level))
        for request_id in session.scalars(
            _overdue(rule, samples, day_in_china(now)).with_only_columns(ServiceRequest.id)
        )
    ]


def escalate(session: Session, level: Level, request_id: int, *, samples: bool, now: datetime) -> Escalation | None:
    """Escalate a request to a level in the caller's transaction. Return the escalation.

    Return None if that is no longer required or was done meanwhile. A request that somebody is acting on at the moment
    is left for the next run.
    """
    rule = session.get_one(EscalationRule, level)
    overdue = _overdue(rule, samples, day_in_china(now)).where(ServiceRequest.id == request_id)
    request = session.scalar(overdue.with_for_update(of=ServiceRequest, skip_locked=True))
    if request is None or not rule.active:
        return None
    escalation = Escalation(request=request, due_on=request.due_on, level=level, raised_at=now)
    try:
        with session.begin_nested():
            session.add(escalation)
    except IntegrityError:
        return None  # another server was first
    tell_offices(session, request, level.value, escalation.due_on, now)
    log.record(
        session,
        at=now,
        actor=JOB,
        action=AuditAction.ESCALATE,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        level=level.value,
        due_on=escalation.due_on.isoformat(),
    )
    return escalation


def list_escalations(session: Session, request: ServiceRequest) -> list[Escalation]:
    """Return the escalations of a request, in order of time."""
    statement = select(Escalation).where(Escalation.request_id == request.id)
    return list(session.scalars(statement.order_by(Escalation.raised_at, Escalation.id)))


def standing_levels(session: Session, request_ids: list[int]) -> dict[int, Level]:
    """Return by request id the farthest level that was notified of its present deadline."""
    rows = session.execute(
        select(Escalation.request_id, Escalation.level)
        .join(Escalation.request)
        .where(Escalation.request_id.in_(request_ids), open_escalation())
    )
    found: dict[int, Level] = {}
    order = list(Level)
    for request_id, level in rows:
        found[request_id] = max(level, found.get(request_id, level), key=order.index)
    return found


def open_escalation() -> ColumnElement[bool]:
    """Return the SQL condition that an escalation concerns the present deadline of its request."""
    return (Escalation.request_id == ServiceRequest.id) & (Escalation.due_on == ServiceRequest.due_on)


_LEVELS = {Role.PROVINCE: Level.PROVINCE, Role.CITY: Level.CITY, Role.COUNTY: Level.COUNTY}


def addressed_to(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition that an escalation is addressed to the actor.

    The statement must join ``ServiceRequest`` and ``Station``.
    """

    def by_level(duty: Responsibility) -> ColumnElement[bool]:
        level = _LEVELS.get(duty.role)
        return Escalation.level == level if level else false()

    return in_duty(actor, ServiceRequest.area_columns(), {Action.SEE_REQUESTS}, also=by_level)


def list_rules(session: Session) -> list[EscalationRule]:
    """Return the rules, from near to far."""
    rules = session.scalars(select(EscalationRule)).all()
    return sorted(rules, key=lambda rule: list(Level).index(rule.level))


def change_rules(session: Session, actor: Actor | None, days: dict[Level, int | None], *, now: datetime) -> None:
    """Change after how many working days each level is notified (None: never). Past escalations remain.

    Raises:
        NotAllowed: the actor may not edit the province's rules.
        InvalidInput: a number is not from 1 to ``MOST_DAYS``, or a farther level comes before a nearer one.
    """
    actor = require(actor, Action.EDIT_ESCALATION, whole_province())
    given = [value for level in Level if (value := days.get(level)) is not None]
    for value in given:
        if not 1 <= value <= MOST_DAYS:
            raise InvalidInput("after_days", N_("Give a whole number from 1 to {most}"), most=MOST_DAYS)
    if given != sorted(given):
        raise InvalidInput("after_days", N_("A level farther up can't be told before a nearer one"))
    for rule in session.scalars(select(EscalationRule).with_for_update()):
        rule.active = days.get(rule.level) is not None
        rule.after_days = days.get(rule.level) or rule.after_days
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.CHANGE_ESCALATION_RULE,
        subject_kind=AuditSubject.ESCALATION_RULE,
        subject="all",
        after={level.value: days.get(level) for level in Level},
    )


def last_day_for(today: date, after_days: int) -> date:
    """Return the latest deadline that is at least ``after_days`` working days before ``today``."""
    day, left = today, after_days
    while left:
        left -= is_working_day(day)
        day -= timedelta(days=1)
    return day


def _overdue(rule: EscalationRule, samples: bool, today: date) -> Select[ServiceRequest]:
    """Return the query of requests that are overdue by a rule, and of which its level was not told."""
    told = exists().where(
        Escalation.request_id == ServiceRequest.id,
        Escalation.due_on == ServiceRequest.due_on,
        Escalation.level == rule.level,
    )
    statement = (
        select(ServiceRequest)
        .join(ServiceRequest.station)
        .where(ServiceRequest.due_on <= last_day_for(today, rule.after_days), ~told)
        .order_by(ServiceRequest.due_on, ServiceRequest.id)
    )
    if rule.level is Level.COUNTY:
        statement = statement.where(Station.county_adcode.is_not(None))
    return statement if samples else statement.where(ServiceRequest.sample.is_(False))
