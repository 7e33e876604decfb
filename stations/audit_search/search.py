"""Search the audit log by actor, action, record and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from stations.accounts.account_editing import seen_by
from stations.accounts.accounts import User
from stations.audit.log import AuditEntry
from stations.audit_search.values import NAMED
from stations.catalogue.service import Service
from stations.duty.masking import mask_detail, mask_text, sees_personal_data
from stations.duty.roles import Action, Actor, Area, outside_duty, signed_in, whole_province
from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import CHINA_TIME, N_, Bilingual


@dataclass(frozen=True)
class AuditQuestion:
    """The search terms; empty means any.

    ``since`` and ``until``: whole days in China, both included. Names and codes match as a whole.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ReadableEntry:
    """An entry with the values that its reader may see. ``names``: of the services in the details, by code."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject: str
    detail: dict[str, Any]
    hash: str
    names: Mapping[str, Bilingual] = field(default_factory=dict)


def search_audit(
    session: Session,
    question: AuditQuestion,
    *,
    by: Actor | None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[ReadableEntry]:
    """Return a page of the matching entries, newest first, with personal data masked for actors without the right to
    see it.

    ``before_id``: the last id of the page before. An actor with a duty over the whole province sees everything;
    others see the actions of the people in their area, and a sample user those of sample users.

    Raises:
        NotAllowed: the actor may not read the log.
        InvalidInput: the period ends before it begins.
    """
    by = signed_in(by)
    if not by.may_somewhere(Action.SEE_AUDIT):
        raise outside_duty(Action.SEE_AUDIT)
    clear = sees_personal_data(by, Area(whole_province().province, sample=by.sample))
    return _found(session, question, _visible(by), clear, before_id, limit)


def search_as_operator(
    session: Session, question: AuditQuestion, *, before_id: int | None = None, limit: int = 50
) -> list[ReadableEntry]:
    """Return a page of the matching entries, as the operator on the server, who can read the database anyway.

    Personal data is masked, since the output of a command may be passed on.
    """
    return _found(session, question, true(), False, before_id, limit)


def list_actions(session: Session) -> list[str]:
    """Return every action in the log, found by skipping through the index instead of reading all entries."""
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
) -> list[ReadableEntry]:
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
    entries = list(session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit)))
    names = _service_names(session, entries)
    return [_readable(entry, clear, names) for entry in entries]


def _service_names(session: Session, entries: Sequence[AuditEntry]) -> dict[str, Bilingual]:
    """Return the name of each service that the details name, by code."""
    values = [entry.detail.get(key) for entry in entries for key in NAMED]
    codes = {one for value in values for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
    if not codes:
        return {}
    found = session.execute(select(Service.code, Service.name_zh, Service.name_en).where(Service.code.in_(codes)))
    return {code: Bilingual(zh, en) for code, zh, en in found}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA_TIME)


def _readable(entry: AuditEntry, clear: bool, names: Mapping[str, Bilingual]) -> ReadableEntry:
    return ReadableEntry(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject=entry.subject if clear else mask_text(entry.subject),
        detail=entry.detail if clear else mask_detail(entry.detail),
        hash=entry.hash,
    )
