"""The revision of the data that the portal shows: a number that increases with every change of the registry.

Caches include it in their keys, so a page never shows data that another server has changed since.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Integer, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import ONE_SNAPSHOT, Base, count_changed, table_of


class Revision(Base):
    """The single row with the revision number."""

    __tablename__ = "revision"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


_TABLE = table_of(Revision)
_NUMBER = select(_TABLE.c.number).where(_TABLE.c.id == 1)


def current_revision(session: Session) -> int:
    """Return the current revision; 0 before any data was loaded. A session with one snapshot is asked only once."""
    known: int | None = session.info.get("revision")
    if known is None:
        known = session.connection().scalar(_NUMBER) or 0
        if session.info.get(ONE_SNAPSHOT):
            session.info["revision"] = known
    return known


def revision_now(engine: Engine) -> int:
    """Return the current revision without a session, which would take several times as long to set up as to ask."""
    with engine.connect() as connection:
        return connection.scalar(_NUMBER) or 0


@event.listens_for(Session, "before_flush")
def _move(session: Session, _context: Any, _instances: Any) -> None:
    """Increase the revision when objects change that a cache may contain."""
    if any(instance.in_caches for instance in (*session.new, *session.dirty, *session.deleted)):
        move_revision(session)


def move_revision(session: Session) -> None:
    """Increase the revision, once per transaction that changes anything a cache may contain.

    Called automatically for changes that a session flushes; code that writes rows without the session's objects
    must call it.
    """
    if session.info.get("revision_moved"):
        return
    session.info["revision_moved"] = True
    with session.no_autoflush:
        moved = count_changed(session, update(Revision).where(Revision.id == 1).values(number=Revision.number + 1))
    if moved == 0:
        session.add(Revision(id=1, number=1))


def is_moved(session: Session) -> bool:
    """Whether the transaction has changed anything a cache may contain."""
    return bool(session.info.get("revision_moved"))


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _settle(session: Session) -> None:
    session.info.pop("revision_moved", None)
    session.info.pop("revision", None)
