from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.accounts.accounts import add_user
from stations.database import transaction
from stations.duty.roles import Role
from stations.errors import Conflict, InvalidInput
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, account, try_password, who
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("username", {"username": "  "}),
        ("username", {"username": "w" * 41}),
        ("name", {"name": ""}),
        ("password", {"password": "short"}),
        ("area", {"area_code": "999999"}),
        ("area", {"area_code": "32xx0000"}),
        ("area", {"area_code": "32050000"}),
        ("area", {"area_code": "330000"}),
        ("area", {"role": Role.STATION}),
        ("area", {"role": Role.PROVINCE}),
        ("area", {"role": Role.PLANNER}),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(reference_engine: Engine, field: str, changes: dict) -> None:
    given = {
        "username": "li",
        "name": "李",
        "password": PASSWORD,
        "role": Role.COUNTY,
        "area_code": KUNSHAN,
        "by": "test",
        "now": NOW,
    }
    with pytest.raises(InvalidInput) as refused, transaction(reference_engine) as session:
        add_user(session, **given | changes)
    assert refused.value.field == field


def test_every_role_can_be_given_the_areas_it_holds(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN).code
        sample = add_station(session, KUNSHAN, sample=True).code
    areas = [
        (Role.PROVINCE, "320000"),
        (Role.CITY, "320500"),
        (Role.COUNTY, KUNSHAN),
        (Role.STATION, station),
        (Role.AUDITOR, "320500"),
        (Role.PLANNER, "320000"),
    ]
    for role, area in areas:
        account(reference_engine, f"user-{role}", role, area)
    account(reference_engine, "user-of-sample", Role.STATION, sample)
    assert who(reference_engine, try_password(reference_engine, "user-of-sample", PASSWORD)).sample
    with pytest.raises(Conflict):
        account(reference_engine, "user-city", Role.CITY, "320500")
