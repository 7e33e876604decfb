from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy import Engine

from stations.access import AreaKind, Role
from stations.accounts import Duty, User, count_users
from stations.audit import AuditEntry
from stations.database import reading, transaction
from stations.sign_ins import (
    GUESSES_BEFORE_LOCK,
    LOCKED_FOR,
    SIGNED_IN_FOR,
    SignIn,
    enter_as_sample,
    list_sample_users,
    sign_out,
)
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, account, try_password, who
from tests.stations.request_factories import KUNSHAN


def test_an_account_signs_in_for_a_while(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    actor = who(reference_engine, token)
    assert (actor.username, actor.name, actor.sample) == ("wang", "王科长", False)
    assert [(duty.role, duty.area_kind, duty.area_code) for duty in actor.duties] == [
        (Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
    ]
    assert who(reference_engine, token, SIGNED_IN_FOR) is None
    for none in (None, "", "x", token[:-1]):
        assert who(reference_engine, none) is None


def test_neither_password_nor_token_is_kept(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    with reading(reference_engine) as session:
        user, signed = session.scalar(sa.select(User)), session.scalar(sa.select(SignIn))
        assert user.password_hash.startswith("$argon2id$")
        assert PASSWORD not in user.password_hash and token not in signed.token_hash
        logged = [vars(entry) for entry in session.scalars(sa.select(AuditEntry))]
    assert PASSWORD not in str(logged) and token not in str(logged)


def test_a_wrong_name_a_wrong_password_and_an_account_put_out_of_use_are_answered_alike(
    reference_engine: Engine,
) -> None:
    account(reference_engine)
    for username, password in (("wang", "wrong"), ("nobody", PASSWORD), ("wang\x00", PASSWORD), ("", "")):
        assert try_password(reference_engine, username, password) is None
    token = try_password(reference_engine, "wang", PASSWORD)
    with transaction(reference_engine) as session:
        session.scalar(sa.select(User)).active = False
    assert try_password(reference_engine, "wang", PASSWORD) is None
    assert who(reference_engine, token) is None


def test_guessing_locks_the_account_for_a_while(reference_engine: Engine) -> None:
    account(reference_engine)
    for _ in range(GUESSES_BEFORE_LOCK):
        assert try_password(reference_engine, "wang", "wrong") is None
    assert try_password(reference_engine, "wang", PASSWORD) is None
    assert try_password(reference_engine, "wang", PASSWORD, LOCKED_FOR - timedelta(seconds=1)) is None
    assert try_password(reference_engine, "wang", PASSWORD, LOCKED_FOR)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(AuditEntry.subject).where(AuditEntry.action == "lock")) == "wang"


def test_the_right_password_forgets_the_wrong_guesses_before_it(reference_engine: Engine) -> None:
    account(reference_engine)
    for _ in range(3):
        for _ in range(GUESSES_BEFORE_LOCK - 1):
            try_password(reference_engine, "wang", "wrong")
        assert try_password(reference_engine, "wang", PASSWORD)


def test_signing_out_ends_one_browsers_sign_in(reference_engine: Engine) -> None:
    account(reference_engine)
    here, there = (try_password(reference_engine, "wang", PASSWORD) for _ in range(2))
    with transaction(reference_engine) as session:
        sign_out(session, here, NOW)
    assert who(reference_engine, here) is None
    assert who(reference_engine, there)


def test_a_hash_made_with_weaker_settings_is_made_anew(reference_engine: Engine) -> None:
    account(reference_engine)
    weak = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    with transaction(reference_engine) as session:
        session.scalar(sa.select(User)).password_hash = weak
    assert try_password(reference_engine, "wang", PASSWORD)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(User.password_hash)) != weak
    assert try_password(reference_engine, "wang", PASSWORD)


def test_sample_users_need_no_password_and_vanish_with_the_samples(reference_engine: Engine) -> None:
    account(reference_engine)
    with transaction(reference_engine) as session:
        duty = Duty(role=Role.STATION, area_kind=AreaKind.STATION, area_code="S-1")
        session.add(User(username="sample-steward", name="示例管家", sample=True, created_at=NOW, duties=[duty]))
    with transaction(reference_engine) as session:
        assert [user.username for user in list_sample_users(session)] == ["sample-steward"]
        assert count_users(session) == 1
        assert enter_as_sample(session, "wang", NOW) is None
        token = enter_as_sample(session, "sample-steward", NOW)
    assert try_password(reference_engine, "sample-steward", "") is None
    assert who(reference_engine, token).sample
    assert who(reference_engine, token, samples=False) is None
