from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.requests.code_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, WAITS, WrongTry, try_look_up
from stations.requests.filing import Draft
from tests.conftest import NOW
from tests.stations.request_factories import file_one

MINUTE = timedelta(minutes=1)


def asked(
    engine: Engine, number: str, code: str, minutes: int = 0, client: str = "owner"
) -> tuple[str | None, timedelta]:
    found = try_look_up(engine, number, code, client=client, now=NOW + minutes * MINUTE, samples=True)
    return found.found and found.found.number, found.wait


@pytest.fixture
def filed(reference_engine: Engine) -> tuple[str, str]:
    draft = Draft()
    with transaction(reference_engine) as session:
        return file_one(session, draft=draft).number, draft.code


def test_the_right_code_opens_at_once(reference_engine: Engine, filed: tuple[str, str]) -> None:
    assert asked(reference_engine, *filed) == (filed[0], timedelta())


def test_each_wrong_try_makes_the_number_slower_and_the_owner_still_gets_in(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    number, code = filed
    waits = [
        asked(reference_engine, number.lower() if turn % 2 else number, "WRONG", client=f"stranger {turn}")[1]
        for turn in range(len(WAITS) + 3)
    ]
    assert waits == [*WAITS, WAITS[-1], WAITS[-1], WAITS[-1]]
    assert waits == sorted(waits) and waits[-1] > timedelta()
    assert asked(reference_engine, number, code) == (number, WAITS[-1])
    assert asked(reference_engine, number, code, CLOSED_FOR // MINUTE) == (number, timedelta())


def test_a_number_that_does_not_exist_grows_slow_alike(reference_engine: Engine, filed: tuple[str, str]) -> None:
    told = [
        [asked(reference_engine, number, "WRONG", client=f"{number} {turn}") for turn in range(5)]
        for number in (filed[0], "Q261124-000000")
    ]
    assert told[0] == told[1]


def test_one_client_is_closed_whatever_the_numbers_and_others_are_not(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    for turn in range(TRIES_BEFORE_CLOSING):
        assert asked(reference_engine, f"Q261124-{turn:06d}", filed[1], turn // 2, client="stranger")[0] is None
    assert asked(reference_engine, *filed, 12, client="stranger")[0] is None
    assert asked(reference_engine, *filed, 12)[0] == filed[0]
    assert asked(reference_engine, *filed, CLOSED_FOR // MINUTE, client="stranger")[0] == filed[0]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (lambda turn: f"2001:db8:0:1:{turn:x}::{turn + 1:x}", "2001:db8:0:2::1"),
        (lambda turn: ("192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207")[turn % 3], "192.0.2.8"),
    ],
    ids=["one /64 of IPv6", "IPv4 in several notations"],
)
def test_another_address_of_ones_network_is_no_new_client(
    reference_engine: Engine, filed: tuple[str, str], addresses: Callable[[int], str], other: str
) -> None:
    for turn in range(TRIES_BEFORE_CLOSING):
        assert asked(reference_engine, f"Q261124-{turn:06d}", filed[1], client=addresses(turn))[0] is None
    assert asked(reference_engine, *filed, client=addresses(TRIES_BEFORE_CLOSING))[0] is None
    assert asked(reference_engine, *filed, client=other)[0] == filed[0]


def test_the_right_code_forgets_the_owners_slips_and_nobody_elses(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    number, code = filed
    for _ in range(2):
        for _ in range(TRIES_BEFORE_CLOSING - 1):
            assert asked(reference_engine, number, "WRONG")[0] is None
        assert asked(reference_engine, number, code)[0] == number
    asked(reference_engine, number, "WRONG", client="stranger")
    asked(reference_engine, number, code)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WrongTry)) == 1


def test_tries_are_kept_no_longer_than_needed_and_without_what_was_typed(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    number, code = filed
    asked(reference_engine, code, code, client="192.0.2.7")  # the code entered in place of the number
    with reading(reference_engine) as session:
        (kept,) = session.scalars(sa.select(WrongTry)).all()
    for told in (code, number, "192.0.2.7"):
        assert told not in kept.number_hash + kept.client_hash
    asked(reference_engine, number, code, 60)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WrongTry)) == 0
