from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.errors import InvalidForm
from stations.requests.attached_file import check_file
from stations.requests.attachments import attach_to_draft, list_attachments, list_draft_attachments
from stations.requests.code_session import is_opened, new_browser_token
from stations.requests.draft import (
    KEEP_FOR,
    RECEIPT_FOR,
    RequestDraft,
    code_for,
    discard_draft,
    filed_from,
    find_draft,
    new_draft,
    open_draft,
    open_drafts,
    put_receipt_away,
    save_draft,
)
from stations.requests.draft_filing import file_draft, secrets_of
from stations.requests.handling import look_up
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import ALPHABET, code_matches
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.file_samples import PDF
from tests.stations.request_factories import KUNSHAN, filled_form, new_credit_code

ADDRESS = "/request?service=metrology.calibration"
TELEPHONES = count()


def one_browser(engine: Engine) -> tuple[str, str, RequestForm]:
    """Return a browser with a new draft, the draft's key, and a valid form that is no duplicate."""
    browser = new_browser_token()
    with transaction(engine) as session:
        station = add_station(session, KUNSHAN)
        key = save_draft(session, browser, {"firm_name": "测试"}, NOW).key
    return browser, key, filled_form(station, credit_code=new_credit_code(), despite_duplicate=False)


def send(engine: Engine, browser: str, key: str, form: RequestForm, now: datetime = NOW) -> tuple[str, str]:
    draft = secrets_of(browser, key, form)
    with transaction(engine) as session:
        request = file_draft(session, browser, key, form, ADDRESS, draft, now=now, samples=True)
        return request.number, draft.code


def test_a_draft_is_found_again_by_its_browser_alone_until_it_runs_out(reference_engine: Engine) -> None:
    browser, other = new_browser_token(), new_browser_token()
    with transaction(reference_engine) as session:
        save_draft(session, browser, {"firm_name": "甲"}, NOW)
        save_draft(session, browser, {"firm_name": "甲乙"}, NOW + timedelta(days=1))
    late = NOW + timedelta(days=1) + KEEP_FOR
    with reading(reference_engine) as session:
        assert find_draft(session, other, NOW) is None
        assert find_draft(session, browser, late - timedelta(seconds=1)).content == {"firm_name": "甲乙"}
        assert find_draft(session, browser, late) is None
        kept = session.scalar(sa.select(RequestDraft))
        assert browser not in f"{vars(kept)}", "the database can't tell the browser's token"
    with transaction(reference_engine) as session:
        save_draft(session, other, {}, late)
        assert session.scalar(sa.select(sa.func.count()).select_from(RequestDraft)) == 1, "what ran out is deleted"


def test_a_discarded_draft_is_gone_with_its_files(reference_engine: Engine) -> None:
    browser, key, _form = one_browser(reference_engine)
    with transaction(reference_engine) as session:
        attach_to_draft(session, open_draft(session, browser, NOW), check_file("a.pdf", PDF), now=NOW)
        discard_draft(session, browser)
    with reading(reference_engine) as session:
        assert find_draft(session, browser, NOW) is None
        for table in ("request_draft", "attachment"):
            assert session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) == 0


def test_two_tabs_begin_one_draft(reference_engine: Engine) -> None:
    browser = new_browser_token()

    def begin(number: int) -> str:
        with transaction(reference_engine) as session:
            return save_draft(session, browser, {"tab": number}, NOW).key

    with ThreadPoolExecutor(4) as tabs:
        assert len(set(tabs.map(begin, range(8)))) == 1


def test_each_form_keeps_a_draft_of_its_own(reference_engine: Engine) -> None:
    browser, key, form = one_browser(reference_engine)
    with transaction(reference_engine) as session:
        first, second = find_draft(session, browser, NOW), new_draft(session, browser, NOW)
        assert first and first.key == key
        save_draft(session, browser, {"firm_name": "乙"}, NOW, second.serial)
        assert [one.content["firm_name"] for one in open_drafts(session, browser, NOW)] == ["乙", "测试"]
        assert open_drafts(session, new_browser_token(), NOW) == []
        attach_to_draft(session, open_draft(session, browser, NOW, second.serial), check_file("乙.pdf", PDF), now=NOW)
        serial = second.serial
    send(reference_engine, browser, key, form)
    with transaction(reference_engine) as session:
        kept = find_draft(session, browser, NOW, serial)
        assert kept and kept.content == {"firm_name": "乙"}, "filing one form leaves the other alone"
        assert [file.name for file in list_draft_attachments(session, kept)] == ["乙.pdf"]
        discard_draft(session, browser, serial)
        assert find_draft(session, browser, NOW, serial) is None


