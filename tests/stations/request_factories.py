"""Create filed requests, and actors who may answer them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from stations.accounts.accounts import new_user
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.registry.station import Station
from stations.requests.filing import Draft, file_request
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.stations.factories import add_station

SERVICES = ("metrology.calibration", "testing.product_testing")
CREDIT_CODE = "91320583MA0TEXT00" + uscc.calc_check_digit("91320583MA0TEXT00")
KUNSHAN = "320583"


def new_credit_code() -> str:
    """Return a credit code that almost certainly no request has yet."""
    body = f"91320583MB{uuid4().int % 10**7:07d}"
    return body + uscc.calc_check_digit(body)


def filled_form(station: Station, **changes: Any) -> RequestForm:
    """Return a valid form for two services of a station."""
    form = RequestForm(
        services=SERVICES,
        station_code=station.code,
        firm_name="测试精密机械有限公司",
        credit_code=CREDIT_CODE,
        contact_name="王测试",
        phone="0512-5555 0000",
        email="",
        county_adcode=KUNSHAN,
        product="数控机床主轴",
        description="需要校准两台三坐标测量机",
        consent=True,
        despite_duplicate=True,
    )
    return replace(form, **changes)


def file_one(
    session: Session, *, adcode: str = KUNSHAN, sample: bool = False, draft: Draft | None = None, **changes: Any
) -> ServiceRequest:
    """File a request at a new station in a county."""
    station = add_station(session, adcode, sample=sample)
    return file_request(session, filled_form(station, **changes), draft or Draft(), now=NOW, samples=True)


def steward_of(station: Station, *, sample: bool = False) -> Actor:
    """Return a quality steward of one station."""
    return actor_with(Role.STATION, AreaKind.STATION, station.code, sample=sample)


def actor_with(role: Role, kind: AreaKind, area_code: str, *, sample: bool = False) -> Actor:
    """Return an actor with one duty."""
    return Actor("steward", "李管家", sample, (Responsibility(role, kind, area_code),))


def add_steward(session: Session, station: Station, username: str, *, active: bool = True) -> None:
    """Add an account of a steward of the station."""
    user = new_user(username, f"管家{username}", Role.STATION, AreaKind.STATION, station.code, sample=False, now=NOW)
    user.active = active
    session.add(user)
    session.flush()
