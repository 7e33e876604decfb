"""A person confirmed by the provider gets into the linked account, and into no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.accounts.accounts import User
from stations.accounts.sign_ins import NO_CLIENT, Method, SignIn, enter_as_sample
from stations.accounts.single_sign_on import (
    ATTEMPT_LASTS,
    OidcAttempt,
    UserIdentity,
    Vouched,
    begin_attempt,
    link_identity,
    list_identities,
    sign_in_vouched,
    take_attempt,
    unlink_identity,
)
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, NotAllowed, NotFound
from tests.conftest import NOW
from tests.stations.account_factories import PASSWORD, account, try_password, who

ISSUER = "https://id.example"
WANG = Vouched(ISSUER, "subject-of-wang")


def enter(engine: Engine, vouched: Vouched) -> str:
    with transaction(engine) as session:
        return sign_in_vouched(session, vouched, NOW, client=NO_CLIENT).token


def link(engine: Engine, username: str, vouched: Vouched) -> None:
    with transaction(engine) as session:
        user = session.scalars(sa.select(User).where(User.username == username)).one()
        link_identity(session, user, vouched, NOW)


def test_an_identity_that_nobody_linked_gets_in_nowhere(reference_engine: Engine) -> None:
    account(reference_engine)
    for vouched in (WANG, Vouched(ISSUER, "wang"), Vouched(ISSUER, "x", "nobody"), Vouched(ISSUER, "x", "wang\0")):
        with pytest.raises(NotAllowed, match="No account here"):
            enter(reference_engine, vouched)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_a_linked_identity_signs_in_with_the_duties_of_its_account(reference_engine: Engine) -> None:
    account(reference_engine)
    link(reference_engine, "wang", WANG)
    link(reference_engine, "wang", WANG)
    actor = who(reference_engine, enter(reference_engine, WANG))
    assert (actor.username, len(actor.duties)) == ("wang", 1)
    with reading(reference_engine) as session:
        assert session.scalars(sa.select(SignIn.method)).one() is Method.SINGLE_SIGN_ON
        assert len(list_identities(session, actor)) == 1
    for stranger in (Vouched("https://other.example", WANG.subject), Vouched(ISSUER, WANG.subject.upper())):
        with pytest.raises(NotAllowed):
            enter(reference_engine, stranger)


def test_a_trusted_claim_links_once_and_to_no_account_that_is_taken(reference_engine: Engine) -> None:
    account(reference_engine)
    assert who(reference_engine, enter(reference_engine, Vouched(ISSUER, "one", "wang"))).username == "wang"
    assert who(reference_engine, enter(reference_engine, Vouched(ISSUER, "one", "renamed"))).username == "wang"
    with pytest.raises(NotAllowed):
        enter(reference_engine, Vouched(ISSUER, "two", "wang"))
    with reading(reference_engine) as session:
        assert session.scalars(sa.select(UserIdentity.subject)).all() == ["one"]
        assert session.scalar(sa.select(AuditEntry.detail).where(AuditEntry.action == "link_identity")) == {
            "issuer": ISSUER
        }


def test_an_account_out_of_use_and_an_invented_one_are_not_entered(sample_copy_engine: Engine) -> None:
    account(sample_copy_engine)
    link(sample_copy_engine, "wang", WANG)
    with transaction(sample_copy_engine) as session:
        session.scalars(sa.select(User).where(User.username == "wang")).one().active = False
    for vouched in (WANG, Vouched(ISSUER, "x", "wang"), Vouched(ISSUER, "y", "sample-city")):
        with pytest.raises(NotAllowed):
            enter(sample_copy_engine, vouched)
    with transaction(sample_copy_engine) as session:
        token = enter_as_sample(session, "sample-city", NOW)
    with pytest.raises(NotAllowed), transaction(sample_copy_engine) as session:
        begin_attempt(session, next_page="", now=NOW, linking=who(sample_copy_engine, token))


def test_an_identity_belongs_to_one_account_until_it_is_let_go(reference_engine: Engine) -> None:
    account(reference_engine)
    account(reference_engine, "zhao")
    link(reference_engine, "wang", WANG)
    with pytest.raises(Conflict):
        link(reference_engine, "zhao", WANG)
    wang, zhao = (who(reference_engine, try_password(reference_engine, name, PASSWORD)) for name in ("wang", "zhao"))
    with transaction(reference_engine) as session:
        identity = list_identities(session, wang)[0].id
        with pytest.raises(NotFound):
            unlink_identity(session, zhao, identity, NOW)
        unlink_identity(session, wang, identity, NOW)
    link(reference_engine, "zhao", WANG)
    assert who(reference_engine, enter(reference_engine, WANG)).username == "zhao"


def test_an_attempt_comes_back_once_and_in_time(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = begin_attempt(session, next_page="/desk", now=NOW)
        second = begin_attempt(session, next_page="", now=NOW)
    assert len({first.state, first.nonce, first.code_verifier, second.state, second.nonce, second.code_verifier}) == 6
    with transaction(reference_engine) as session:
        taken = take_attempt(session, first.state, NOW)
        assert (taken.nonce, taken.code_verifier, taken.next_page) == (first.nonce, first.code_verifier, "/desk")
    for state, after in ((first.state, timedelta()), (second.state, ATTEMPT_LASTS), ("x", timedelta())):
        with pytest.raises(NotFound), transaction(reference_engine) as session:
            take_attempt(session, state, NOW + after)


def test_attempts_that_nobody_came_back_from_are_cleared_away(reference_engine: Engine) -> None:
    for after in (timedelta(), ATTEMPT_LASTS):
        with transaction(reference_engine) as session:
            attempt = begin_attempt(session, next_page="", now=NOW + after)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OidcAttempt)) == 1
        assert attempt.state not in str(session.execute(sa.select(OidcAttempt.state_hash)).all())