def test_filing_takes_the_files_along_empties_the_draft_and_opens_the_request_in_the_browser(
    reference_engine: Engine,
) -> None:
    browser, key, form = one_browser(reference_engine)
    with transaction(reference_engine) as session:
        attach_to_draft(session, open_draft(session, browser, NOW), check_file("清单.pdf", PDF), now=NOW)
    with pytest.raises(InvalidForm):
        send(reference_engine, browser, key, replace(form, consent=False))
    with reading(reference_engine) as session:
        assert find_draft(session, browser, NOW).content == {"firm_name": "测试"}, "a refused form loses nothing"
    number, code = send(reference_engine, browser, key, form)
    with reading(reference_engine) as session:
        request = look_up(session, number, code)
        assert [file.name for file in list_attachments(session, request)] == ["清单.pdf"]
        assert is_opened(session, browser, request, NOW) and not is_opened(session, new_browser_token(), request, NOW)
        assert find_draft(session, browser, NOW) is None
        assert [draft.content for draft in session.scalars(sa.select(RequestDraft))] == [{}]


def test_the_receipt_is_found_again_after_a_reload_for_a_while_only(reference_engine: Engine) -> None:
    browser, key, form = one_browser(reference_engine)
    number, code = send(reference_engine, browser, key, form)
    with transaction(reference_engine) as session:
        again = filed_from(session, browser, ADDRESS, NOW)
        assert (again.number, code_for(browser, again.draft_key)) == (number, code)
        assert filed_from(session, new_browser_token(), ADDRESS, NOW) is None
        assert filed_from(session, browser, "/request", NOW) is None
        assert filed_from(session, browser, ADDRESS, NOW + RECEIPT_FOR) is None
        put_receipt_away(session, browser, ADDRESS)
        assert filed_from(session, browser, ADDRESS, NOW) is None


def test_sent_at_once_from_several_tabs_it_is_one_request_with_one_code(reference_engine: Engine) -> None:
    browser, key, form = one_browser(reference_engine)
    with ThreadPoolExecutor(6) as tabs:
        answers = set(tabs.map(lambda _: send(reference_engine, browser, key, form), range(12)))
    assert len(answers) == 1
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ServiceRequest)) == 1
        ((number, code),) = answers
        assert code_matches(session.scalar(sa.select(ServiceRequest.code_hash)), code)


def test_two_tabs_that_ask_for_different_things_file_both(reference_engine: Engine) -> None:
    browser, key, form = one_browser(reference_engine)
    other = replace(form, services=("standards.lookup",))
    numbers = {send(reference_engine, browser, key, asked)[0] for asked in (form, other, form, other)}
    assert len(numbers) == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(["first", "second", "reload", "type"]), min_size=1, max_size=8))
def test_filing_is_idempotent_under_any_repetition(reference_engine: Engine, order: list[str]) -> None:
    browser, key, form = one_browser(reference_engine)
    form = replace(form, phone=f"139{next(TELEPHONES):08d}")  # one files so many a day, and the examples are many
    asks = {"first": form, "second": replace(form, services=("standards.lookup",))}
    answers: dict[str, set[tuple[str, str]]] = {name: set() for name in asks}
    for minute, step in enumerate(order):
        now = NOW + timedelta(minutes=minute)
        if step in asks:
            answers[step].add(send(reference_engine, browser, key, asks[step], now))
        elif step == "type":
            with transaction(reference_engine) as session:
                save_draft(session, browser, {"typed": minute}, now)
        else:
            with reading(reference_engine) as session:
                filed_from(session, browser, ADDRESS, now)
    assert all(len(told) == (name in order) for name, told in answers.items())
    with reading(reference_engine) as session:
        filed = session.scalar(
            sa.select(sa.func.count())
            .select_from(ServiceRequest)
            .where(ServiceRequest.station.has(code=form.station_code))
        )
    assert filed == len(set(order) & set(asks))


@given(st.text(min_size=1), st.text())
def test_a_code_is_the_same_each_time_and_another_for_every_browser_and_key(browser: str, key: str) -> None:
    code = code_for(browser, key)
    assert code == code_for(browser, key) and len(code) == 10 and set(code) <= set(ALPHABET)
    assert code != code_for(browser + "x", key) and code != code_for(browser, key + "x")
