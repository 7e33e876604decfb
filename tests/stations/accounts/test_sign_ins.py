from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy import Engine

from stations.accounts.accounts import User, count_users, new_user
from stations.accounts.admission import Admission
from stations.accounts.operator_actions import end_sign_ins_as_operator
from stations.accounts.password_check import sign_in
from stations.accounts.sign_in_guard import (
    GUESSES,
    GUESSES_OF_ONE_NAME,
    SHUT_OUT_FOR,
    FailedSignIn,
    Guesser,
    note_failure,
)
from stations.accounts.sign_ins import (
    IDLE_FOR,
    NOTED_EVERY,
    SIGNED_IN_FOR,
    Client,
    Method,
    SignIn,
    current_sign_in,
    end_sign_in,
    end_sign_ins,
    enter_as_sample,
    list_sample_users,
    list_sign_ins,
    note_use,
    sign_out,
)
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotFound
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


def test_who_guesses_one_name_is_not_heard_for_it_for_a_while_and_its_owner_is(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "zhao")
    stranger, owner = client_at("203.0.113.7"), client_at("10.0.0.1")
    for _ in range(3):  # from three networks
        for _ in range(GUESSES_OF_ONE_NAME):
            assert sign_in(reference_engine, "wang", "wrong", NOW, client=stranger) is None
        assert sign_in(reference_engine, "wang", PASSWORD, NOW, client=stranger) is None
        almost = NOW + SHUT_OUT_FOR - timedelta(seconds=1)
        assert sign_in(reference_engine, "wang", PASSWORD, almost, client=stranger) is None
        assert sign_in(reference_engine, "wang", PASSWORD, NOW, client=owner)
        assert sign_in(reference_engine, "zhao", PASSWORD, NOW, client=stranger)
        stranger = client_at(f"203.0.113.{int(stranger.address.rpartition('.')[2]) + 1}")
    assert sign_in(reference_engine, "wang", PASSWORD, NOW + SHUT_OUT_FOR, client=client_at("203.0.113.7"))
    with reading(reference_engine) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shut_out")).all()
        assert len(entries) == 3 and "203.0.113" not in str([vars(entry) for entry in entries])


def test_a_new_sign_in_ends_the_one_that_the_browser_held(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "zhao")
    first, elsewhere = (try_password(reference_engine, "wang", PASSWORD) for _ in range(2))
    second = sign_in(reference_engine, "wang", PASSWORD, NOW, client=Client(held=first)).token
    assert (who(reference_engine, first), who(reference_engine, second).username) == (None, "wang")
    third = sign_in(reference_engine, "zhao", PASSWORD, NOW, client=Client(held=second)).token
    assert (who(reference_engine, second), who(reference_engine, third).username) == (None, "zhao")
    assert sign_in(reference_engine, "wang", "wrong", NOW, client=Client(held=third)) is None
    assert who(reference_engine, third) and who(reference_engine, elsewhere)
    assert third not in repr(Client(held=third))


def test_the_right_password_forgets_the_wrong_guesses_before_it(reference_engine: Engine) -> None:
    account(reference_engine)
    for _ in range(3):
        for _ in range(GUESSES_OF_ONE_NAME - 1):
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
        session.add(new_user("sample-steward", "示例管家", Role.STATION, AreaKind.STATION, "S-1", sample=True, now=NOW))
    with transaction(reference_engine) as session:
        assert [user.username for user in list_sample_users(session)] == ["sample-steward"]
        assert count_users(session) == 1
        assert enter_as_sample(session, "wang", NOW) is None
        token = enter_as_sample(session, "sample-steward", NOW)
    assert try_password(reference_engine, "sample-steward", "") is None
    assert who(reference_engine, token).sample
    assert who(reference_engine, token, samples=False) is None


def client_at(address: str) -> Client:
    return Client(address, "Mozilla/5.0 (Windows NT 10.0) Chrome/130")


def guess(engine: Engine, username: str, address: str, after: timedelta = timedelta()) -> Admission | None:
    password = PASSWORD if username == "wang" else "wrong"
    return sign_in(engine, username, password, NOW + after, client=client_at(address))


def fail_often(engine: Engine, address: str, times: int) -> None:
    """Record this many failed attempts, as wrong passwords do, without the work of hashing."""
    with transaction(engine) as session:
        for number in range(times):
            note_failure(session, Guesser.at(address, f"somebody {number}"), NOW)


