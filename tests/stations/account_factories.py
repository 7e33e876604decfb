"""Create accounts for tests, and sign in with them."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.accounts.accounts import User, add_user
from stations.accounts.factor_check import confirm_offer
from stations.accounts.factor_settings import FactorSettings
from stations.accounts.password_check import sign_in
from stations.accounts.second_factor import offer_second_factor
from stations.accounts.sign_ins import actor_of
from stations.database import reading, transaction
from stations.duty.roles import Actor, Role
from tests.conftest import NOW
from tests.stations.request_factories import KUNSHAN

PASSWORD = "correct horse battery"
KEY = Fernet.generate_key().decode()
SEALED = FactorSettings(keys=(KEY,))


def account(engine: Engine, username: str = "wang", role: Role = Role.COUNTY, area: str = KUNSHAN) -> None:
    with transaction(engine) as session:
        add_user(
            session, username=username, name="王科长", password=PASSWORD, role=role, area_code=area, by="test", now=NOW
        )


def try_password(engine: Engine, username: str, password: str, after: timedelta = timedelta()) -> str | None:
    admission = sign_in(engine, username, password, NOW + after)
    return admission.token if admission else None


def who(engine: Engine, token: str | None, after: timedelta = timedelta(), *, samples: bool = True) -> Actor | None:
    with reading(engine) as session:
        return actor_of(session, token, NOW + after, samples=samples)


def user_of(session: Session, username: str = "wang") -> User:
    return session.scalars(sa.select(User).where(User.username == username)).one()


def enrol(engine: Engine, username: str = "wang", settings: FactorSettings = SEALED) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a second factor that was set up a minute before NOW."""
    earlier = NOW - timedelta(minutes=1)
    with transaction(engine) as session:
        offer = offer_second_factor(
            session, user_of(session, username), earlier, settings=settings, issuer="质量小站", begun_in="here"
        )
    done = confirm_offer(
        engine,
        username,
        pyotp.TOTP(offer.secret).at(earlier),
        earlier,
        settings=settings,
        begun_in="here",
        keep=None,
        act=lambda *_: None,
    )
    assert done
    return offer.secret, done[0].shown
