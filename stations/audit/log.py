"""The audit log: who did what to which record, and when. Entries are only ever added.

Each entry is chained to the previous one by hash (``chain``). The chain is extended at the very end of the action's
transaction, with the single row of ``audit_head`` locked. So entries have no gaps however many servers write, and
nobody waits for the lock longer than a commit takes. Database triggers refuse to change or remove an entry, for
this program as for anybody else.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Dialect, Index, Integer, String, Text, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.types import TypeDecorator

from stations.audit.chain import canonical, digest, stored_instant
from stations.audit.vocabulary import AuditSubject, Detail, LoggedAction
from stations.database import Base, storable
from stations.personal_data import PersonalData

_PENDING = "audit_pending"
_HEAD = 1


class CanonicalJson(TypeDecorator[dict[str, Any]]):
    """JSON column stored as exactly the text that is hashed, so that every changed byte is detected."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)


class AuditEntry(Base):
    """One action.

    ``id``: its position in the chain, from 1 without gaps. ``subject``: the record's public code. ``detail``: the
    change, without secrets and without personal data in clear.
    """

    __tablename__ = "audit_entry"
    in_caches = False
    personal_data = PersonalData(
        columns=("actor",), written=("subject", "detail"), kept="without limit: each entry proves the next"
    )
    __table_args__ = (Index(None, "action", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(CanonicalJson)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The single row with the end of the chain: position and hash of the last entry."""

    __tablename__ = "audit_head"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: LoggedAction,
    subject_kind: AuditSubject,
    subject: str,
    **detail: Unpack[Detail],
) -> None:
    """Write one entry in the transaction of the action itself, so that neither is saved without the other.

    It can be read after the commit. ``actor``: a user name or a ``SystemActor``.

    Raises:
        TypeError, ValueError: ``detail`` contains a value that JSON can't represent.
    """
    canonical(detail)
    entry = {
        "at": at,
        "actor": storable(str(actor)),  # what is hashed must be what is stored
        "action": action.value,
        "subject_kind": subject_kind.value,
        "subject": storable(subject),
        "detail": storable(detail),
    }
    session.info.setdefault(_PENDING, []).append((transactions_around(session), entry))


def last_recorded(session: Session) -> datetime | None:
    """Return the time of the last entry recorded in the transaction that is not saved yet; None if there is none."""
    pending = session.info.get(_PENDING)
    return pending[-1][1]["at"] if pending else None


def transactions_around(session: Session) -> list[SessionTransaction]:
    """Return the current transaction and those around it. What waits for the end is dropped if one is undone."""
    around: SessionTransaction | None = session.get_nested_transaction() or session.get_transaction() or session.begin()
    found = []
    while around is not None:
        found.append(around)
        around = around.parent
    return found


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()  # let everything that can fail or wait happen before this locks the head
    position, previous = session.execute(
        select(AuditHead.position, AuditHead.hash).where(AuditHead.id == _HEAD).with_for_update()
    ).one()
    rows = []
    for _, entry in session.info.pop(_PENDING):
        position += 1
        content = (entry["actor"], entry["action"], entry["subject_kind"], entry["subject"], canonical(entry["detail"]))
        own = digest(previous, (position, stored_instant(entry["at"]), *content))
        rows.append({**entry, "id": position, "previous_hash": previous, "hash": own})
        previous = own
    session.execute(insert(AuditEntry), rows)
    session.execute(update(AuditHead).where(AuditHead.id == _HEAD).values(position=position, hash=previous))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    if _PENDING in session.info:
        session.info[_PENDING] = [held for held in session.info[_PENDING] if undone not in held[0]]


def entries_about(session: Session, subject_kind: str, subject: str) -> list[AuditEntry]:
    """Return the entries about one record, oldest first."""
    about = select(AuditEntry).where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject == subject)
    return list(session.scalars(about.order_by(AuditEntry.id)))


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse(_mapper: Any, _connection: Any, entry: AuditEntry) -> None:
    raise PermissionError(f"audit entry {entry.id} can't be changed or removed")
