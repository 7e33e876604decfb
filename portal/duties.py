"""Telling a duty in words: “区县管理员 · 昆山市”."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.language import N_, _, current, pick
from stations.access import AreaKind, Responsibility
from stations.counties import City, County
from stations.labels import label
from stations.registry import get_station

_PROVINCE = N_("Jiangsu province")


def duty_in_words(session: Session, duty: Responsibility) -> str:
    """The role and its area."""
    return _("{role} · {area}", role=label(current(), duty.role), area=_area(session, duty))


def _area(session: Session, duty: Responsibility) -> str:
    if duty.area_kind is AreaKind.PROVINCE:
        return _(_PROVINCE)
    if duty.area_kind is AreaKind.STATION:
        area = get_station(session, duty.area_code, samples=True)
    else:
        area = session.get_one(County if duty.area_kind is AreaKind.COUNTY else City, duty.area_code)
    return pick(area.name, area.name_en)
