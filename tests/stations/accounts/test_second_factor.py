"""The second factor: signing in with it, and how its secrets are kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts import factor_check
from stations.accounts.accounts import User
from stations.accounts.admission import PENDING_LASTS, owing
from stations.accounts.factor_check import confirm_offer
from stations.accounts.factor_settings import FactorSettings
from stations.accounts.operator_actions import reset_second_factor_as_operator
from stations.accounts.own_account import change_password
from stations.accounts.password_check import sign_in
from stations.accounts.second_factor import (
    RECOVERY_CODES,
    SecondFactor,
    matching_step,
    offer_second_factor,
    read_app_code,
    read_recovery_code,
    second_factor_of,
)
from stations.accounts.sign_in_guard import GUESSES, GUESSES_OF_ONE_NAME, SHUT_OUT_FOR
from stations.accounts.single_sign_on import Vouched, link_identity, sign_in_vouched
from stations.database import reading, transaction
from stations.errors import NotReady
from stations.loading.setup import set_up
from tests.conftest import NOW
from tests.stations.account_factories import KEY, PASSWORD, SEALED, account, enrol, user_of, who
from tests.stations.accounts.second_factor_steps import HERE, OTHER_KEY, STEP, code_of, enter, give_password, logged


def test_with_a_second_factor_the_password_alone_opens_nothing(reference_engine: Engine) -> None:
    account(reference_engine)
    assert give_password(reference_engine).complete
    secret, _ = enrol(reference_engine)
    half = give_password(reference_engine)
    assert not half.complete and who(reference_engine, half.token) is None
    with reading(reference_engine) as session:
        debt = owing(session, half.token, NOW)
        assert debt and (debt.username, debt.has_factor, debt.next_page) == ("wang", True, "/desk?a=1")
        assert owing(session, half.token, NOW + PENDING_LASTS) is None
        assert owing(session, None, NOW) is None and owing(session, "made up", NOW) is None
    assert enter(reference_engine, half.token, "000000") is None
    token = enter(reference_engine, half.token, f" {code_of(secret)[:3]} {code_of(secret)[3:]} ")
    assert who(reference_engine, token)
    assert enter(reference_engine, half.token, code_of(secret, STEP), STEP) is None  # it has been used
    assert logged(reference_engine)[-1][1:] == ("sign_in", {"method": "password", "second_factor": "app_code"})


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_its_step_and_one_around(steps: int, taken: bool) -> None:
    secret = pyotp.random_base32()
    assert (matching_step(secret, code_of(secret, steps * STEP), NOW) is not None) is taken


def test_a_code_is_taken_once(reference_engine: Engine) -> None:
    account(reference_engine)
    secret, _ = enrol(reference_engine)
    seen = code_of(secret, STEP)
    assert enter(reference_engine, give_password(reference_engine).token, seen)
    for again in (seen, code_of(secret)):  # the same, and one before it
        assert enter(reference_engine, give_password(reference_engine).token, again) is None
    later = 2 * STEP
    assert enter(reference_engine, give_password(reference_engine).token, code_of(secret, later), later)


def test_the_code_that_set_it_up_signs_nobody_in(reference_engine: Engine) -> None:
    account(reference_engine)
    with transaction(reference_engine) as session:
        offer = offer_second_factor(session, user_of(session), NOW, settings=SEALED, issuer="x", begun_in="here")
    code = code_of(offer.secret)
    assert confirm_offer(
        reference_engine, "wang", code, NOW, settings=SEALED, begun_in="here", keep=None, act=lambda *_: None
    )
    assert enter(reference_engine, give_password(reference_engine).token, code) is None


def test_one_code_sent_twice_at_once_is_taken_once(reference_engine: Engine) -> None:
    account(reference_engine)
    secret, shown = enrol(reference_engine)
    for typed in (code_of(secret), shown[3]):
        tokens = [give_password(reference_engine).token for _ in range(2)]
        together = threading.Barrier(2)
        real = factor_check.is_shut_out

        def meet(*arguments: Any, together: threading.Barrier = together, real: Callable[..., bool] = real) -> bool:
            with suppress(threading.BrokenBarrierError):
                together.wait(1)  # both have read before either writes
            return real(*arguments)

        with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
            patch.setattr(factor_check, "is_shut_out", meet)
            entered = list(pool.map(lambda token: enter(reference_engine, token, typed), tokens))  # noqa: B023
        assert sum(token is not None for token in entered) == 1


def test_a_recovery_code_opens_once_and_however_it_is_typed(reference_engine: Engine) -> None:
    account(reference_engine)
    _, shown = enrol(reference_engine)
    assert len(shown) == len(set(shown)) == RECOVERY_CODES
    typed = shown[4].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert enter(reference_engine, give_password(reference_engine).token, typed)
    assert enter(reference_engine, give_password(reference_engine).token, typed) is None
    with reading(reference_engine) as session:
        state = second_factor_of(session, "wang")
    assert state and state.codes_left == RECOVERY_CODES - 1
    actions = [action for _, action, _ in logged(reference_engine)]
    assert actions[-2:] == ["use_recovery_code", "sign_in"]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc", "0-ABCDE-FGHJK", "K" * 5000, "\0", "１２３", "²" * 6])
def test_what_is_no_code_is_a_wrong_one(reference_engine: Engine, typed: str) -> None:
    account(reference_engine)
    enrol(reference_engine)
    assert enter(reference_engine, give_password(reference_engine).token, typed) is None


@pytest.mark.parametrize(
    ("typed", "app", "recovery"),
    [
        ("１２３　４５６", "123456", None),
        ("123-456", "123456", None),
        ("٣٣٣٣٣٣", None, None),
        ("o-abcde-fghjk", None, "0ABCDEFGHJK"),
        ("０－ABCDE－FGHJK", None, "0ABCDEFGHJK"),
        ("A-ABCDE-FGHJK", None, None),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, app: str | None, recovery: str | None) -> None:
    assert (read_app_code(typed), read_recovery_code(typed)) == (app, recovery)


def test_guesses_are_slowed_and_those_of_many_networks_counted_together(reference_engine: Engine) -> None:
    account(reference_engine)
    secret, shown = enrol(reference_engine)
    token = give_password(reference_engine).token
    for _ in range(GUESSES_OF_ONE_NAME):
        assert enter(reference_engine, token, "000000", address="10.0.0.9") is None
    assert enter(reference_engine, token, code_of(secret), address="10.0.0.9") is None
    for guess in range(GUESSES - GUESSES_OF_ONE_NAME):
        assert enter(reference_engine, token, "000000", address=f"10.0.{guess + 1}.1") is None
    for typed in (code_of(secret), shown[0]):
        assert enter(reference_engine, token, typed, address="10.9.9.9") is None
    later = SHUT_OUT_FOR + STEP
    token = give_password(reference_engine, later).token
    assert enter(reference_engine, token, code_of(secret, later), later, address="10.9.9.9")


@pytest.mark.parametrize("change", ["password", "closed", "reset"])
def test_what_changes_meanwhile_opens_nothing(reference_engine: Engine, change: str) -> None:
    account(reference_engine)
    whole = give_password(reference_engine).token
    secret, _ = enrol(reference_engine)
    half = give_password(reference_engine).token
    actor = who(reference_engine, whole)
    if change == "password":
        new = "a different long sentence"
        assert actor and change_password(reference_engine, actor, PASSWORD, new, new, NOW, sign_in="x")
        admission = sign_in(reference_engine, "wang", new, NOW)
        assert admission and not admission.complete  # a new password leaves the second factor
    else:
        with transaction(reference_engine) as session:
            if change == "closed":
                user_of(session).active = False
            else:
                reset_second_factor_as_operator(session, "wang", now=NOW)
    assert enter(reference_engine, half, code_of(secret)) is None
    assert change != "reset" or who(reference_engine, whole) is None


@pytest.mark.parametrize("asked_there", [True, False])
def test_a_second_factor_at_the_identity_provider_stands_for_the_one_here(
    reference_engine: Engine, asked_there: bool
) -> None:
    account(reference_engine)
    enrol(reference_engine)
    vouched = Vouched("https://id.example", "1", multi_factor=asked_there)
    with transaction(reference_engine) as session:
        link_identity(session, user_of(session), vouched, NOW)
        admission = sign_in_vouched(session, vouched, NOW, client=HERE, settings=SEALED, next_page="/desk")
    assert admission.complete is asked_there


def test_no_secret_and_no_code_stands_in_the_database(reference_engine: Engine, caplog: Any) -> None:
    account(reference_engine)
    with caplog.at_level(logging.DEBUG):
        secret, shown = enrol(reference_engine)
        enter(reference_engine, give_password(reference_engine).token, shown[2])
    with reading(reference_engine) as session:
        kept = [
            str(row)
            for table in ("second_factor", "recovery_code", "pending_sign_in", "audit_entry")
            for row in session.execute(sa.text(f"SELECT * FROM {table}"))
        ]
    told = "".join(kept) + caplog.text
    assert kept and not any(one in told for one in [secret, *(code[2:] for code in shown)])


@pytest.mark.one_database
def test_secrets_are_encrypted_anew_with_the_newest_key(reference_engine: Engine) -> None:
    account(reference_engine)
    open_, both, new = FactorSettings(), FactorSettings(keys=(KEY,)), FactorSettings(keys=(OTHER_KEY, KEY))
    secret, _ = enrol(reference_engine, settings=both)
    for number, settings in enumerate((both, new, FactorSettings(keys=(OTHER_KEY,)))):
        after = number * STEP
        token = give_password(reference_engine, after, settings).token
        assert enter(reference_engine, token, code_of(secret, after), after, settings)
    for wrong in (both, open_):
        token = give_password(reference_engine).token
        with pytest.raises(NotReady, match="SECOND_FACTOR_KEY"):
            enter(reference_engine, token, code_of(secret), settings=wrong)


@pytest.mark.one_database
def test_secrets_of_before_there_was_a_key_are_encrypted_by_setup_and_not_read_otherwise(
    reference_engine: Engine,
) -> None:
    account(reference_engine)
    account(reference_engine, "li")
    secret, _ = enrol(reference_engine, settings=FactorSettings())
    enrol(reference_engine, "li", SEALED)
    token = give_password(reference_engine).token
    with pytest.raises(NotReady, match="setup"):
        enter(reference_engine, token, code_of(secret), settings=SEALED)
    assert not set_up(reference_engine, samples=False, now=NOW).secrets_sealed, "without a key nothing can be done"
    assert set_up(reference_engine, samples=False, now=NOW, factors=SEALED).secrets_sealed
    assert not set_up(reference_engine, samples=False, now=NOW, factors=SEALED).secrets_sealed
    with reading(reference_engine) as session:
        assert all(one.secret.startswith("fernet:") for one in session.scalars(sa.select(SecondFactor)))
    assert enter(reference_engine, token, code_of(secret), settings=SEALED)


@pytest.mark.one_database
def test_a_secret_moved_to_another_account_is_not_read(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "li")
    secret, _ = enrol(reference_engine, "li")
    enrol(reference_engine)
    with transaction(reference_engine) as session:
        rows = {user.username: session.get(SecondFactor, user.id) for user in session.scalars(sa.select(User))}
        rows["wang"].secret = rows["li"].secret
    with pytest.raises(NotReady):
        enter(reference_engine, give_password(reference_engine).token, code_of(secret))
