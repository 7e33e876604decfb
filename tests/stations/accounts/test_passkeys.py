"""Passkeys: made and used in the browser that was asked, at this address, once; and gone with the second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts.admission import complete, owing
from stations.accounts.factor_check import Given
from stations.accounts.operator_actions import reset_second_factor_as_operator
from stations.accounts.passkeys import (
    MOST,
    QUESTION_LASTS,
    Passkey,
    PasskeyChallenge,
    RelyingParty,
    add_passkey,
    ask_to_make,
    ask_to_use,
    list_passkeys,
    remove_passkey,
    use_passkey,
)
from stations.accounts.password_check import sign_in
from stations.accounts.sign_ins import Client
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidInput, NotFound
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, SEALED, account, enrol, user_of, who
from tests.stations.accounts.authenticator import Authenticator

PARTY = RelyingParty("portal.example.com", "https://portal.example.com", "质量小站")
PHISHER = RelyingParty("portal.example.com", "https://portal.example.com.evil.example", "质量小站")
MINUTE = timedelta(minutes=1)


def made(engine: Engine, username: str = "wang", **of_device: bool) -> Authenticator:
    device = Authenticator(PARTY.origin, **of_device)
    with transaction(engine) as session:
        user = user_of(session, username)
        question = ask_to_make(session, user, PARTY, NOW, begun_in="here")
        add_passkey(session, user, device.make(question), "办公室电脑", PARTY, NOW, begun_in="here")
    return device


def use(engine: Engine, device: Authenticator, username: str | None, **changed: object) -> str | None:
    """Ask, have it answered, and return who that was. ``changed``: what differs between the two."""
    with transaction(engine) as session:
        user = user_of(session, username) if username else None
        question = ask_to_use(session, user, PARTY, NOW, begun_in="here")
        given = {
            "user": user,
            "answer": device.use(question),
            "party": PARTY,
            "now": NOW,
            "begun_in": "here",
            **changed,
        }
        found = use_passkey(session, **given)
        return found.username if found else None


def test_a_passkey_stands_for_the_code_and_for_the_password(reference_engine: Engine) -> None:
    account(reference_engine)
    enrol(reference_engine)
    device = made(reference_engine)
    pending = sign_in(reference_engine, "wang", PASSWORD, NOW, settings=SEALED)
    assert pending and not pending.complete
    with transaction(reference_engine) as session:
        debt = owing(session, pending.token, NOW)
        assert debt and debt.has_passkey
        user = user_of(session)
        question = ask_to_use(session, user, PARTY, NOW, begun_in=pending.token)
        assert use_passkey(session, user, device.use(question), PARTY, NOW + MINUTE, begun_in=pending.token)
        token = complete(session, user, pending.token, Client(), NOW, second_factor=Given.PASSKEY)
    assert who(reference_engine, token)
    assert use(reference_engine, device, None) == "wang"
    with reading(reference_engine) as session:
        (key,) = list_passkeys(session, "wang")
        assert (key.name, key.sign_count, key.last_used_at) == ("办公室电脑", 2, NOW)
        noted = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.in_(["add_passkey", "sign_in"]))).all()
        assert [one.detail.get("second_factor") for one in noted] == [None, "passkey"]
        assert session.scalar(sa.select(sa.func.count()).select_from(PasskeyChallenge)) == 0, "each is answered once"


@pytest.mark.one_database
@pytest.mark.parametrize(
    "changed",
    [
        {"begun_in": "elsewhere"},
        {"now": NOW + QUESTION_LASTS},
        {"party": PHISHER},
        {"party": RelyingParty("example.com", PARTY.origin, "")},
        {"answer": ""},
        {"answer": "{}"},
        {"answer": "[1]"},
        {"answer": '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"AA"}}'},
    ],
    ids=str,
)
@pytest.mark.parametrize("username", ["wang", None])
def test_an_answer_given_elsewhere_late_or_for_another_address_opens_nothing(
    reference_engine: Engine, username: str | None, changed: dict[str, object]
) -> None:
    account(reference_engine)
    assert use(reference_engine, made(reference_engine), username, **changed) is None


@pytest.mark.one_database
def test_an_answer_counts_once_and_a_copied_key_is_noticed(reference_engine: Engine) -> None:
    account(reference_engine)
    device = made(reference_engine)
    with transaction(reference_engine) as session:
        answer = device.use(ask_to_use(session, None, PARTY, NOW, begun_in="here"))
        assert use_passkey(session, None, answer, PARTY, NOW, begun_in="here")
        assert use_passkey(session, None, answer, PARTY, NOW, begun_in="here") is None
    device.count = 0
    assert use(reference_engine, device, None) is None


@pytest.mark.one_database
def test_nobodys_key_opens_for_another(reference_engine: Engine) -> None:
    for name in ("wang", "li"):
        account(reference_engine, name)
    device, stranger = made(reference_engine), Authenticator(PARTY.origin)
    assert use(reference_engine, device, "li") is None
    assert use(reference_engine, stranger, None) is None
    forged = Authenticator(PARTY.origin, credential_id=device.credential_id, count=7)
    assert use(reference_engine, forged, "wang") is None
    with transaction(reference_engine) as session:
        user_of(session).active = False
    assert use(reference_engine, device, None) is None


@pytest.mark.one_database
def test_without_finger_or_pin_it_stands_for_the_code_only(reference_engine: Engine) -> None:
    account(reference_engine)
    device = made(reference_engine, verifies=False)
    assert use(reference_engine, device, None) is None
    assert use(reference_engine, device, "wang") == "wang"


@pytest.mark.one_database
def test_what_can_not_be_made_is_told(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "li")
    device = made(reference_engine)

    def add(answer: Callable[[str], str], name: str = "手机", begun_in: str = "here", who: str = "wang") -> None:
        with transaction(reference_engine) as session:
            user = user_of(session)
            question = ask_to_make(session, user, PARTY, NOW, begun_in="here")
            add_passkey(session, user_of(session, who), answer(question), name, PARTY, NOW, begun_in=begun_in)

    new = Authenticator(PARTY.origin)
    for field, given in (
        ("name", {"answer": new.make, "name": " "}),
        ("name", {"answer": new.make, "name": "长" * 61}),
        ("credential", {"answer": device.make}),
        ("credential", {"answer": new.make, "begun_in": "elsewhere"}),
        ("credential", {"answer": new.make, "who": "li"}),
        ("credential", {"answer": Authenticator(PHISHER.origin).make}),
        ("credential", {"answer": lambda _: "x"}),
        ("credential", {"answer": lambda _: "{}"}),
    ):
        with pytest.raises(InvalidInput) as told:
            add(**given)
        assert told.value.field == field, given
    for number in range(MOST - 1):
        add(Authenticator(PARTY.origin).make, f"第{number}个")
    with pytest.raises(Conflict, match="passkeys"):
        add(new.make)


def test_it_is_removed_alone_or_with_the_second_factor(reference_engine: Engine) -> None:
    for name in ("wang", "li"):
        account(reference_engine, name)
        enrol(reference_engine, name)
    first, other = made(reference_engine), made(reference_engine, "li")
    made(reference_engine)
    with transaction(reference_engine) as session:
        keys = list_passkeys(session, "wang")
        remove_passkey(session, user_of(session), keys[0].id, NOW)
        for gone in (keys[0].id, list_passkeys(session, "li")[0].id):
            with pytest.raises(NotFound):
                remove_passkey(session, user_of(session), gone, NOW)
    assert use(reference_engine, first, None) is None
    with transaction(reference_engine) as session:
        reset_second_factor_as_operator(session, "wang", now=NOW)
        assert session.scalar(sa.select(sa.func.count()).select_from(Passkey)) == 1
    assert use(reference_engine, other, None) == "li"
