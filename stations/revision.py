"""The revision of the data that the portal shows: a number that increases with every change of the registry.

Caches include it in their keys, so a page never shows data that another server has changed since.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Integer, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import ONE_SNAPSHOT, Base, table_of


class Revision(Base):
    """The single row with the revision number."""

    __tablename__ = "revision"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


_MOVED, _UNDONE, _UNSEEN, _KNOWN = "revision_moved", "move_undone", "rows_unseen", "revision"
"""In the ``info`` of a session."""
_TABLE = table_of(Revision)
_NUMBER = select(_TABLE.c.number).where(_TABLE.c.id == 1)


def current_revision(session: Session) -> int:
    """Return the current revision; 0 before any data was loaded. A session with one snapshot is asked only once."""
    known: int | None = session.info.get(_KNOWN)
    if known is None:
        known = session.connection().scalar(_NUMBER) or 0
        if session.info.get(ONE_SNAPSHOT):
            session.info[_KNOWN] = known
    return known


def revision_now(engine: Engine) -> int:
    """Return the current revision without a session, which would take several times as long to set up as to ask."""
    with engine.connect() as connection:
        return connection.scalar(_NUMBER) or 0


@event.listens_for(Session, "before_flush")
def _move(session: Session, _context: Any, _instances: Any) -> None:
    """Increase the revision when objects change that a cache may contain."""
    if any(instance.in_caches for instance in (*session.new, *session.dirty, *session.deleted)):
        _count_up(session)


def move_revision(session: Session) -> None:
    """Increase the revision, once per transaction that changes anything a cache may contain.

    Called automatically for changes that a session flushes; code that writes rows without the session's objects
    must call it.
    """
    session.info[_UNSEEN] = True
    _count_up(session)


def _count_up(session: Session) -> None:
    if _MOVED in session.info and not session.info.pop(_UNDONE, False):
        return
    up = update(_TABLE).where(_TABLE.c.id == 1).values(number=_TABLE.c.number + 1).returning(_TABLE.c.number)
    with session.no_autoflush:
        number = session.connection().scalar(up)
        if number is None:
            number = 1
            session.connection().execute(insert(_TABLE).values(id=1, number=number))
    session.info[_MOVED] = number


def is_moved(session: Session) -> bool:
    """Whether the transaction has changed anything a cache may contain."""
    return _MOVED in session.info


def moved_to(session: Session) -> int | None:
    """Return the revision to which the transaction has moved; None if it has changed nothing a cache may contain."""
    number: int | None = session.info.get(_MOVED)
    return number


def rows_are_seen(session: Session) -> bool:
    """Whether all that the transaction changed of what a cache may contain were objects of the session."""
    return _UNSEEN not in session.info


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _settle(session: Session) -> None:
    for name in (_MOVED, _UNDONE, _UNSEEN, _KNOWN):
        session.info.pop(name, None)


@event.listens_for(Session, "after_soft_rollback")
def _undo(session: Session, _previous: Any) -> None:
    if _MOVED in session.info:  # perhaps within the savepoint that was rolled back: what changes next counts anew
        session.info[_UNDONE] = True
