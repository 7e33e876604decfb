from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.request_filing import Draft
from stations.request_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, WrongTry, try_look_up
from tests.conftest import NOW
from tests.stations.request_factories import file_one

MINUTE = timedelta(minutes=1)


def asked(engine: Engine, number: str, code: str, minutes: int = 0) -> str | None:
    with transaction(engine) as session:
        request = try_look_up(session, number, code, now=NOW + minutes * MINUTE, samples=True)
        return request.number if request else None


@pytest.fixture
def filed(reference_engine: Engine) -> tuple[str, str]:
    draft = Draft()
    with transaction(reference_engine) as session:
        return file_one(session, draft=draft).number, draft.code


def test_the_right_code_opens(reference_engine: Engine, filed: tuple[str, str]) -> None:
    assert asked(reference_engine, *filed) == filed[0]


def test_several_wrong_tries_close_the_number_to_its_own_code_for_a_while(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    number, code = filed
    for minute in range(TRIES_BEFORE_CLOSING):
        assert asked(reference_engine, number.lower() if minute % 2 else number, "WRONG", minute) is None
    assert asked(reference_engine, number, code, TRIES_BEFORE_CLOSING) is None
    assert asked(reference_engine, number, code, CLOSED_FOR // MINUTE) == number


def test_the_right_code_forgets_the_wrong_tries_before_it(reference_engine: Engine, filed: tuple[str, str]) -> None:
    number, code = filed
    for _ in range(3):
        for _ in range(TRIES_BEFORE_CLOSING - 1):
            assert asked(reference_engine, number, "WRONG") is None
        assert asked(reference_engine, number, code) == number


def test_one_number_closes_without_the_others(reference_engine: Engine, filed: tuple[str, str]) -> None:
    for _ in range(TRIES_BEFORE_CLOSING + 1):
        assert asked(reference_engine, "Q261124-000000", filed[1]) is None
    assert asked(reference_engine, *filed) == filed[0]


def test_tries_are_kept_no_longer_than_needed_and_without_what_was_typed(
    reference_engine: Engine, filed: tuple[str, str]
) -> None:
    number, code = filed
    asked(reference_engine, code, code)  # the code typed where the number belongs
    with reading(reference_engine) as session:
        kept = session.scalars(sa.select(WrongTry.number_hash)).all()
    assert len(kept) == 1 and code not in kept[0] and number not in kept[0]
    asked(reference_engine, number, code, 60)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WrongTry)) == 0
