"""Invented users of the sample network: anyone may sign in as one of them; none can access real records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.accounts.accounts import User, new_user
from stations.duty.roles import AreaKind, Role
from stations.province import sample_facts
from stations.registry.station import Station

STEWARD = "示例·质量管家"


def officials() -> Iterator[tuple[str, str, Role, AreaKind, str]]:
    """Yield (user name, name, role, kind of area, area) of one official of every role."""
    county, province = sample_facts().county, province_in_use().adcode
    yield "sample-county", county_official(), Role.COUNTY, AreaKind.COUNTY, county.adcode
    yield "sample-city", f"示例·{county.city}管理员", Role.CITY, AreaKind.CITY, county.city_adcode
    yield "sample-province", "示例·省管理员", Role.PROVINCE, AreaKind.PROVINCE, province
    yield "sample-auditor", "示例·审计员", Role.AUDITOR, AreaKind.PROVINCE, province
    yield "sample-planner", "示例·规划员", Role.PLANNER, AreaKind.PROVINCE, province


def county_official() -> str:
    """Return the name of the administrator of the sample county."""
    return f"示例·{sample_facts().county.name}管理员"


def add_sample_people(session: Session, stations: Sequence[Station], now: datetime) -> dict[str, User]:
    """Add a steward for each of ``stations`` and a user of every other role. Return the stewards by station code."""
    stewards = {
        station.code: _user(
            f"sample-steward-{number}", f"示例·管家{number}号", Role.STATION, AreaKind.STATION, station.code, now
        )
        for number, station in enumerate(stations, start=1)
    }
    session.add_all(stewards.values())
    session.add_all(_user(*official, now) for official in officials())
    session.flush()
    return stewards


def _user(username: str, name: str, role: Role, kind: AreaKind, area: str, now: datetime) -> User:
    return new_user(username, name, role, kind, area, sample=True, now=now)
