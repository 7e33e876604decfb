"""A duty as text: “区县管理员 · 昆山市”."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.language import _, current, pick
from stations.accounts.duty_choices import name_of_area
from stations.duty.roles import AreaKind, Responsibility
from stations.language import label
from stations.province import province_name


def duty_in_words(session: Session, duty: Responsibility) -> str:
    """Return the role and its area."""
    return _("{role} · {area}", role=label(current(), duty.role), area=_area(session, duty))


def area_in_words(kind: AreaKind, code: str) -> str:
    """Return an area without recorded names: the province, or the bare code of a deleted area."""
    return _("{province} province", province=province_name()) if kind is AreaKind.PROVINCE else code


def _area(session: Session, duty: Responsibility) -> str:
    name = name_of_area(session, duty.area_kind, duty.area_code)
    return pick(name.zh, name.en) if name else area_in_words(duty.area_kind, duty.area_code)
