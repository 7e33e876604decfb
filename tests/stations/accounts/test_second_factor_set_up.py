"""The second factor: setting it up, changing it, removing it, losing it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts.account_editing import reset_second_factor
from stations.accounts.admission import complete, offer_to_who_owes, owing
from stations.accounts.factor_check import FRESH_FOR, Given, SignedInUser, change_factor, confirm_offer
from stations.accounts.factor_settings import EDITORS, FactorRule, FactorSettings, read_factor_settings
from stations.accounts.password_check import sign_in
from stations.accounts.second_factor import (
    OFFER_LASTS,
    RecoveryCode,
    delete_second_factor,
    has_second_factor,
    offer_second_factor,
    offered,
    second_factor_of,
)
from stations.accounts.sign_in_guard import GUESSES_OF_ONE_NAME
from stations.accounts.sign_ins import current_sign_in
from stations.accounts.single_sign_on import Vouched, link_identity, sign_in_vouched
from stations.audit.vocabulary import AuditAction
from stations.database import reading, transaction
from stations.duty.roles import Role
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.conftest import NOW
from tests.stations.account_factories import KEY, PASSWORD, SEALED, account, enrol, user_of, who
from tests.stations.accounts.second_factor_steps import HERE, OTHER_KEY, STEP, code_of, enter, give_password, logged


def test_an_offer_counts_when_it_is_confirmed_and_the_earlier_factor_until_then(reference_engine: Engine) -> None:
    account(reference_engine)
    secret, shown = enrol(reference_engine)
    with transaction(reference_engine) as session:
        offer = offer_second_factor(session, user_of(session), NOW, settings=SEALED, issuer="质量小站", begun_in="here")
        again = offered(session, "wang", NOW, settings=SEALED, issuer="质量小站", begun_in="here")
        assert (
            again == offer
            and offered(session, "wang", NOW + OFFER_LASTS, settings=SEALED, issuer="x", begun_in="here") is None
        )
    assert "issuer=%E8%B4%A8" in offer.address and offer.secret in offer.address and len(offer.secret) == 32
    for typed, after in (("000000", timedelta()), (code_of(offer.secret, OFFER_LASTS), OFFER_LASTS)):
        assert not confirm_offer(
            reference_engine,
            "wang",
            typed,
            NOW + after,
            settings=SEALED,
            begun_in="here",
            keep=None,
            act=lambda *_: None,
        )
    token = enter(reference_engine, give_password(reference_engine).token, code_of(secret))
    with reading(reference_engine) as session:
        here = current_sign_in(session, token, NOW, samples=True)
    other = enter(reference_engine, give_password(reference_engine).token, shown[0])
    assert here and confirm_offer(
        reference_engine,
        "wang",
        code_of(offer.secret),
        NOW,
        settings=SEALED,
        begun_in="here",
        keep=here.code,
        act=lambda *_: None,
    )
    assert who(reference_engine, token) and who(reference_engine, other) is None  # all others end
    later = 2 * STEP
    for typed in (code_of(secret, later), shown[1]):
        assert enter(reference_engine, give_password(reference_engine).token, typed, later) is None
    assert enter(reference_engine, give_password(reference_engine).token, code_of(offer.secret, later), later)


def test_changing_it_needs_the_password_and_a_code(reference_engine: Engine) -> None:
    account(reference_engine)

    def change(password: str, typed: str, after: timedelta = timedelta()) -> str | None:
        return change_factor(
            reference_engine,
            SignedInUser("wang", "a sign-in", "10.0.0.8"),
            password,
            typed,
            NOW + after,
            settings=SEALED,
            act=lambda session, user: user.username,
        )

    assert change("wrong", "") is None and change(PASSWORD, "") == "wang"
    secret, shown = enrol(reference_engine)
    assert change(PASSWORD, "") is None and change("wrong", code_of(secret)) is None
    assert change(PASSWORD, code_of(secret)) == "wang" and change(PASSWORD, code_of(secret)) is None
    assert change(PASSWORD, shown[0]) == "wang"
    for _ in range(GUESSES_OF_ONE_NAME):
        change("wrong", shown[1])
    assert change(PASSWORD, shown[1]) is None


def test_who_has_no_password_proves_it_by_a_fresh_sign_in(sample_copy_engine: Engine) -> None:
    engine = sample_copy_engine
    account(engine)
    vouched = Vouched("https://id.example", "1")
    with transaction(engine) as session:
        user_of(session).password_hash = None
        link_identity(session, user_of(session), vouched, NOW)
        token = sign_in_vouched(session, vouched, NOW, client=HERE).token
    with reading(engine) as session:
        signed_in = current_sign_in(session, token, NOW, samples=True)
    assert signed_in
    me = SignedInUser("wang", signed_in.code, "")
    act = {"settings": SEALED, "act": lambda session, user: user.username}
    assert change_factor(engine, me, "", "", NOW, **act) == "wang"
    with pytest.raises(NotAllowed, match="sign in once more"):
        change_factor(engine, me, "", "", NOW + FRESH_FOR, **act)
    with pytest.raises(NotAllowed, match="Invented"):
        change_factor(engine, SignedInUser("sample-city", "x", ""), "", "", NOW, **act)


@pytest.mark.parametrize(
    ("rule", "role", "owes"),
    [
        (FactorRule.OFF, Role.PROVINCE, False),
        (FactorRule.EDITORS, Role.PROVINCE, True),
        (FactorRule.EDITORS, Role.STATION, True),
        (FactorRule.EDITORS, Role.AUDITOR, False),
        (FactorRule.ALL, Role.AUDITOR, True),
    ],
)
def test_the_rule_says_who_must_set_one_up(rule: FactorRule, role: Role, owes: bool) -> None:
    assert FactorSettings(rule).requires([role]) is owes
    assert Role.AUDITOR not in EDITORS and FactorSettings(rule).requires([]) is (rule is FactorRule.ALL)


def test_who_must_have_one_sets_it_up_before_the_first_page(reference_engine: Engine) -> None:
    account(reference_engine)
    strict = FactorSettings(FactorRule.EDITORS, (KEY,))
    half = give_password(reference_engine, settings=strict)
    with transaction(reference_engine) as session:
        debt = owing(session, half.token, NOW)
        assert not half.complete and debt and not debt.has_factor
        offer = offer_second_factor(session, user_of(session), NOW, settings=strict, issuer="x", begun_in="here")
    done = confirm_offer(
        reference_engine,
        "wang",
        code_of(offer.secret),
        NOW,
        settings=strict,
        begun_in="here",
        keep=None,
        act=lambda session, user: complete(session, user, half.token, HERE, NOW, second_factor=Given.APP_CODE),
    )
    assert done and who(reference_engine, done[1])


def test_an_administrator_above_resets_it_and_nobody_else(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "above", Role.CITY, "320500")
    account(reference_engine, "elsewhere", Role.CITY, "320100")
    token = give_password(reference_engine).token
    enrol(reference_engine)

    def actor(username: str) -> Any:
        admission = sign_in(reference_engine, username, PASSWORD, NOW)
        return who(reference_engine, admission.token if admission else None)

    for username in ("wang", "elsewhere"):
        with pytest.raises(NotFound), transaction(reference_engine) as session:
            someone = who(reference_engine, token) if username == "wang" else actor(username)
            reset_second_factor(session, someone, "wang", version=1, now=NOW)
    above = actor("above")
    with transaction(reference_engine) as session:
        with pytest.raises(Conflict):
            reset_second_factor(session, above, "wang", version=7, now=NOW)
        reset_second_factor(session, above, "wang", version=1, now=NOW)
        with pytest.raises(NotFound, match="has no second factor"):
            reset_second_factor(session, above, "wang", version=2, now=NOW)
    assert who(reference_engine, token) is None and give_password(reference_engine).complete
    assert ("above", "reset_second_factor", {}) in [(a, b, c or {}) for a, b, c in logged(reference_engine)]
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0


def test_the_settings_are_read_and_mistakes_told() -> None:
    assert read_factor_settings({}) == FactorSettings()
    read = read_factor_settings({"SECOND_FACTOR": " Editors ", "SECOND_FACTOR_KEY": f"{KEY}, {OTHER_KEY},"})
    assert read == FactorSettings(FactorRule.EDITORS, (KEY, OTHER_KEY)) and KEY not in repr(read)
    with pytest.raises(InvalidInput, match="SECOND_FACTOR is “some”.*off, editors, all"):
        read_factor_settings({"SECOND_FACTOR": "some"})
    with pytest.raises(InvalidInput, match="Key 2 .*openssl") as wrong:
        read_factor_settings({"SECOND_FACTOR_KEY": f"{KEY},short"})
    assert "short" not in str(wrong.value)


def test_removing_it_takes_its_codes_along(reference_engine: Engine) -> None:
    account(reference_engine)
    enrol(reference_engine)
    with transaction(reference_engine) as session:
        user = user_of(session)
        assert delete_second_factor(session, user, AuditAction.REMOVE_SECOND_FACTOR, NOW, by="wang")
        assert not delete_second_factor(session, user, AuditAction.REMOVE_SECOND_FACTOR, NOW, by="wang")
        session.flush()
        assert not has_second_factor(session, user.id) and second_factor_of(session, "wang") is None
    assert give_password(reference_engine).complete


def test_wrong_codes_of_an_offer_are_counted_where_it_was_begun(reference_engine: Engine) -> None:
    account(reference_engine)
    with transaction(reference_engine) as session:
        offer = offer_second_factor(session, user_of(session), NOW, settings=SEALED, issuer="x", begun_in="here")

    def confirm(typed: str, begun_in: str) -> bool:
        return bool(
            confirm_offer(
                reference_engine,
                "wang",
                typed,
                NOW,
                settings=SEALED,
                begun_in=begun_in,
                keep=None,
                act=lambda *_: None,
            )
        )

    for _ in range(GUESSES_OF_ONE_NAME):
        assert not confirm(code_of(offer.secret), "elsewhere")
    for _ in range(GUESSES_OF_ONE_NAME - 1):
        assert not confirm("000000", "here")
    assert confirm(code_of(offer.secret), "here")
    with transaction(reference_engine) as session:
        offer = offer_second_factor(session, user_of(session), NOW, settings=SEALED, issuer="x", begun_in="here")
    for _ in range(GUESSES_OF_ONE_NAME):
        assert not confirm("000000", "here")
    assert not confirm(code_of(offer.secret), "here")


def test_two_who_owe_one_may_begin_at_once(reference_engine: Engine) -> None:
    account(reference_engine)
    strict = FactorSettings(FactorRule.EDITORS, (KEY,))
    tokens = [give_password(reference_engine, settings=strict).token for _ in range(2)]

    def begin(token: str) -> bool:
        with transaction(reference_engine) as session:
            offer = offer_to_who_owes(session, token, NOW, settings=strict, issuer="x")
            time.sleep(0.1)  # before it is written
        return offer is not None

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(begin, tokens)) == [True, True]
