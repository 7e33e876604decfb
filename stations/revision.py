"""The revision of what the portal shows: one number that moves with every change of the registry.

Caches carry it, so that a page never shows what another server has changed since.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base


class Revision(Base):
    """The one row that holds the number."""

    __tablename__ = "revision"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


def current_revision(session: Session) -> int:
    """The number that stands; 0 before anything was loaded."""
    return session.scalar(select(Revision.number).where(Revision.id == 1)) or 0


@event.listens_for(Session, "before_flush")
def _move(session: Session, _context: Any, _instances: Any) -> None:
    """Move the number where objects change that a cache may hold."""
    if any(instance.in_caches for instance in (*session.new, *session.dirty, *session.deleted)):
        move_revision(session)


def move_revision(session: Session) -> None:
    """Move the number once per transaction that changes anything a cache may hold.

    Done for whatever a session flushes; to be called by what writes rows past it.
    """
    if session.info.get("revision_moved"):
        return
    session.info["revision_moved"] = True
    with session.no_autoflush:
        moved = session.execute(update(Revision).where(Revision.id == 1).values(number=Revision.number + 1))
    if moved.rowcount == 0:
        session.add(Revision(id=1, number=1))


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _settle(session: Session) -> None:
    session.info.pop("revision_moved", None)
