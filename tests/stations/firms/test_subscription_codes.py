"""Six digits confirm the address that wants to be told of an opening, with and without links in messages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, select

from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.firms.subscription_codes import open_by_code, send_code_again
from stations.firms.subscriptions import Subscription
from stations.notices.outbox import Notice
from stations.requests.one_time_code import TRIES, VALID_FOR
from tests.conftest import NOW
from tests.stations.firms.test_reminders import FORM, ask, asked_and_confirmed

ADDRESS = FORM["notice_address"]


def newest(engine: Engine) -> tuple[str, str]:
    """The six digits in the newest message, and its text."""
    with reading(engine) as session:
        text = session.scalars(select(Notice.text).order_by(Notice.id.desc()).limit(1)).one()
    return re.findall(r"\b\d{6}\b", text)[0], text


def entered(engine: Engine, code: str, now=NOW, address: str = ADDRESS) -> list[str]:
    with transaction(engine) as session:
        return [one.county_adcode for one in open_by_code(session, address, code, now)]


def confirmed(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.scalars(select(Subscription).where(Subscription.confirmed_at.is_not(None))).all())


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.parametrize("public_url", ["", "https://portal.example.com"])
def test_a_code_and_where_there_is_an_address_a_link(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch, public_url: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    ask(reference_engine)
    code, text = newest(reference_engine)
    assert ("https://" in text) is bool(public_url)
    assert not re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}", text), "no long code to type"
    assert entered(reference_engine, other_than(code)) == []
    assert confirmed(reference_engine) == 0
    assert entered(reference_engine, f" {code[:3]} {code[3:]} ", address="A@example.com".lower()) == ["320583"]
    assert confirmed(reference_engine) == 1
    assert entered(reference_engine, code) == [], "good once"


def test_one_code_confirms_all_that_the_address_waits_for(reference_engine: Engine) -> None:
    ask(reference_engine)
    first, _text = newest(reference_engine)
    ask(reference_engine, county_adcode="320582")
    second, _text = newest(reference_engine)
    if first != second:
        assert entered(reference_engine, first) == []
    assert sorted(entered(reference_engine, second)) == ["320582", "320583"]


def test_a_code_runs_out_of_time_and_of_tries_and_a_new_one_can_be_asked_for(reference_engine: Engine) -> None:
    ask(reference_engine)
    code, _text = newest(reference_engine)
    assert entered(reference_engine, code, NOW + VALID_FOR) == []
    for _try in range(TRIES):
        assert entered(reference_engine, other_than(code)) == []
    assert entered(reference_engine, code) == []
    with transaction(reference_engine) as session:
        send_code_again(session, ADDRESS, NOW)
    code, _text = newest(reference_engine)
    assert entered(reference_engine, code) == ["320583"]


def test_asking_again_tells_nobody_who_waits_and_reaches_no_stranger(reference_engine: Engine) -> None:
    asked_and_confirmed(reference_engine)
    with transaction(reference_engine) as session:
        for address in ("stranger@example.com", "13800001234"):
            send_code_again(session, address, NOW)
        with pytest.raises(InvalidInput):
            send_code_again(session, "nobody", NOW)
        for _time in range(9):
            send_code_again(session, ADDRESS, NOW)
    with reading(reference_engine) as session:
        assert set(session.scalars(select(Notice.address))) == {ADDRESS}
        assert len(session.scalars(select(Notice)).all()) == 5, "no more codes in a day than are allowed"
