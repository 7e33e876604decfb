"""The service stations of the registry: name, place, services, and dated status.

A station's status is a dated history (``StationStatus``), so that coverage can be computed for any date.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ScalarSelect,
    Select,
    String,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from geo.counties import locate
from stations.catalogue.chain import IndustrialChain, station_chain
from stations.catalogue.service import Service
from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import Area
from stations.errors import NotFound
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.places.counties import City, County
from stations.registry.dated_stage import DatedStage
from stations.registry.merged_code import survivor_of
from stations.registry.open_period import holds_on
from stations.registry.record_kind import RecordKind
from stations.registry.register_page import WHOLE, RegisterPage
from stations.registry.unread import UnreadWords


class Status(LabelledEnum):
    """The status of a station on a date."""

    PLANNED = "planned", N_("Planned station")
    ACTIVE = "active", N_("Active")
    SUSPENDED = "suspended", N_("Suspended")
    CLOSED = "closed", N_("Closed for good")


class Station(Base, Versioned):
    """A service station (质量小站 and its sister brands).

    ``lon``/``lat``: WGS-84 degrees, both or neither; empty if no source is more exact than the county (or the city, if
    ``county_adcode`` is empty too). ``located_adcode``: the county that contains the coordinates, whatever the record
    says. ``hours``: in OpenStreetMap's ``opening_hours`` form, e.g. ``Mo-Fr 09:00-17:00``. ``host``: the institution
    that runs it. ``contact_name``, ``contact_phone``: the person in charge, for administrators only. ``sample``: an
    invented record, marked wherever it is shown.
    """

    __tablename__ = "station"
    in_caches = True
    personal_data = PersonalData(columns=("contact_name", "contact_phone"))
    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="place"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="degrees"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str | None] = mapped_column(String(160))
    brand: Mapped[str | None] = mapped_column(String(40))
    host: Mapped[str | None] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(200))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    located_adcode: Mapped[str | None] = mapped_column(String(6))
    city_adcode: Mapped[str] = mapped_column(ForeignKey("city.adcode"), index=True)
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    hours: Mapped[str | None] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(120))
    contact_name: Mapped[str | None] = mapped_column(String(80))
    contact_phone: Mapped[str | None] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    city: Mapped[City] = relationship()
    county: Mapped[County | None] = relationship()
    history: Mapped[list[StationStatus]] = relationship(
        back_populates="station", cascade="all, delete-orphan", order_by="StationStatus.position"
    )
    offers: Mapped[list[StationService]] = relationship(
        back_populates="station", cascade="all, delete-orphan", order_by="StationService.service_code"
    )
    unread: Mapped[list[StationUnread]] = relationship(
        back_populates="station", cascade="all, delete-orphan", order_by="StationUnread.field"
    )
    chains: Mapped[list[IndustrialChain]] = relationship(secondary=station_chain, order_by="IndustrialChain.code")

    def place_at(self, lon: float, lat: float) -> None:
        """Set the station's coordinates (WGS-84 degrees) and the county that contains them.

        Raises:
            CoordinateOutOfRange: the coordinates are not on Earth.
        """
        county = locate(lon, lat)
        self.lon, self.lat = lon, lat
        self.located_adcode = county.adcode if county else None

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give a station's area of duty."""
        return AreaColumns(cls.city_adcode, cls.county_adcode, cls.sample, station=cls.code)

    @property
    def misplaced(self) -> bool:
        """Whether the coordinates lie outside the county that the record states."""
        return self.lon is not None and self.county_adcode is not None and self.located_adcode != self.county_adcode

    @property
    def area(self) -> Area:
        """The area of duty of the station and of the requests that it answers."""
        return Area.of_codes(self.city_adcode, self.county_adcode, self.code, sample=self.sample)


class StationStatus(Base, DatedStage):
    """One entry of a station's dated history of status."""

    __tablename__ = "station_status"
    in_caches = True
    personal_data = PersonalData(columns=("recorded_by",), written=("reason",))
    __table_args__ = (
        UniqueConstraint("station_id", "position"),
        CheckConstraint("known_from IS NOT NULL", name="dated"),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status] = mapped_column(choice(Status, "status"))

    # At once, from the session that has it: an entry without a source shows its station's, also after the session.
    station: Mapped[Station] = relationship(back_populates="history", lazy="immediate")


class StationService(Base):
    """A service that a station offers, or a whole group if the source is no more exact.

    ``since``: the first day; ``until``: the first day on which it is no longer offered; empty if unknown.
    """

    __tablename__ = "station_service"
    in_caches = True
    personal_data = None

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), primary_key=True)
    service_code: Mapped[str] = mapped_column(ForeignKey("service.code"), primary_key=True, index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]

    station: Mapped[Station] = relationship(back_populates="offers")
    service: Mapped[Service] = relationship()

    def holds_on(self, as_of: date) -> bool:
        """Whether the station offers the service on that date."""
        return holds_on(self.since, self.until, as_of)


