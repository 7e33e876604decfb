"""Searching the audit log: by who, what was done, to which record, in which period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from stations.accounts.account_editing import seen_by
from stations.accounts.accounts import User
from stations.audit.log import AuditEntry
from stations.duty.masking import mask_detail, mask_text, sees_personal_data
from stations.duty.roles import Action, Actor, Area, outside_duty, whole_province
from stations.entered_text import narrow
from stations.errors import InvalidInput, NotAllowed
from stations.language import CHINA_TIME, N_


@dataclass(frozen=True)
class AuditQuestion:
    """What is looked for; empty means any. ``since`` and ``until`` are whole days in China, both of
    them included; names and codes are taken as they are, not in part."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ToldEntry:
    """An entry as its reader may see it."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject: str
    detail: dict[str, Any]
    hash: str


def search_audit(
    session: Session,
    question: AuditQuestion,
    *,
    by: Actor | None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[ToldEntry]:
    """The entries that answer, newest first, a page at a time (``before_id``: the last one of the page
    before), with personal data masked for whom need not see it.

    Whose duty is the whole province sees everything; others see what the people in their area did,
    and an invented user what invented people did.

    Raises:
        NotAllowed: the log is not the actor's to read.
        InvalidInput: the period ends before it begins.
    """
    if by is None:
        raise NotAllowed(N_("Sign in first"))
    if not by.may_somewhere(Action.SEE_AUDIT):
        raise outside_duty(Action.SEE_AUDIT)
    clear = sees_personal_data(by, Area(whole_province().province, sample=by.sample))
    return _found(session, question, _visible(by), clear, before_id, limit)


def search_as_operator(
    session: Session, question: AuditQuestion, *, before_id: int | None = None, limit: int = 50
) -> list[ToldEntry]:
    """The same for who works on the server itself, and so reads the database anyway; masked, because
    what a command prints is passed on."""
    return _found(session, question, true(), False, before_id, limit)


def list_actions(session: Session) -> list[str]:
    """Every action that the log holds, found by hopping along the index instead of reading the log."""
    found: list[str] = []
    step = select(AuditEntry.action).order_by(AuditEntry.action).limit(1)
    while action := session.scalar(step.where(AuditEntry.action > found[-1]) if found else step):
        found.append(action)
    return found


def _visible(by: Actor) -> ColumnElement[bool]:
    if by.may(Action.SEE_AUDIT, whole_province()):
        return true()
    theirs = select(User.username).where(seen_by(by, samples=True, action=Action.SEE_AUDIT))
    return AuditEntry.actor.in_(theirs)


def _found(
    session: Session,
    question: AuditQuestion,
    visible: ColumnElement[bool],
    clear: bool,
    before_id: int | None,
    limit: int,
) -> list[ToldEntry]:
    if question.since and question.until and question.until < question.since:
        raise InvalidInput("until", N_("The period ends before it begins; choose a later day"))
    statement = select(AuditEntry).where(visible)
    for column, wanted in (
        (AuditEntry.actor, question.actor),
        (AuditEntry.action, question.action),
        (AuditEntry.subject, question.subject),
    ):
        if wanted := narrow(wanted):
            statement = statement.where(column == wanted) if wanted.isprintable() else statement.where(~true())
    if question.since:
        statement = statement.where(AuditEntry.at >= _midnight(question.since))
    if question.until:
        statement = statement.where(AuditEntry.at < _midnight(question.until + timedelta(days=1)))
    if before_id is not None:
        statement = statement.where(AuditEntry.id < before_id)
    entries = session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit))
    return [_told(entry, clear) for entry in entries]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA_TIME)


def _told(entry: AuditEntry, clear: bool) -> ToldEntry:
    return ToldEntry(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject=entry.subject if clear else mask_text(entry.subject),
        detail=entry.detail if clear else mask_detail(entry.detail),
        hash=entry.hash,
    )
