"""The province of a database, known by its cities. One database contains one province."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from geo.province import known_provinces, province_in_use, read_province
from stations.errors import NotReady
from stations.language import N_, Bilingual
from stations.places.counties import City
from stations.province import province_name


def check_province(engine: Engine) -> None:
    """Check that a database is empty or contains the province in use.

    Raises:
        NotReady: it contains another province.
    """
    if not inspect(engine).has_table(City.__tablename__):
        return
    with Session(engine) as session:
        held = province_on_file(session)
    if held not in (None, province_in_use().adcode):
        raise NotReady(
            N_(
                "The database holds the records of {held}, and PROVINCE chooses {chosen}. "
                "Set PROVINCE={code}, or DATABASE_URL to another database"
            ),
            held=_named(held),
            chosen=province_name(),
            code=held,
        )


def province_on_file(session: Session) -> str | None:
    """Return the adcode of the province that a database contains; None if it contains none yet."""
    city = session.scalar(select(City.adcode).order_by(City.adcode).limit(1))
    return f"{city[:2]}0000" if city else None


def _named(adcode: str) -> Bilingual | str:
    if adcode not in known_provinces():
        return adcode
    province = read_province(adcode)
    return Bilingual(province.name, province.name_en)