class StationUnread(Base, UnreadWords):
    """What could not be read of one field of a station."""

    __tablename__ = "station_unread"
    in_caches = True
    personal_data = PersonalData(written=("words",))

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), primary_key=True)

    station: Mapped[Station] = relationship(back_populates="unread")


def status_on(as_of: date) -> Select[int, Status]:
    """Return a query of ``(station_id, status)``: the status that each station is known to have on ``as_of``."""
    rank = func.row_number().over(
        partition_by=StationStatus.station_id,
        order_by=(StationStatus.known_from.desc(), StationStatus.position.desc()),
    )
    ranked = (
        select(StationStatus.station_id, StationStatus.status, rank.label("rank"))
        .where(StationStatus.known_from <= as_of)
        .subquery()
    )
    return select(ranked.c.station_id, ranked.c.status).where(ranked.c.rank == 1)


def own_status_on(as_of: date) -> ScalarSelect[Status]:
    """Return the same of the one ``Station`` of a row, as a column: for a page of them, no other history is read."""
    return (
        select(StationStatus.status)
        .where(StationStatus.station_id == Station.id, StationStatus.known_from <= as_of)
        .order_by(StationStatus.known_from.desc(), StationStatus.position.desc())
        .limit(1)
        .correlate(Station)
        .scalar_subquery()
    )


def offered_on(as_of: date) -> ColumnElement[bool]:
    """Return the SQL condition that a ``StationService`` row applies on that date."""
    return or_(StationService.since.is_(None), StationService.since <= as_of) & or_(
        StationService.until.is_(None), StationService.until > as_of
    )


@dataclass(frozen=True)
class StationToday:
    """A station with its status on the date of the query; None if no status is known yet."""

    station: Station
    status: Status | None


def list_stations(
    session: Session,
    as_of: date,
    *,
    samples: bool,
    county_adcode: str | None = None,
    city_adcode: str | None = None,
    statuses: Collection[Status] | None = None,
    services: Collection[str] = (),
    page: RegisterPage = WHOLE,
) -> list[StationToday]:
    """Return stations with their status on ``as_of``, sorted by code.

    ``samples``: whether to include sample records. ``county_adcode``, ``city_adcode``, ``statuses``, ``page``: only
    such stations. ``services``: only those that offer all of these on the day, by their codes.
    """
    status: Any = own_status_on(as_of)
    statement = select(Station, status).options(
        selectinload(Station.city),
        selectinload(Station.county),
        selectinload(Station.offers),
        selectinload(Station.unread),
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    if county_adcode is not None:
        statement = statement.where(Station.county_adcode == county_adcode)
    if city_adcode is not None:
        statement = statement.where(Station.city_adcode == city_adcode)
    if statuses is not None:
        statement = statement.where(status.in_(statuses))
    for service in services:
        offered = (StationService.service_code == service) & offered_on(as_of)
        statement = statement.where(Station.offers.any(offered))
    return [StationToday(station, status) for station, status in session.execute(page.of(statement, Station))]


def station_names(session: Session, *, sample: bool) -> dict[str, str]:
    """Return code → name of the stations that are samples, or of those that are none, sorted by name."""
    statement = select(Station.code, Station.name).where(Station.sample.is_(sample)).order_by(Station.name)
    return {code: name for code, name in session.execute(statement)}


def get_station(session: Session, code: str, *, samples: bool) -> Station:
    """Return the station with this code, or the one that it was merged into.

    Raises:
        NotFound: there is none, or it is a sample and ``samples`` is false.
    """
    station = session.scalar(select(Station).where(Station.code == code))
    if station is None and (survivor := survivor_of(session, RecordKind.STATION, code)):
        station = session.scalar(select(Station).where(Station.code == survivor))
    if station is None or (station.sample and not samples):
        raise NotFound(N_("There is no station {code}"), code=code)
    return station


def get_status(session: Session, station: Station, as_of: date) -> Status | None:
    """Return the status a station is known to have on ``as_of``; None if none is known yet."""
    return session.scalar(select(own_status_on(as_of)).select_from(Station).where(Station.id == station.id))


def misplaced_stations(session: Session, *, samples: bool) -> list[Station]:
    """Return the stations whose coordinates lie outside the county that their record states, sorted by code."""
    statement = select(Station).where(
        Station.lon.is_not(None),
        Station.county_adcode.is_not(None),
        Station.located_adcode.is_distinct_from(Station.county_adcode),
    )
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    loaded = statement.options(selectinload(Station.city), selectinload(Station.county))
    return list(session.scalars(loaded.order_by(Station.code)))
