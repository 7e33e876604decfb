"""The audit log: who did what to which record, and when. Entries are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base


class AuditEntry(Base):
    """One action. ``subject`` is the record's public code; ``detail`` what changed, without secrets."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    detail: Mapped[dict[str, Any]]


def record(
    session: Session, *, at: datetime, actor: str, action: str, subject_kind: str, subject: str, **detail: Any
) -> None:
    """Write one entry in the transaction of the action itself, so neither stands without the other."""
    session.add(
        AuditEntry(at=at, actor=actor, action=action, subject_kind=subject_kind, subject=subject, detail=detail)
    )


def entries_about(session: Session, subject_kind: str, subject: str) -> list[AuditEntry]:
    """What was done to one record, oldest first."""
    about = select(AuditEntry).where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject == subject)
    return list(session.scalars(about.order_by(AuditEntry.id)))


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse(_mapper: Any, _connection: Any, entry: AuditEntry) -> None:
    raise PermissionError(f"audit entry {entry.id} can't be changed or removed")
