"""A duty as text: “区县管理员 · 昆山市”."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.language import _, current, pick
from stations.duty.roles import AreaKind, Responsibility
from stations.language import label
from stations.places.counties import City, County
from stations.province import province_name
from stations.registry.station import Station


def duty_in_words(session: Session, duty: Responsibility) -> str:
    """Return the role and its area."""
    return _("{role} · {area}", role=label(current(), duty.role), area=_area(session, duty))


def area_in_words(kind: AreaKind, code: str) -> str:
    """Return an area without recorded names: the province, or the bare code of a deleted area."""
    return _("{province} province", province=province_name()) if kind is AreaKind.PROVINCE else code


def _area(session: Session, duty: Responsibility) -> str:
    held = {AreaKind.CITY: City.adcode, AreaKind.COUNTY: County.adcode, AreaKind.STATION: Station.code}
    if duty.area_kind not in held:
        return area_in_words(duty.area_kind, duty.area_code)
    column = held[duty.area_kind]
    area = session.scalar(select(column.class_).where(column == duty.area_code))
    return pick(area.name, area.name_en) if area else area_in_words(duty.area_kind, duty.area_code)
