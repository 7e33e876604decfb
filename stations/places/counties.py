"""Cities and counties (GB/T 2260 divisions) as stored in the database, with their residents.

Geometry is in ``geo``; these tables have names, area, an inner point (WGS-84) and the census figures.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from stations.database import Base
from stations.errors import NotFound
from stations.language import N_


class City(Base):
    """A prefecture-level city. ``lon``/``lat``: an inner point, WGS-84 degrees."""

    __tablename__ = "city"
    in_caches = True
    personal_data = None

    adcode: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    lon: Mapped[float]
    lat: Mapped[float]
    population: Mapped[int | None] = mapped_column(Integer)
    population_source: Mapped[str | None] = mapped_column(String(200))

    counties: Mapped[list[County]] = relationship(back_populates="city", order_by="County.adcode")


class County(Base):
    """A county-level division (县、市、区). ``population``: None if no source gives it."""

    __tablename__ = "county"
    in_caches = True
    personal_data = None
    __table_args__ = (CheckConstraint("kind IN ('district', 'county_level_city', 'county')", name="kind"),)

    adcode: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    city_adcode: Mapped[str] = mapped_column(ForeignKey("city.adcode"), index=True)
    area_km2: Mapped[float]
    lon: Mapped[float]
    lat: Mapped[float]
    population: Mapped[int | None] = mapped_column(Integer)
    population_source: Mapped[str | None] = mapped_column(String(200))
    population_note: Mapped[str | None] = mapped_column(String(300))

    city: Mapped[City] = relationship(back_populates="counties")


def point_of(lon: float | None, lat: float | None, county: County | None) -> tuple[float, float] | None:
    """Return the point of a record for distances: its coordinates, or else a point inside its county; None if neither
    is known.
    """
    if lon is not None and lat is not None:
        return lon, lat
    return None if county is None else (county.lon, county.lat)


def list_counties(session: Session) -> list[County]:
    """Return every county, sorted by adcode, with its city loaded."""
    statement = select(County).join(County.city).options(contains_eager(County.city)).order_by(County.adcode)
    return list(session.scalars(statement))


def list_cities(session: Session) -> list[City]:
    """Return every city, sorted by adcode."""
    return list(session.scalars(select(City).order_by(City.adcode)))


def get_county(session: Session, adcode: str) -> County:
    """Return the county with this adcode.

    Raises:
        NotFound: there is none.
    """
    county = session.get(County, adcode)
    if county is None:
        raise NotFound(N_("There is no county with adcode {adcode}"), adcode=adcode)
    return county