def test_a_sign_in_ends_for_want_of_use_and_lasts_while_it_is_used(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    almost = IDLE_FOR - timedelta(seconds=1)
    assert who(reference_engine, token, almost)
    assert who(reference_engine, token, IDLE_FOR) is None
    with transaction(reference_engine) as session:
        note_use(session, token, NOW + almost)
    assert who(reference_engine, token, IDLE_FOR)
    assert who(reference_engine, token, almost + IDLE_FOR) is None
    # Use after its expiry does not reactivate it.
    with transaction(reference_engine) as session:
        note_use(session, token, NOW + almost + IDLE_FOR)
    assert who(reference_engine, token, almost + IDLE_FOR) is None


def test_use_does_not_lengthen_a_sign_in_beyond_its_day(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    passed = timedelta()
    while passed + IDLE_FOR / 2 < SIGNED_IN_FOR:
        passed += IDLE_FOR / 2
        with transaction(reference_engine) as session:
            note_use(session, token, NOW + passed)
        assert who(reference_engine, token, passed)
    assert who(reference_engine, token, SIGNED_IN_FOR) is None


def test_use_is_noted_once_a_minute_at_most(reference_engine: Engine) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    with reading(reference_engine) as session:
        assert not current_sign_in(session, token, NOW, samples=True).to_note
        assert current_sign_in(session, token, NOW + NOTED_EVERY, samples=True).to_note


def test_one_sees_ones_sign_ins_and_ends_them_one_by_one_or_all(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "zhao")
    here, there, third = (guess(reference_engine, "wang", f"10.0.0.{number}").token for number in range(3))
    other = try_password(reference_engine, "zhao", PASSWORD)
    actor = who(reference_engine, here)
    with transaction(reference_engine) as session:
        note_use(session, here, NOW + timedelta(minutes=1))
        mine = list_sign_ins(session, actor, NOW)
        assert [one.client_address for one in mine][0] == "10.0.0.0" and len(mine) == 3
        assert all(one.method is Method.PASSWORD and "Chrome" in one.device for one in mine)
        theirs = list_sign_ins(session, who(reference_engine, other), NOW)[0].code
        with pytest.raises(NotFound):
            end_sign_in(session, actor, theirs, NOW)
        end_sign_in(session, actor, next(one.code for one in mine if one.client_address == "10.0.0.1"), NOW)
    assert who(reference_engine, there) is None
    with transaction(reference_engine) as session:
        keep = current_sign_in(session, here, NOW, samples=True).code
        assert end_sign_ins(session, "wang", NOW, by="wang", but=keep) == 1
    assert (who(reference_engine, here) is not None, who(reference_engine, third)) == (True, None)
    with transaction(reference_engine) as session:
        assert end_sign_ins(session, "wang", NOW, by="wang") == 1
    assert who(reference_engine, here) is None
    assert who(reference_engine, other)


def test_the_operator_ends_the_sign_ins_of_one_or_of_everybody(reference_engine: Engine) -> None:
    for name in ("wang", "zhao"):
        account(reference_engine, name)
    wang, zhao = (try_password(reference_engine, name, PASSWORD) for name in ("wang", "zhao"))
    with transaction(reference_engine) as session:
        assert end_sign_ins_as_operator(session, "wang", now=NOW) == 1
        with pytest.raises(NotFound):
            end_sign_ins_as_operator(session, "nobody", now=NOW)
    assert who(reference_engine, wang) is None and who(reference_engine, zhao)
    again = try_password(reference_engine, "wang", PASSWORD)
    with transaction(reference_engine) as session:
        assert end_sign_ins_as_operator(session, None, now=NOW) == 2
        assert end_sign_ins_as_operator(session, None, now=NOW) == 0
    assert not who(reference_engine, again) and not who(reference_engine, zhao)


def test_an_address_from_which_many_names_are_tried_is_shut_out_for_a_while(reference_engine: Engine) -> None:
    account(reference_engine)
    fail_often(reference_engine, "10.0.0.9", GUESSES - 1)
    assert guess(reference_engine, "nobody", "10.0.0.9") is None
    assert guess(reference_engine, "wang", "10.0.0.9") is None
    assert guess(reference_engine, "wang", "::ffff:10.0.0.9") is None  # the same address in another notation
    assert guess(reference_engine, "wang", "10.0.0.8")
    assert guess(reference_engine, "wang", "10.0.0.9", SHUT_OUT_FOR)
    with reading(reference_engine) as session:
        entries = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "shut_out")))
        assert len(entries) == 1 and "10.0.0.9" not in str(vars(entries[0]))
        assert "10.0.0.9" not in str(session.execute(sa.select(FailedSignIn.__table__)).all())


def test_a_machine_with_many_ipv6_addresses_is_one(reference_engine: Engine) -> None:
    account(reference_engine)
    for number in range(GUESSES):
        fail_often(reference_engine, f"2001:db8:1:2::{number:x}", 1)
    assert guess(reference_engine, "wang", "2001:db8:1:2:ffff::1") is None
    assert guess(reference_engine, "wang", "2001:db8:1:3::1")
