"""Events that an operator should know of: attacks that were held off, and parts that fail.

They are counted by kind and hour, without anything about who it was. Those of one action are counted in its
transaction (``note_events``). Refusals that write nothing, such as of a foreign host, are counted in this process
(``tally``), and noted from there by the job that watches, so that a flood of them does not become a flood of writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Integer, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice
from stations.language import N_, LabelledEnum

KEPT_FOR = timedelta(days=90)


class EventKind(LabelledEnum):
    """What happened."""

    GUESSING = "guessing", N_("Shut out after wrong passwords or codes")
    CODE_GUESSING = "code_guessing", N_("Shut out after wrong codes of requests")
    SECOND_FACTOR_RESET = "second_factor_reset", N_("A second factor was reset")
    UPLOADS_REFUSED = "uploads_refused", N_("Files or forms that were too large or not asked for")
    FOREIGN_FORMS = "foreign_forms", N_("Forms sent from another site")
    FOREIGN_HOSTS = "foreign_hosts", N_("Requests for a host that is not ours")
    AUDIT_BROKEN = "audit_broken", N_("The audit log is not whole")
    PART_FAILING = "part_failing", N_("A part is failing")


@dataclass(frozen=True)
class Telling:
    """When the operator is told of a kind. ``many``: from how many in an hour on. ``every``: at most so often."""

    many: int
    every: timedelta = timedelta(hours=1)


TELLING: Mapping[EventKind, Telling] = {
    EventKind.GUESSING: Telling(3),
    EventKind.CODE_GUESSING: Telling(1),
    EventKind.SECOND_FACTOR_RESET: Telling(1),
    EventKind.UPLOADS_REFUSED: Telling(20),
    EventKind.FOREIGN_FORMS: Telling(20),
    EventKind.FOREIGN_HOSTS: Telling(100),
    EventKind.AUDIT_BROKEN: Telling(1, timedelta(days=1)),
    EventKind.PART_FAILING: Telling(3, timedelta(days=1)),  # seen at three looks of the job that watches
}


class SecurityEvent(Base):
    """How often a kind of event happened in an hour.

    ``part``: what is failing, for ``PART_FAILING``; else "". ``told_at``: when the operator was told; None if not.
    """

    __tablename__ = "security_event"
    in_caches = False
    personal_data = None
    __table_args__ = (UniqueConstraint("kind", "part", "hour"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    part: Mapped[str] = mapped_column(String(60))
    hour: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class Tally:
    """Events of this process that are not in the database yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[EventKind] = Counter()

    def add(self, kind: EventKind) -> None:
        """Count one."""
        with self._lock:
            self._counts[kind] += 1

    def take(self) -> Counter[EventKind]:
        """Return all that was counted since the last call."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, counts: Counter[EventKind]) -> None:
        """Count again what was taken and could not be noted."""
        with self._lock:
            self._counts += counts


tally = Tally()


def note_events(session: Session, kind: EventKind, now: datetime, *, count: int = 1, part: str = "") -> None:
    """Count events in the transaction of what they are about, and delete those of long ago."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    of_hour = (SecurityEvent.kind == kind) & (SecurityEvent.part == part) & (SecurityEvent.hour == hour)
    noted = session.scalar(select(SecurityEvent).where(of_hour).with_for_update())
    if noted is None:
        session.execute(delete(SecurityEvent).where(SecurityEvent.hour < now - KEPT_FOR))
        try:
            with session.begin_nested():
                session.add(SecurityEvent(kind=kind, part=part, hour=hour, count=count, last_at=now))
            return
        except IntegrityError:  # another server noted the first one at the same moment
            noted = session.scalars(select(SecurityEvent).where(of_hour).with_for_update()).one()
    noted.count += count
    noted.last_at = now


def note_tally(session: Session, counts: Mapping[EventKind, int], now: datetime) -> None:
    """Note what a process has counted."""
    for kind, count in counts.items():
        note_events(session, kind, now, count=count)


def events_since(session: Session, since: datetime) -> list[SecurityEvent]:
    """Return the events of each kind and hour from ``since`` on, newest first."""
    found = select(SecurityEvent).where(SecurityEvent.last_at >= since)
    return list(session.scalars(found.order_by(SecurityEvent.hour.desc(), SecurityEvent.kind, SecurityEvent.part)))


def events_to_tell(session: Session, now: datetime) -> list[SecurityEvent]:
    """Return the events of which the operator is to be told now, by ``TELLING``."""
    due = []
    for kind, telling in TELLING.items():
        lately = select(SecurityEvent).where(SecurityEvent.kind == kind, SecurityEvent.hour >= now - KEPT_FOR)
        untold = lately.where(SecurityEvent.told_at.is_(None), SecurityEvent.count >= telling.many)
        told = lately.where(SecurityEvent.told_at > now - telling.every)
        quiet = {event.part for event in session.scalars(told)}
        due += [event for event in session.scalars(untold.order_by(SecurityEvent.hour)) if event.part not in quiet]
    return due
