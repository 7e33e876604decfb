"""What is sent twice under one key is done once, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.requests.idempotency import (
    KEPT_FOR,
    LEASE,
    Attempt,
    IdempotencyKey,
    InProgress,
    KeyUsed,
    begin,
    finish,
    forget_secrets,
    give_up,
    read_key,
)
from tests.conftest import NOW

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def done(engine: Engine, attempt: Attempt, number: str) -> None:
    with transaction(engine) as session:
        finish(session, attempt, {"number": number}, number)


def test_the_answer_is_given_again_for_a_day_and_its_secret_with_it(empty_engine: Engine) -> None:
    first = begin(empty_engine, "file", KEY, "content", now=NOW)
    assert first.answer is None
    done(empty_engine, first, "Q1")
    again = begin(empty_engine, "file", KEY, "content", now=NOW + KEPT_FOR - timedelta(seconds=1))
    assert again.answer == {"number": "Q1"}
    assert again.secret_code() == first.secret_code() and again.draft_key() == first.draft_key()
    other = begin(empty_engine, "something else", KEY, "content", now=NOW)
    assert other.answer is None and other.secret_code() != first.secret_code()
    late = begin(empty_engine, "file", KEY, "content", now=NOW + KEPT_FOR)
    assert late.answer is None and late.secret_code() != first.secret_code()


def test_other_content_is_refused_and_an_attempt_at_work_is_waited_for(empty_engine: Engine) -> None:
    begin(empty_engine, "file", KEY, "content", now=NOW)
    with pytest.raises(KeyUsed):
        begin(empty_engine, "file", KEY, "other", now=NOW)
    with pytest.raises(InProgress):
        begin(empty_engine, "file", KEY, "content", now=NOW + LEASE - timedelta(seconds=1))


def test_the_attempt_of_a_server_that_died_is_taken_over_and_can_no_longer_end(empty_engine: Engine) -> None:
    dead = begin(empty_engine, "file", KEY, "content", now=NOW)
    second = begin(empty_engine, "file", KEY, "content", now=NOW + LEASE)
    assert second.draft_key() == dead.draft_key() and second.secret_code() == dead.secret_code()
    with pytest.raises(InProgress):
        done(empty_engine, dead, "Q1")
    give_up(empty_engine, dead)
    done(empty_engine, second, "Q2")
    give_up(empty_engine, second)  # too late to be given up
    assert begin(empty_engine, "file", KEY, "content", now=NOW).answer == {"number": "Q2"}


def test_an_attempt_that_made_nothing_is_forgotten_and_so_are_secrets(empty_engine: Engine) -> None:
    give_up(empty_engine, begin(empty_engine, "file", KEY, "wrong", now=NOW))
    right = begin(empty_engine, "file", KEY, "right", now=NOW)
    done(empty_engine, right, "Q1")
    with transaction(empty_engine) as session:
        forget_secrets(session, ["Q1"])
    again = begin(empty_engine, "file", KEY, "right", now=NOW)
    assert (again.answer, again.secret_code()) == ({"number": "Q1"}, None)


def test_nothing_of_key_or_content_can_be_found_in_the_database(empty_engine: Engine) -> None:
    begin(empty_engine, "file", KEY, "13900001234", now=NOW)
    with reading(empty_engine) as session:
        kept = str(session.execute(sa.select(sa.inspect(IdempotencyKey).local_table)).all())
    assert KEY not in kept and "13900001234" not in kept


@pytest.mark.parametrize(
    ("written", "key"),
    [(KEY, KEY), (f'"{KEY}"', KEY), (f' "{KEY}" ', KEY), (r'"0123456789abcde\"\\"', '0123456789abcde"\\')],
)
def test_a_key_is_read_with_and_without_quotes(written: str, key: str) -> None:
    assert read_key(written) == key


@pytest.mark.parametrize("written", ["", "short", "x" * 201, "0123456789 abcdef", "0123456789abcdé", "0123456789abc\n"])
def test_a_key_that_cannot_be_used(written: str) -> None:
    with pytest.raises(InvalidInput):
        read_key(written)


@pytest.mark.one_database
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_key_does_what_came_first_once(empty_engine: Engine, sent: list[tuple[str, str]]) -> None:
    prefix, first = str(uuid4()), dict[str, str]()
    for place, (key, content) in enumerate(sent):
        if first.setdefault(key, content) != content:
            with pytest.raises(KeyUsed):
                begin(empty_engine, "file", prefix + key, content, now=NOW)
            continue
        attempt = begin(empty_engine, "file", prefix + key, content, now=NOW)
        before = [one for one in sent[:place] if one == (key, content)]
        assert (attempt.answer is not None) == bool(before)
        if attempt.answer is None:
            done(empty_engine, attempt, key)
