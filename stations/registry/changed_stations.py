"""Which stations changed with each revision, so that what is kept of all of them is brought up to date by these alone.

Every transaction that moves the revision writes down what its session's objects changed. A revision of which nothing
is written may have changed anything: one of a server of an older release, or of rows written without objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, delete, event, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.catalogue.service import Service
from stations.database import Base, table_of
from stations.places.counties import City, County
from stations.registry.station import Station, StationService, StationStatus, StationUnread
from stations.revision import moved_to, rows_are_seen

NO_STATION, ANY_STATION = 0, -1
REMEMBERED = 500
"""Revisions; what is older than these is read anew as a whole."""
MOST = 1_000
"""Stations changed at once, above which reading all anew is as quick."""
_OWNER = {Station: "id", StationService: "station_id", StationStatus: "station_id", StationUnread: "station_id"}
_CONCERNS_ALL = (City, County, Service)


class ChangedStation(Base):
    """A station that changed with a revision; or ``NO_STATION``, or ``ANY_STATION``."""

    __tablename__ = "changed_station"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, index=True)
    station_id: Mapped[int] = mapped_column(Integer)


def stations_changed(session: Session, after: int, until: int) -> frozenset[int] | None:
    """Return the ids of the stations changed by the revisions from ``after`` + 1 to ``until``; None if any may have."""
    if not rows_are_seen(session):
        return None
    table = table_of(ChangedStation)
    told = session.connection().execute(
        select(table.c.revision, table.c.station_id)
        .where(table.c.revision > after, table.c.revision <= until)
        .limit(MOST + REMEMBERED)
    )
    changed = {(revision, station) for revision, station in told}
    ids = frozenset(station for _, station in changed if station != NO_STATION)
    known = len({revision for revision, _ in changed}) == until - after
    return ids if known and ANY_STATION not in ids and len(ids) <= MOST else None


@event.listens_for(Session, "after_flush")
def _write_down(session: Session, _context: Any) -> None:
    revision = moved_to(session)
    if revision is None or not rows_are_seen(session):
        return
    table = table_of(ChangedStation)
    ids = _changed_by(one for one in (*session.new, *session.dirty, *session.deleted))
    rows = [{"revision": revision, "station_id": one} for one in ids or {NO_STATION}]
    session.connection().execute(insert(table), rows)
    if revision % REMEMBERED == 0:
        session.connection().execute(delete(table).where(table.c.revision <= revision - REMEMBERED))


@event.listens_for(Session, "before_commit")
def _write_down_unseen(session: Session) -> None:
    if (revision := moved_to(session)) is not None and not rows_are_seen(session):
        any_station = {"revision": revision, "station_id": ANY_STATION}
        session.connection().execute(insert(table_of(ChangedStation)), [any_station])


def _changed_by(instances: Iterable[Base]) -> set[int]:
    """Return the ids of the stations that these objects belong to, ``ANY_STATION`` for what concerns all."""
    ids: set[int] = set()
    for one in instances:
        if isinstance(one, _CONCERNS_ALL):
            ids.add(ANY_STATION)
        elif owner := _OWNER.get(type(one)):
            ids.add(getattr(one, owner) or ANY_STATION)
    return {ANY_STATION} if len(ids) > MOST else ids
