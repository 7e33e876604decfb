"""The feed of changes: writing it in the transaction of each change, and reading it on.

Positions count from 1 without gaps, in the order in which the changes were committed: they are given at the very end of
a change's transaction, with the single row of ``data_change_head`` locked until it is committed, as the audit log does.
So whoever has read up to a position has missed nothing before it, however many servers write and however long one of
them takes to commit. SQLite has one writer at a time anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Engine, Integer, String, delete, event, func, insert, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from stations.audit.log import transactions_around
from stations.changes.kinds import Happening, Subject
from stations.database import Base, choice, count_changed, transaction
from stations.duty.area_columns import AreaColumns
from stations.duty.duty_areas import in_duty
from stations.duty.roles import KEY_ACTOR, Actor, Area
from stations.errors import DomainError
from stations.language import N_
from stations.retention import kept_for

_PENDING = "data_changes_pending"
_HEAD = 1
_PAGE_READ = 2000  # rows looked through for one page at most, so that a rare kind costs no long search


class DataChange(Base):
    """One change of one record.

    ``position``: its place in the feed. ``version``: the record's version after it; None where it has none. ``other``:
    the code of the record that it was merged with. ``city_adcode``, ``county_adcode``, ``station_code``: where the
    record lies. ``key_prefix``: of the key by which a system made it; None if a person did.
    """

    __tablename__ = "data_change"
    in_caches = False
    personal_data = None

    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[Subject] = mapped_column(choice(Subject, "subject"))
    happening: Mapped[Happening] = mapped_column(choice(Happening, "happening"))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int | None] = mapped_column(Integer)
    other: Mapped[str | None] = mapped_column(String(40))
    city_adcode: Mapped[str] = mapped_column(String(6))
    county_adcode: Mapped[str] = mapped_column(String(6))
    station_code: Mapped[str | None] = mapped_column(String(40))
    sample: Mapped[bool] = mapped_column(Boolean)
    key_prefix: Mapped[str | None] = mapped_column(String(8))

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give where the record lies."""
        return AreaColumns(cls.city_adcode, cls.county_adcode, cls.sample, station=cls.station_code)

    @property
    def kind(self) -> str:
        """What happened to which kind of record: a member of ``KINDS``."""
        return f"{self.subject}.{self.happening}"


class DataChangeHead(Base):
    """The single row with the position of the last change."""

    __tablename__ = "data_change_head"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer)


class TooOld(DomainError):
    """The changes after a position are kept no longer: the reader has to take everything anew."""


def note_change(
    session: Session,
    subject: Subject,
    happening: Happening,
    code: str,
    area: Area,
    *,
    actor: str,
    now: datetime,
    version: int | None = None,
    other: str | None = None,
    left: Area | None = None,
) -> None:
    """Write a change in the transaction in which it is made.

    ``actor``: the user name of who made it, or a ``SystemActor``. ``left``: where the record lay before, if elsewhere.
    """
    made_by = actor.removeprefix(KEY_ACTOR) if actor.startswith(KEY_ACTOR) else None
    told = {"at": now, "subject": subject, "code": code, "version": version, "key_prefix": made_by}
    rows = [{**told, "happening": happening, "other": other, **_where(area)}]
    if left is not None and (left.city, left.county) != (area.city, area.county):
        rows.append({**told, "happening": Happening.LEFT, "other": None, **_where(left)})
    within = transactions_around(session)
    session.info.setdefault(_PENDING, []).extend((within, row) for row in rows)


def _where(area: Area) -> dict[str, object]:
    return {
        "city_adcode": area.city or "",
        "county_adcode": area.county or "",
        "station_code": area.station,
        "sample": area.sample,
    }


@event.listens_for(Session, "before_commit")
def _give_positions(session: Session) -> None:
    # Declared after that of the audit log, which this module imports: both heads are always locked in the same order.
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    head = select(DataChangeHead.position).where(DataChangeHead.id == _HEAD).with_for_update()
    position = session.scalars(head).one()
    rows = [
        {**row, "position": position + number}
        for number, (_, row) in enumerate(session.info.pop(_PENDING), start=1)
    ]
    session.execute(insert(DataChange), rows)
    last = position + len(rows)
    session.execute(update(DataChangeHead).where(DataChangeHead.id == _HEAD).values(position=last))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    if _PENDING in session.info:
        session.info[_PENDING] = [held for held in session.info[_PENDING] if undone not in held[0]]


@dataclass(frozen=True)
class FeedPage:
    """A part of the feed. ``next``: the position from which to read on. ``more``: whether there is more already."""

    changes: tuple[DataChange, ...]
    next: int
    more: bool


def last_position(session: Session) -> int:
    """Return the position of the last change."""
    return session.scalars(select(DataChangeHead.position).where(DataChangeHead.id == _HEAD)).one()


def read_feed(
    session: Session,
    actor: Actor,
    since: int | None,
    *,
    subjects: Collection[Subject],
    kinds: Collection[str] = (),
    samples: bool,
    limit: int = 100,
    not_by: str | None = None,
) -> FeedPage:
    """Return the changes after the position ``since`` in the actor's area, in order.

    ``since`` None: from the oldest that is kept. ``subjects``: only of these kinds of records; ``kinds``: only these of
    ``KINDS``, if any. ``not_by``: leave out what the system with a key of this prefix made itself. The session must
    read from one snapshot (``database.reading``).

    Raises:
        TooOld: changes after ``since`` were deleted.
    """
    head = last_position(session)
    oldest = session.scalar(select(func.min(DataChange.position))) or head + 1
    if since is None:
        since = oldest - 1
    if since < oldest - 1:
        raise TooOld(
            N_("What happened since then is kept no longer; read all records anew, then go on from “{now}”"), now="now"
        )
    looked = min(head, since + _PAGE_READ)
    wanted = (
        select(DataChange)
        .where(DataChange.position > since, DataChange.position <= looked, DataChange.subject.in_(subjects))
        .where(in_duty(actor, DataChange.area_columns()))
    )
    if kinds:
        pairs = [tuple(kind.split(".")) for kind in kinds]
        wanted = wanted.where(tuple_(DataChange.subject, DataChange.happening).in_(_members(pairs)))
    if not samples:
        wanted = wanted.where(DataChange.sample.is_(False))
    if not_by is not None:
        wanted = wanted.where(DataChange.key_prefix.is_distinct_from(not_by))
    found = session.scalars(wanted.order_by(DataChange.position).limit(limit + 1)).all()
    if len(found) > limit:
        return FeedPage(tuple(found[:limit]), found[limit - 1].position, True)
    return FeedPage(tuple(found), max(looked, since), looked < head)


def _members(pairs: Iterable[tuple[str, ...]]) -> list[tuple[Subject, Happening]]:
    return [(Subject(subject), Happening(happening)) for subject, happening in pairs]


def forget_old_changes(engine: Engine, now: datetime) -> int:
    """Delete the changes that are kept no longer (``stations.retention``). Return their number."""
    with transaction(engine) as session:
        return count_changed(session, delete(DataChange).where(DataChange.at < now - kept_for("change")))
