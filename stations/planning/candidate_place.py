"""Imported candidate places for stations, such as industrial parks, each with its source.

None ships with the product: no available source gives parks with coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned
from stations.duty.roles import Actor
from stations.entered_text import read_text, says_nothing
from stations.errors import InvalidInput, NotFound, Problems
from stations.language import N_
from stations.planning.importing import require_importer
from stations.planning.placed_row import COORDINATE_COLUMNS, point_of_row
from stations.readers.numbers import read_amount
from stations.tables.table_file import TableRow, read_table

MOST = 5_000
COLUMNS = {
    "name": ("name", "名称", "园区", "园区名称", "地点"),
    **COORDINATE_COLUMNS,
    "cost": ("cost", "建设成本", "成本", "费用"),
}
LABELS = {"name": N_("Name"), "lon": N_("Longitude"), "lat": N_("Latitude")}


class CandidatePlace(Base, Versioned):
    """A candidate place in WGS-84 degrees, in the county that contains it.

    ``cost``: of a station there, in the unit of budgets; None if the list does not give it.
    """

    __tablename__ = "candidate_place"
    in_caches = True
    personal_data = None
    __table_args__ = (CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="degrees"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    lon: Mapped[float]
    lat: Mapped[float]
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"), index=True)
    cost: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(300))
    sample: Mapped[bool] = mapped_column(Boolean)


def list_candidate_places(session: Session, *, samples: bool) -> list[CandidatePlace]:
    """Return every imported place, sorted by code; sample places only with ``samples``."""
    statement = select(CandidatePlace).order_by(CandidatePlace.code)
    return list(session.scalars(statement if samples else statement.where(CandidatePlace.sample.is_(False))))


def count_candidate_places(session: Session, *, samples: bool) -> int:
    """Return the number of imported places; sample places count only with ``samples``."""
    statement = select(func.count()).select_from(CandidatePlace)
    return session.scalar(statement if samples else statement.where(CandidatePlace.sample.is_(False))) or 0


def read_places(content: bytes) -> list[TableRow]:
    """Return the rows of a CSV or Excel file with columns for the name, for longitude and latitude or both in one, and
    optionally for the cost. Done before the transaction begins, as for figures.

    Raises:
        InvalidInput: the file can't be read.
        InvalidForm: rows have more cells than the headings.
    """
    rows = read_table(content, COLUMNS, ("name",), LABELS)
    if not rows or "place" in rows[0].cells:
        return rows
    return read_table(content, COLUMNS, ("name", "lon", "lat"), LABELS)


def import_places(
    session: Session,
    actor: Actor | None,
    rows: Sequence[TableRow],
    *,
    source: str,
    crs: str,
    now: datetime,
    replace: bool = False,
) -> list[CandidatePlace]:
    """Import the places in the rows of a file (``read_places``) and return them.

    They are added to those imported before, where one of the same name at the same point gets the list's cost and
    source; with ``replace`` they take the place of those. ``crs``: the coordinate system of the file, ``wgs84``,
    ``gcj02`` or ``bd09``.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: one problem for each wrong field and row; nothing is imported.
    """
    actor = require_importer(actor)
    problems = Problems()
    source = problems.attempt(read_text, "source", source, limit=300)
    if not 0 < len(rows) <= MOST:
        problems.add("file", N_("Give from 1 to {most} places, not {count}"), most=MOST, count=len(rows))
    places = []
    first_row: dict[tuple[str, float, float], int] = {}
    for row in rows:
        try:
            place = _read_place(row, crs)
        except InvalidInput as problem:
            problems.add(f"row {row.number}", problem.message, **problem.params)
            continue
        first = first_row.setdefault((place.name, place.lon, place.lat), row.number)
        if first == row.number:
            places.append(place)
        else:
            message = N_("“{text}” stands in row {row} already; keep one of the two")
            problems.add(f"row {row.number}", message, text=place.name, row=first)
    problems.stop()
    kept = {(one.name, one.lon, one.lat): one for one in _own_places(session, actor)}
    if replace:
        for old in kept.values():
            session.delete(old)
        session.flush()
        kept = {}
    prefix = "SAMPLE-PLACE" if actor.sample else "PLACE"
    last = max((int(one.code.rpartition("-")[2]) for one in kept.values()), default=0)
    imported = []
    for place in places:
        standing = kept.get((place.name, place.lon, place.lat))
        if standing is None:
            last += 1
            place.code, place.sample, place.created_at = f"{prefix}-{last:04d}", actor.sample, now
            session.add(place)
        else:
            standing.cost, standing.version, place = place.cost, standing.version + 1, standing
        place.source, place.updated_at = source, now
        imported.append(place)
    total = len(kept) + sum(one.id is None for one in imported)
    if total > MOST:
        message = N_("With those on file it would be {count} places; {most} at most")
        problems.add("file", message, count=total, most=MOST)
        problems.stop()
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.IMPORT_PLACES,
        subject_kind=AuditSubject.CANDIDATE_PLACE,
        subject=f"{prefix}-*",
        places=len(imported),
        source=source,
    )
    return imported


def remove_place(session: Session, actor: Actor | None, code: str, *, now: datetime) -> None:
    """Take an imported place off the list.

    Raises:
        NotAllowed: the actor may not import figures.
        NotFound: there is no such place.
    """
    actor = require_importer(actor)
    place = next((one for one in _own_places(session, actor) if one.code == code), None)
    if place is None:
        raise NotFound(N_("There is no imported place {code}"), code=code)
    session.delete(place)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.REMOVE_PLACE,
        subject_kind=AuditSubject.CANDIDATE_PLACE,
        subject=code,
        name=place.name,
        source=place.source,
    )


def _own_places(session: Session, actor: Actor) -> list[CandidatePlace]:
    """Return the places that the actor's lists are of: samples for a sample account, else the others."""
    return list(session.scalars(select(CandidatePlace).where(CandidatePlace.sample == actor.sample)))


def _read_place(row: TableRow, crs: str) -> CandidatePlace:
    name = read_text("name", row.cells["name"], limit=120)
    written = row.cells.get("cost", "")
    cost = None if says_nothing(written) else read_amount("cost", written, below=1e12)
    lon, lat, county = point_of_row(row, crs, name)
    return CandidatePlace(name=name, lon=lon, lat=lat, county_adcode=county, cost=cost)
