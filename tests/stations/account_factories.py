"""Create accounts for tests, and sign in with them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from stations.accounts.accounts import add_user
from stations.accounts.password_check import sign_in
from stations.accounts.sign_ins import actor_of
from stations.database import reading, transaction
from stations.duty.roles import Actor, Role
from tests.conftest import NOW
from tests.stations.request_factories import KUNSHAN

PASSWORD = "correct horse battery"


def account(engine: Engine, username: str = "wang", role: Role = Role.COUNTY, area: str = KUNSHAN) -> None:
    with transaction(engine) as session:
        add_user(
            session, username=username, name="王科长", password=PASSWORD, role=role, area_code=area, by="test", now=NOW
        )


def try_password(engine: Engine, username: str, password: str, after: timedelta = timedelta()) -> str | None:
    return sign_in(engine, username, password, NOW + after)


def who(engine: Engine, token: str | None, after: timedelta = timedelta(), *, samples: bool = True) -> Actor | None:
    with reading(engine) as session:
        return actor_of(session, token, NOW + after, samples=samples)
