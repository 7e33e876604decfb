"""Invented people of the sample network: anyone may enter as one of them, none reaches real records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from stations.accounts.accounts import User, new_user
from stations.duty.roles import AreaKind, Role
from stations.registry.station import Station

STEWARD = "示例·质量管家"

# User name, name, role, area.
OFFICIALS = (
    ("sample-county", "示例·昆山市管理员", Role.COUNTY, AreaKind.COUNTY, "320583"),
    ("sample-city", "示例·苏州市管理员", Role.CITY, AreaKind.CITY, "320500"),
    ("sample-province", "示例·省管理员", Role.PROVINCE, AreaKind.PROVINCE, "320000"),
    ("sample-auditor", "示例·审计员", Role.AUDITOR, AreaKind.PROVINCE, "320000"),
    ("sample-planner", "示例·规划员", Role.PLANNER, AreaKind.PROVINCE, "320000"),
)


def add_sample_people(session: Session, stations: Sequence[Station], now: datetime) -> dict[str, User]:
    """Add a steward for each of ``stations`` and one of every other role; the stewards by station code."""
    stewards = {
        station.code: _user(
            f"sample-steward-{number}", f"示例·管家{number}号", Role.STATION, AreaKind.STATION, station.code, now
        )
        for number, station in enumerate(stations, start=1)
    }
    session.add_all(stewards.values())
    session.add_all(_user(*official, now) for official in OFFICIALS)
    session.flush()
    return stewards


def _user(username: str, name: str, role: Role, kind: AreaKind, area: str, now: datetime) -> User:
    return new_user(username, name, role, kind, area, sample=True, now=now)
