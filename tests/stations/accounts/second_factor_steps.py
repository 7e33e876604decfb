"""What tests of the second factor do again and again: give the password, a code, and look into the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from stations.accounts.admission import Admission, complete, owing
from stations.accounts.factor_check import with_code
from stations.accounts.factor_settings import FactorSettings
from stations.accounts.password_check import sign_in
from stations.accounts.second_factor import (
    STEP_SECONDS,
)
from stations.accounts.sign_ins import Client
from stations.audit.log import AuditEntry
from stations.database import reading
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, SEALED

OTHER_KEY = Fernet.generate_key().decode()
STEP = timedelta(seconds=STEP_SECONDS)
HERE = Client("10.0.0.8")


def code_of(secret: str, after: timedelta = timedelta()) -> str:
    return pyotp.TOTP(secret).at(NOW + after)


def enter(
    engine: Engine,
    token: str,
    typed: str,
    after: timedelta = timedelta(),
    settings: FactorSettings = SEALED,
    address: str = HERE.address,
) -> str | None:
    """Give the second factor in the browser that owes it; the token of the sign-in."""
    with reading(engine) as session:
        debt = owing(session, token, NOW + after)
    if debt is None:
        return None
    return with_code(
        engine,
        debt.username,
        typed,
        NOW + after,
        settings=settings,
        address=address,
        act=lambda session, user, given: complete(session, user, token, HERE, NOW + after, second_factor=given.value),
    )


def give_password(engine: Engine, after: timedelta = timedelta(), settings: FactorSettings = SEALED) -> Admission:
    admission = sign_in(engine, "wang", PASSWORD, NOW + after, client=HERE, settings=settings, next_page="/desk?a=1")
    assert admission
    return admission


def logged(engine: Engine) -> list[tuple[str, str, Any]]:
    with reading(engine) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.actor, entry.action, entry.detail) for entry in entries]
