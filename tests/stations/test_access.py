from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy import Engine

from stations.access import (
    GUESSES_BEFORE_LOCK,
    LOCKED_FOR,
    SIGNED_IN_FOR,
    Action,
    Actor,
    Area,
    AreaKind,
    Duty,
    Role,
    SignIn,
    User,
    actor_of,
    add_user,
    count_users,
    enter_as_sample,
    list_sample_users,
    require,
    sign_in,
    sign_out,
)
from stations.audit import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidInput, NotAllowed
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with

PASSWORD = "correct horse battery"

# Every pair of an area of duty and a place: does the one hold the other?
OWN = Area("320000", "320500", "320583", "S-3205-001")
PLACES = {
    "own station": OWN,
    "other station of the county": Area("320000", "320500", "320583", "S-3205-002"),
    "other county of the city": Area("320000", "320500", "320585", "S-3205-003"),
    "other city": Area("320000", "320100", "320102", "S-3201-001"),
    "county not known": Area("320000", "320500", None, "S-3205-004"),
    "other province": Area("330000", "330100", "330102", "S-3301-001"),
}
DUTY_AREAS = {
    AreaKind.PROVINCE: "320000",
    AreaKind.CITY: "320500",
    AreaKind.COUNTY: "320583",
    AreaKind.STATION: "S-3205-001",
}
HELD = {
    AreaKind.PROVINCE: set(PLACES) - {"other province"},
    AreaKind.CITY: set(PLACES) - {"other province", "other city"},
    AreaKind.COUNTY: {"own station", "other station of the county"},
    AreaKind.STATION: {"own station"},
}
# Written out apart from the program's table, so that a slip in either shows.
MAY = {
    Role.PROVINCE: {Action.SEE_REQUESTS, Action.ANSWER_REQUESTS, Action.ADD_ACCOUNTS},
    Role.CITY: {Action.SEE_REQUESTS, Action.ANSWER_REQUESTS},
    Role.COUNTY: {Action.SEE_REQUESTS, Action.ANSWER_REQUESTS},
    Role.STATION: {Action.SEE_REQUESTS, Action.ANSWER_REQUESTS},
    Role.AUDITOR: {Action.SEE_REQUESTS},
    Role.PLANNER: set(),
}


@pytest.mark.parametrize(("role", "kind", "action"), list(product(Role, AreaKind, Action)))
def test_every_role_does_in_its_area_what_it_may_and_nothing_elsewhere(
    role: Role, kind: AreaKind, action: Action
) -> None:
    actor = actor_with(role, kind, DUTY_AREAS[kind])
    assert actor.may_somewhere(action) == (action in MAY[role])
    for name, area in PLACES.items():
        allowed = action in MAY[role] and name in HELD[kind]
        assert actor.may(action, area) == allowed, name
        if allowed:
            assert require(actor, action, area) is actor
        else:
            with pytest.raises(NotAllowed, match="outside your duty"):
                require(actor, action, area)


@pytest.mark.parametrize("action", list(Action))
def test_nobody_does_nothing(action: Action) -> None:
    with pytest.raises(NotAllowed, match="Sign in first"):
        require(None, action, OWN)
    assert not Actor("a", "b", False, ()).may(action, OWN)


@pytest.mark.parametrize("role", list(Role))
def test_an_invented_user_reaches_invented_records_only(role: Role) -> None:
    actor = actor_with(role, AreaKind.PROVINCE, "320000", sample=True)
    sample = Area("320000", "320500", "320583", "S-3205-001", sample=True)
    for action in Action:
        assert not actor.may(action, OWN)
        assert actor.may(action, sample) == (action in MAY[role])


def account(engine: Engine, username: str = "wang", role: Role = Role.COUNTY, area: str = KUNSHAN) -> None:
    with transaction(engine) as session:
        add_user(
            session, username=username, name="王科长", password=PASSWORD, role=role, area_code=area, by="test", now=NOW
        )


def try_password(engine: Engine, username: str, password: str, after: timedelta = timedelta()) -> str | None:
    with transaction(engine) as session:
        return sign_in(session, username, password, NOW + after)


def who(engine: Engine, token: str | None, after: timedelta = timedelta(), *, samples: bool = True) -> Actor | None:
    with reading(engine) as session:
        return actor_of(session, token, NOW + after, samples=samples)


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
