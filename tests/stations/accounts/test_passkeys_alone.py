"""Accounts without a password: begun with a passkey, turned to it, and the ways back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts.accounts import count_users
from stations.accounts.admission import admit, offer_to_who_owes, owing
from stations.accounts.factor_check import SignedInUser, change_factor, with_code
from stations.accounts.operator_actions import issue_setup_code_as_operator, reset_second_factor_as_operator
from stations.accounts.own_account import new_setup_code, set_first_password
from stations.accounts.passkeys import list_passkeys
from stations.accounts.passkeys_alone import (
    ask_for_first_passkey,
    begin_with_passkey,
    give_up_passkey,
    leave_password,
    signs_in_by_passkeys_alone,
)
from stations.accounts.password_check import sign_in
from stations.accounts.second_factor import NewRecoveryCodes, second_factor_of
from stations.accounts.sign_in_guard import SHUT_OUT_FOR
from stations.accounts.sign_ins import Client, Method, SignIn, open_sign_in
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.secret_hash import hash_token
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, SEALED, account, enrol, try_password, user_of, who
from tests.stations.accounts.authenticator import Authenticator
from tests.stations.accounts.test_passkeys import PARTY, made, use

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.one_database


def one_time_code(engine: Engine, username: str = "wang") -> str:
    with transaction(engine) as session:
        return new_setup_code(user_of(session, username), NOW)


def without_password(engine: Engine, username: str = "wang") -> str:
    """A new account, as an administrator makes it, and its one-time code."""
    account(engine, username)
    with transaction(engine) as session:
        user = user_of(session, username)
        user.password_hash = user.password_set_at = None
    return one_time_code(engine, username)


def begin(engine: Engine, code: str, device: Authenticator | None = None, username: str = "wang") -> list[str] | None:
    """Make a passkey with a code; return the recovery codes, None if the code opens nothing."""
    device = device or Authenticator(PARTY.origin)
    question = ask_for_first_passkey(engine, username, code, PARTY, NOW)
    if question is None:
        return None
    codes = begin_with_passkey(engine, username, code, device.make(question), "手机", PARTY, NOW)
    return codes.shown if codes else None


def signed_in_by(engine: Engine, method: Method) -> str:
    with transaction(engine) as session:
        token = open_sign_in(session, user_of(session), method, Client(), NOW)
    with reading(engine) as session:
        return session.scalars(sa.select(SignIn.code).where(SignIn.token_hash == hash_token(token))).one()


def alone(engine: Engine) -> bool:
    with reading(engine) as session:
        return signs_in_by_passkeys_alone(session, user_of(session))


def test_a_new_account_begins_with_a_passkey_and_its_code_is_used_up(reference_engine: Engine) -> None:
    code = without_password(reference_engine)
    device = Authenticator(PARTY.origin)
    codes = begin(reference_engine, code, device)
    assert codes and len(codes) == 10 and alone(reference_engine)
    assert use(reference_engine, device, None) == "wang"
    assert begin(reference_engine, code) is None, "the code is used up"
    assert not set_first_password(reference_engine, "wang", code, "a long new sentence", "a long new sentence", NOW)
    assert (
        try_password(reference_engine, "wang", PASSWORD) is None and try_password(reference_engine, "wang", "") is None
    )
    with reading(reference_engine) as session:
        state = second_factor_of(session, "wang")
        assert state and (state.codes_left, state.app) == (10, False) and count_users(session) == 1
        noted = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.actor == "wang")).all()
        assert {"add_passkey", "passkeys_alone"} <= set(noted)


def test_only_a_device_that_asks_for_finger_or_pin_takes_the_place_of_a_password(reference_engine: Engine) -> None:
    code = without_password(reference_engine)
    with pytest.raises(InvalidInput):
        begin(reference_engine, code, Authenticator(PARTY.origin, verifies=False))
    assert begin(reference_engine, code), "the code stays good"


def test_wrong_codes_are_counted_and_say_nothing_of_who_exists(reference_engine: Engine) -> None:
    code = without_password(reference_engine)
    for name in ("wang", "nobody", "\0", ""):
        assert begin(reference_engine, "AAAAA-AAAAA-AAAAA-AAAAA", username=name) is None
    for _ in range(20):
        ask_for_first_passkey(reference_engine, "wang", "wrong", PARTY, NOW)
    assert begin(reference_engine, code) is None, "the guesser is not heard for a while"
    assert ask_for_first_passkey(reference_engine, "wang", code, PARTY, NOW + SHUT_OUT_FOR)


def test_a_question_is_answered_for_its_own_code_and_once(reference_engine: Engine) -> None:
    code, other = without_password(reference_engine), without_password(reference_engine, "li")
    question = ask_for_first_passkey(reference_engine, "wang", code, PARTY, NOW)
    assert question
    answer = Authenticator(PARTY.origin).make(question)
    with pytest.raises(InvalidInput):
        begin_with_passkey(reference_engine, "li", other, answer, "手机", PARTY, NOW)
    assert begin_with_passkey(reference_engine, "wang", code, answer, "手机", PARTY, NOW)


def test_a_one_time_code_gets_round_no_second_factor(reference_engine: Engine) -> None:
    account(reference_engine)
    enrol(reference_engine)
    code = one_time_code(reference_engine)
    assert begin(reference_engine, code) is None
    assert set_first_password(reference_engine, "wang", code, "a long new sentence", "a long new sentence", NOW)


def test_a_recovery_code_of_who_has_a_password_or_an_app_makes_no_passkey(reference_engine: Engine) -> None:
    account(reference_engine)
    _, codes = enrol(reference_engine)
    assert begin(reference_engine, codes[0]) is None


def test_the_password_is_left_after_a_passkey_has_signed_in_without_it(reference_engine: Engine) -> None:
    account(reference_engine)
    enrol(reference_engine)
    device = made(reference_engine)
    by_password, elsewhere = (signed_in_by(reference_engine, Method.PASSWORD) for _ in range(2))
    with pytest.raises(Conflict), transaction(reference_engine) as session:
        leave_password(session, user_of(session), NewRecoveryCodes(), NOW, sign_in=by_password)
    by_passkey = signed_in_by(reference_engine, Method.PASSKEY)
    with transaction(reference_engine) as session:
        leave_password(session, user_of(session), NewRecoveryCodes(), NOW, sign_in=by_passkey)
    assert alone(reference_engine) and try_password(reference_engine, "wang", PASSWORD) is None
    with reading(reference_engine) as session:
        assert session.scalars(sa.select(SignIn.code)).all() == [by_passkey], elsewhere
    assert use(reference_engine, device, None) == "wang"


def test_lost_devices_a_recovery_code_makes_one_new_passkey(reference_engine: Engine) -> None:
    codes = begin(reference_engine, without_password(reference_engine))
    assert codes
    new = Authenticator(PARTY.origin)
    fresh = begin(reference_engine, codes[3].lower(), new)
    assert fresh and use(reference_engine, new, None) == "wang"
    assert begin(reference_engine, codes[4]) is None, "earlier recovery codes count no longer"
    with reading(reference_engine) as session:
        assert len(list_passkeys(session, "wang")) == 2


def test_lost_devices_and_codes_the_operator_opens_the_account_anew(reference_engine: Engine) -> None:
    device = Authenticator(PARTY.origin)
    begin(reference_engine, without_password(reference_engine), device)
    with transaction(reference_engine) as session:
        reset_second_factor_as_operator(session, "wang", now=NOW)
        _, code = issue_setup_code_as_operator(session, "wang", now=NOW)
    assert use(reference_engine, device, None) is None and not alone(reference_engine)
    assert begin(reference_engine, code) and alone(reference_engine)


def test_with_a_one_time_code_there_is_a_password_again_and_the_passkey_is_the_second_step(
    reference_engine: Engine,
) -> None:
    device = Authenticator(PARTY.origin)
    codes = begin(reference_engine, without_password(reference_engine), device)
    code, new = one_time_code(reference_engine), "a long new sentence"
    assert codes and begin(reference_engine, code) is None
    assert set_first_password(reference_engine, "wang", code, new, new, NOW)
    half = sign_in(reference_engine, "wang", new, NOW, settings=SEALED)
    assert half and not half.complete and who(reference_engine, half.token) is None
    with transaction(reference_engine) as session:
        debt = owing(session, half.token, NOW)
        assert debt and debt.has_factor and debt.has_passkey and not debt.has_app
    assert use(reference_engine, device, "wang") == "wang"
    given = [
        with_code(
            reference_engine, "wang", code, NOW, settings=SEALED, address="", act=lambda _session, _user, given: given
        )
        for code in (codes[0], codes[0], "000000")
    ]
    assert given == ["recovery_code", None, None]


def test_changes_ask_for_a_sign_in_of_just_now_and_the_last_passkey_stays(reference_engine: Engine) -> None:
    begin(reference_engine, without_password(reference_engine))
    here = SignedInUser("wang", signed_in_by(reference_engine, Method.PASSKEY), "")
    for after, allowed in ((9 * MINUTE, True), (10 * MINUTE, False)):
        try:
            done = change_factor(
                reference_engine, here, "", "", NOW + after, settings=SEALED, act=lambda _session, user: user.username
            )
        except NotAllowed:
            done = None
        assert (done == "wang") is allowed
    with transaction(reference_engine) as session:
        (only,) = list_passkeys(session, "wang")
    with pytest.raises(Conflict), transaction(reference_engine) as session:
        give_up_passkey(session, user_of(session), only.id, NOW)
    second = made(reference_engine)
    with transaction(reference_engine) as session:
        give_up_passkey(session, user_of(session), only.id, NOW)
    assert use(reference_engine, second, None) == "wang"


def test_who_is_vouched_for_elsewhere_still_owes_the_passkey(reference_engine: Engine) -> None:
    begin(reference_engine, without_password(reference_engine))
    with transaction(reference_engine) as session:
        half = admit(session, user_of(session), Method.SINGLE_SIGN_ON, Client(), NOW, settings=SEALED)
        assert not half.complete
        assert offer_to_who_owes(session, half.token, NOW, settings=SEALED, issuer="x") is None, "no app instead"
