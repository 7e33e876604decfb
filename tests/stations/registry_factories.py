"""Create valid forms of the registry, and actors who may change it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import InvalidForm
from stations.keeping.centre_form import CentreForm
from stations.keeping.editing import add_record
from stations.keeping.station_form import StationForm, station_form_of
from stations.registry.dated_entries import EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import Offer
from stations.registry.station import Station
from tests.conftest import NOW

KUNSHAN, SUZHOU = "320583", "320500"
IN_KUNSHAN = (120.9807, 31.3856)
OPENED = EntryForm("active", dated="2024-03-05")
PROVINCE = Actor("zhao", "赵处长", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
COLLEAGUE = Actor("qian", "钱科长", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
CITY = Actor("sun", "孙科长", False, (Responsibility(Role.CITY, AreaKind.CITY, SUZHOU),))
COUNTY = Actor("li", "李科长", False, (Responsibility(Role.COUNTY, AreaKind.COUNTY, KUNSHAN),))


def station_form(**changes: Any) -> StationForm:
    """Return a valid form for a station in Kunshan."""
    form = StationForm(
        name="昆山高新区质量小站",
        name_en="Kunshan Hi-tech Zone Quality Station",
        brand="质量小站",
        address="昆山市前进西路 1 号",
        county_adcode=KUNSHAN,
        lon=IN_KUNSHAN[0],
        lat=IN_KUNSHAN[1],
        hours="Mo-Fr 09:00-17:00",
        phone="0512-5550 0001",
        services=(Offer("metrology.calibration"), Offer("testing")),
        chains=(),
        source="昆市监〔2024〕1 号",
    )
    return replace(form, **changes)


def centre_form(**changes: Any) -> CentreForm:
    """Return a valid form for a centre in Kunshan."""
    form = CentreForm(
        name="国家智能装备产品质量检验检测中心",
        level="national",
        kind="quality_inspection",
        host="昆山市检验检测中心",
        county_adcode=KUNSHAN,
        source="市监检测函〔2024〕8 号",
    )
    return replace(form, **changes)


def added_station(session: Session, actor: Actor = PROVINCE, **changes: Any) -> Station:
    """Add that station to the registry and return it, flushed and readable after the session has ended."""
    station = add_record(session, actor, RecordKind.STATION, station_form(**changes), OPENED, now=NOW)
    session.flush()
    state_of(station)
    return station


def form_of(station: Station, **changes: Any) -> StationForm:
    """Return a form filled from the station, with changes."""
    return replace(station_form_of(state_of(station)), **changes)


def problems_of(refused: pytest.ExceptionInfo[InvalidForm]) -> list[str]:
    """Return the names of the wrong fields, in the order of the problems."""
    return [problem.field for problem in refused.value.problems]
