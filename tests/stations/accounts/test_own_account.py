from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts import passwords
from stations.accounts.accounts import User
from stations.accounts.operator_actions import issue_setup_code_as_operator
from stations.accounts.own_account import SETUP_CODE_LASTS, change_password, set_first_password
from stations.accounts.passwords import MAX_PASSWORD
from stations.accounts.sign_in_guard import GUESSES, GUESSES_OF_ONE_NAME, Guesser, note_failure
from stations.accounts.sign_ins import Client, current_sign_in
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import InvalidInput, NotAllowed, NotFound
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, account, try_password, who

NEW = "a different long sentence"


def change(
    engine: Engine, actor: Actor, current: str, new: str = NEW, repeated: str | None = None, **more: str
) -> bool:
    sign_in = more.get("sign_in", "here")
    return change_password(engine, actor, current, new, new if repeated is None else repeated, NOW, sign_in=sign_in)


def setup_code(engine: Engine, username: str = "wang") -> str:
    with transaction(engine) as session:
        return issue_setup_code_as_operator(session, username, now=NOW)[1]


def redeem(engine: Engine, username: str, code: str, after: timedelta = timedelta(), address: str = "") -> bool:
    return set_first_password(engine, username, code, NEW, NEW, NOW + after, client=Client(address))


def test_a_changed_password_is_the_only_one_and_ends_every_other_sign_in(reference_engine: Engine) -> None:
    account(reference_engine)
    here, there = (try_password(reference_engine, "wang", PASSWORD) for _ in range(2))
    actor = who(reference_engine, here)
    with reading(reference_engine) as session:
        code = current_sign_in(session, here, NOW, samples=True).code
    assert change(reference_engine, actor, PASSWORD, sign_in=code)
    assert who(reference_engine, here) and who(reference_engine, there) is None
    assert try_password(reference_engine, "wang", PASSWORD) is None
    assert try_password(reference_engine, "wang", NEW)


def test_who_guesses_the_current_password_in_a_browser_is_heard_there_no_more(reference_engine: Engine) -> None:
    account(reference_engine)
    actor = who(reference_engine, try_password(reference_engine, "wang", PASSWORD))
    for _ in range(GUESSES_OF_ONE_NAME):
        assert not change(reference_engine, actor, "wrong", sign_in="stolen")
    assert not change(reference_engine, actor, PASSWORD, sign_in="stolen")
    assert try_password(reference_engine, "wang", PASSWORD)
    assert change(reference_engine, actor, PASSWORD, sign_in="own")


@pytest.mark.parametrize(
    ("new", "repeated", "field"),
    [
        ("short", "short", "new_password"),
        (NEW, NEW + "x", "repeated"),
        ("a" * 20, "a" * 20, "new_password"),
        ("x" * (MAX_PASSWORD + 1), "x" * (MAX_PASSWORD + 1), "new_password"),
        ("my name is Wang ok", "my name is Wang ok", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_a_password_that_will_not_do_is_told_and_the_old_one_stays(
    reference_engine: Engine, new: str, repeated: str, field: str
) -> None:
    account(reference_engine)
    actor = who(reference_engine, try_password(reference_engine, "wang", PASSWORD))
    with pytest.raises(InvalidInput) as refused:
        change(reference_engine, actor, PASSWORD, new, repeated)
    assert refused.value.field == field
    assert try_password(reference_engine, "wang", PASSWORD)


def test_an_invented_user_has_no_password_to_change(sample_copy_engine: Engine) -> None:
    with pytest.raises(NotAllowed):
        change(sample_copy_engine, Actor("sample-city", "示例", True, ()), "")
    with pytest.raises(NotFound):
        setup_code(sample_copy_engine, "sample-city")


def test_a_code_is_good_once_for_a_while_and_however_it_is_typed(reference_engine: Engine) -> None:
    account(reference_engine)
    code = setup_code(reference_engine)
    assert not redeem(reference_engine, "wang", code, SETUP_CODE_LASTS)
    assert not redeem(reference_engine, "zhao", code)
    assert not redeem(reference_engine, "wang", "")
    assert try_password(reference_engine, "wang", PASSWORD)  # the password stays valid until the code is used
    assert redeem(reference_engine, " wang ", f" {code.lower().replace('-', ' ')} ")
    assert not redeem(reference_engine, "wang", code)
    assert try_password(reference_engine, "wang", PASSWORD) is None
    assert try_password(reference_engine, "wang", NEW)


def test_a_newer_code_voids_the_older(reference_engine: Engine) -> None:
    account(reference_engine)
    older, newer = setup_code(reference_engine), setup_code(reference_engine)
    assert not redeem(reference_engine, "wang", older)
    assert redeem(reference_engine, "wang", newer)


def test_who_tried_wrong_passwords_redeems_a_code_which_ends_what_is_signed_in(
    reference_engine: Engine,
) -> None:
    account(reference_engine)
    token = try_password(reference_engine, "wang", PASSWORD)
    for _ in range(GUESSES_OF_ONE_NAME):
        try_password(reference_engine, "wang", "wrong")
    assert redeem(reference_engine, "wang", setup_code(reference_engine))
    assert who(reference_engine, token) is None
    assert try_password(reference_engine, "wang", NEW)


def test_an_account_out_of_use_takes_no_code(reference_engine: Engine) -> None:
    account(reference_engine)
    code = setup_code(reference_engine)
    with transaction(reference_engine) as session:
        session.scalars(sa.select(User)).one().active = False
    assert not redeem(reference_engine, "wang", code)


def test_guessing_codes_shuts_the_address_out(reference_engine: Engine) -> None:
    account(reference_engine)
    code = setup_code(reference_engine)
    with transaction(reference_engine) as session:
        for _ in range(GUESSES - 1):
            note_failure(session, Guesser.at("10.0.0.9", "somebody"), NOW)
    assert not redeem(reference_engine, "wang", "AAAA", address="10.0.0.9")
    assert not redeem(reference_engine, "wang", code, address="10.0.0.9")
    assert redeem(reference_engine, "wang", code, address="10.0.0.8")


def test_no_code_and_no_password_is_kept_in_clear(reference_engine: Engine) -> None:
    account(reference_engine)
    code = setup_code(reference_engine)
    with reading(reference_engine) as session:
        user = session.scalars(sa.select(User)).one()
        assert code not in (user.setup_code_hash or "") and user.setup_code_hash
        logged = str([vars(entry) for entry in session.scalars(sa.select(AuditEntry))])
    assert redeem(reference_engine, "wang", code)
    assert not any(secret in logged for secret in (PASSWORD, NEW, code))


@pytest.mark.one_database
def test_a_password_is_measured_only_for_a_right_code(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(reference_engine)
    code = setup_code(reference_engine)
    measured: list[str] = []
    monkeypatch.setattr(passwords, "why_soon_guessed", lambda password, **_: measured.append(password))
    assert not redeem(reference_engine, "wang", "AAAAA-AAAAA-AAAAA-AAAAA") and not measured
    assert not redeem(reference_engine, "nobody", code) and not measured
    assert redeem(reference_engine, "wang", code) and measured == [NEW]
