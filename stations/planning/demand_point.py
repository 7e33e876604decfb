"""Imported places that are demand themselves, such as firms with their output: each with its amount and source.

A row gives its place by coordinates or by an address. What no address reader finds stays on file without a place, so
that nothing is lost: it counts nowhere, and is told wherever the places count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.address import AddressPlace
from geo.counties import locate
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned, choice
from stations.duty.roles import Actor
from stations.entered_text import read_text, says_nothing
from stations.errors import InvalidInput, NotFound, Problems
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.planning.importing import require_importer
from stations.planning.placed_row import COORDINATE_COLUMNS, OutsideTheProvince, has_coordinates, point_of_row
from stations.readers.numbers import read_amount
from stations.tables.table_file import TableRow, read_table

if TYPE_CHECKING:
    from geo.geocoding import Geocoder

MOST = 10_000
COLUMNS = {
    "name": ("name", "名称", "企业名称", "单位名称", "企业", "单位", "地点"),
    **COORDINATE_COLUMNS,
    "address": ("address", "地址", "企业地址", "单位地址", "注册地址", "详细地址", "经营地址", "住所", "所在地"),
    "amount": ("amount", "weight", "数量", "权重", "产值", "需求量", "家数", "人数", "数值"),
}
LABELS = {"name": N_("Name"), "lon": N_("Longitude"), "lat": N_("Latitude"), "address": N_("Address")}


class LocatedBy(LabelledEnum):
    """What a place's position is known by."""

    COORDINATES = "coordinates", N_("coordinates of the list")
    GEOCODER = "geocoder", N_("the address, by the geocoder")
    TOWN = "town", N_("the town of the address")
    COUNTY = "county", N_("the county of the address")
    NOTHING = "nothing", N_("not located")


class DemandPoint(Base, Versioned):
    """A place with demand in WGS-84 degrees; ``lon``, ``lat`` and ``county_adcode`` are None if it is not located.

    ``amount``: in the unit of its list. ``address``: as written, "" if the list gives coordinates.
    """

    __tablename__ = "demand_point"
    in_caches = True
    personal_data = PersonalData(
        written=("name", "address"),
        kept="until it is removed or its list replaced",
        deleted_by=(
            "stations.planning.demand_point:remove_demand_point",
            "stations.planning.demand_point:import_demand_points",
        ),
    )
    __table_args__ = (
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="degrees"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    location_basis: Mapped[LocatedBy] = mapped_column(choice(LocatedBy, "location_basis"))
    amount: Mapped[float]
    source: Mapped[str] = mapped_column(String(300))
    sample: Mapped[bool] = mapped_column(Boolean)


@dataclass(frozen=True)
class PointRow:
    """A row that was read. ``point``: longitude, latitude and adcode of the county, None if it is not located."""

    number: int
    name: str
    address: str
    amount: float
    point: tuple[float, float, str] | None
    location_basis: LocatedBy

    @property
    def identity(self) -> tuple[str, str, tuple[float, float, str] | None]:
        """What makes two rows the same place."""
        return self.name, self.address, self.point


@dataclass(frozen=True)
class DemandImport:
    """An import of places with demand. ``not_located``: the rows that no place was found for."""

    points: tuple[DemandPoint, ...]
    not_located: tuple[PointRow, ...]


def list_demand_points(session: Session, *, samples: bool) -> list[DemandPoint]:
    """Return every imported place, located or not, sorted by code; sample places only with ``samples``."""
    statement = select(DemandPoint).order_by(DemandPoint.code)
    return list(session.scalars(statement if samples else statement.where(DemandPoint.sample.is_(False))))


def read_demand_points(content: bytes, *, crs: str, geocoder: Geocoder | None = None) -> list[PointRow]:
    """Return the rows of a CSV or Excel file with a name, coordinates or an address, and optionally an amount (1 where
    there is none). Done before the transaction begins: a geocoder takes its time.

    ``crs``: of the coordinates, ``wgs84``, ``gcj02`` or ``bd09``.

    Raises:
        InvalidInput: the file can't be read, or has neither coordinates nor addresses.
        InvalidForm: one problem for each row with a wrong name, amount or coordinates.
    """
    rows = read_table(content, COLUMNS, ("name",), LABELS)
    if not 0 < len(rows) <= MOST:
        raise InvalidInput("file", N_("Give from 1 to {most} places, not {count}"), most=MOST, count=len(rows))
    if not {"place", "address"} & rows[0].cells.keys():
        rows = read_table(content, COLUMNS, ("name", "lon", "lat"), LABELS)
    found, problems = [], Problems()
    first_row: dict[tuple[str, str, tuple[float, float, str] | None], int] = {}
    for row in rows:
        try:
            point = _read_row(row, crs, geocoder)
        except InvalidInput as problem:
            problems.add(f"row {row.number}", problem.message, **problem.params)
            continue
        first = first_row.setdefault(point.identity, row.number)
        if first != row.number:
            message = N_("“{text}” stands in row {row} already; keep one of the two")
            problems.add(f"row {row.number}", message, text=point.name, row=first)
        found.append(point)
    problems.stop()
    return found


def _read_row(row: TableRow, crs: str, geocoder: Geocoder | None) -> PointRow:
    name = read_text("name", row.cells["name"], limit=120)
    written = row.cells.get("amount", "")
    amount = 1.0 if says_nothing(written) else read_amount("amount", written, below=1e15)
    address = row.cells.get("address", "").strip()
    address = read_text("address", address, limit=300) if address else ""
    if has_coordinates(row):
        try:
            return PointRow(row.number, name, address, amount, point_of_row(row, crs, name), LocatedBy.COORDINATES)
        except OutsideTheProvince:
            return PointRow(row.number, name, address, amount, None, LocatedBy.NOTHING)
    point, location_basis = _point_of_address(address, geocoder)
    return PointRow(row.number, name, address, amount, point, location_basis)


def _point_of_address(address: str, geocoder: Geocoder | None) -> tuple[tuple[float, float, str] | None, LocatedBy]:
    from geo.place_of_address import place_of_address  # loads what asks geocoders, which few commands need

    found = place_of_address(address, geocoder)
    place: AddressPlace | None = found.reading.place
    if found.geocoded is not None:
        county = locate(found.geocoded.lon, found.geocoded.lat)
        if county is not None:
            return (found.geocoded.lon, found.geocoded.lat, county.adcode), LocatedBy.GEOCODER
    if place is None or found.reading.elsewhere or found.reading.vague:
        return None, LocatedBy.NOTHING
    if place.town is not None and place.town.point is not None:
        return (*place.town.point, place.county.adcode), LocatedBy.TOWN
    return (place.county.lon, place.county.lat, place.county.adcode), LocatedBy.COUNTY


def import_demand_points(
    session: Session,
    actor: Actor | None,
    rows: Sequence[PointRow],
    *,
    source: str,
    now: datetime,
    replace: bool = False,
) -> DemandImport:
    """Import the places in the rows of a file (``read_demand_points``).

    They are added to those imported before, where the same place gets the list's amount and source; with ``replace``
    they take the place of those.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: the source is empty, or there would be too many; nothing is imported.
    """
    actor = require_importer(actor)
    problems = Problems()
    source = problems.attempt(read_text, "source", source, limit=300)
    kept = {} if replace else {_identity(one): one for one in _own(session, actor)}
    total = len(kept.keys() | {row.identity for row in rows})
    if not rows or total > MOST:
        problems.add("file", N_("Give from 1 to {most} places, not {count}"), most=MOST, count=total)
    if problems:
        problems.stop()
    if replace:
        for old in _own(session, actor):
            session.delete(old)
        session.flush()
    prefix = "SAMPLE-DEMAND" if actor.sample else "DEMAND"
    last = max((int(one.code.rpartition("-")[2]) for one in kept.values()), default=0)
    points = []
    for row in rows:
        point = kept.get(row.identity)
        if point is None:
            last += 1
            lon, lat, county = row.point or (None, None, None)
            point = DemandPoint(
                code=f"{prefix}-{last:05d}", name=row.name, address=row.address, lon=lon, lat=lat,
                county_adcode=county, location_basis=row.location_basis, sample=actor.sample, created_at=now, version=0,
            )  # fmt: skip
            session.add(point)
        point.amount, point.source, point.updated_at, point.version = row.amount, source, now, point.version + 1
        points.append(point)
    session.flush()
    not_located = tuple(row for row in rows if row.point is None)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.IMPORT_DEMAND,
        subject_kind=AuditSubject.DEMAND_POINT,
        subject=f"{prefix}-*",
        places=len(points),
        left=len(not_located),
        source=source,
    )
    return DemandImport(tuple(points), not_located)


def remove_demand_point(session: Session, actor: Actor | None, code: str, *, now: datetime) -> None:
    """Take an imported place with demand off the list.

    Raises:
        NotAllowed: the actor may not import figures.
        NotFound: there is no such place.
    """
    actor = require_importer(actor)
    point = next((one for one in _own(session, actor) if one.code == code), None)
    if point is None:
        raise NotFound(N_("There is no imported place {code}"), code=code)
    session.delete(point)
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.REMOVE_PLACE,
        subject_kind=AuditSubject.DEMAND_POINT,
        subject=code,
        name=point.name,
        source=point.source,
    )


def _own(session: Session, actor: Actor) -> list[DemandPoint]:
    """Return the places that the actor's lists are of: samples for a sample account, else the others."""
    return list(session.scalars(select(DemandPoint).where(DemandPoint.sample == actor.sample)))


def _identity(one: DemandPoint) -> tuple[str, str, tuple[float, float, str] | None]:
    located = one.lon is not None and one.lat is not None and one.county_adcode is not None
    return one.name, one.address, (one.lon, one.lat, one.county_adcode) if located else None  # type: ignore[return-value]
