from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import InvalidForm
from stations.registry.station import Status
from stations.requests.filing import Draft, file_request
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party, State
from stations.secret_codes import ALPHABET, read_code, read_number
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.request_factories import CREDIT_CODE, KUNSHAN, SERVICES, file_one, filled_form


def wrong_fields(engine: Engine, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidForm) as refused, transaction(engine) as session:
        file_one(session, **changes)
    return {problem.field: str(problem) for problem in refused.value.problems}


def test_a_request_is_written_with_its_items_its_first_event_and_an_audit_entry(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = file_one(session, draft=draft).number
    with reading(reference_engine) as session:
        request = session.scalar(sa.select(ServiceRequest))
        assert request.number == number
        assert request.state is State.SUBMITTED
        assert [item.service_code for item in request.items] == list(SERVICES)
        assert [(event.party, event.source, event.target) for event in request.events] == [
            (Party.FIRM, None, State.SUBMITTED)
        ]
        assert request.consented_at == NOW
        assert request.email is None
        entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "file_request"))
        assert entry.subject == number
        kept = f"{vars(entry)} {request.code_hash}"
        assert draft.code not in kept and request.firm_name not in kept


def test_the_same_draft_files_one_request_however_often_it_is_sent(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
    form = filled_form(station)

    def send(_: int) -> str:
        with transaction(reference_engine) as session:
            return file_request(session, form, draft, now=NOW, samples=True).number

    with ThreadPoolExecutor(4) as senders:
        numbers = set(senders.map(send, range(8)))
    assert len(numbers) == 1
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ServiceRequest)) == 1


def test_two_drafts_are_two_requests_with_codes_of_their_own(reference_engine: Engine) -> None:
    first, second = Draft(), Draft()
    assert first.code != second.code and first.key != second.key
    with transaction(reference_engine) as session:
        assert file_one(session, draft=first).number != file_one(session, draft=second).number


def test_every_wrong_field_is_told_at_once_and_nothing_is_written(reference_engine: Engine) -> None:
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        file_request(session, RequestForm(wanted_on=date(2026, 11, 23)), Draft(), now=NOW, samples=True)
    assert {problem.field for problem in refused.value.problems} == {
        "services",
        "firm_name",
        "credit_code",
        "contact_name",
        "phone",
        "county_adcode",
        "product",
        "wanted_on",
        "consent",
    }
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ServiceRequest)) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firm_name", "   "),
        ("firm_name", "厂" * 121),
        ("firm_name", "测试\x00公司"),
        ("credit_code", CREDIT_CODE[:-1] + ("0" if CREDIT_CODE[-1] != "0" else "1")),
        ("credit_code", CREDIT_CODE[:-1]),
        ("contact_name", ""),
        ("phone", "-------"),
        ("phone", "138 000"),
        ("phone", "call me"),
        ("email", "wang.example"),
        ("email", f"{'a' * 160}@firm.example"),
        ("product", ""),
        ("description", "x" * 4001),
        ("description", "一\x00二"),
        ("county_adcode", "110000"),
        ("services", ("metrology",)),
        ("services", ("metrology.none",)),
        ("consent", False),
        ("wanted_on", date(2026, 11, 23)),
    ],
)
def test_a_wrong_field_is_named(reference_engine: Engine, field: str, value: Any) -> None:
    assert set(wrong_fields(reference_engine, **{field: value})) == {field}


def test_a_credit_code_that_is_printed_so_is_filed_and_stays_doubtful(reference_engine: Engine) -> None:
    code = CREDIT_CODE[:-1] + ("0" if CREDIT_CODE[-1] != "0" else "1")
    with transaction(reference_engine) as session:
        form = filled_form(add_station(session, "320583"), credit_code=code, credit_code_as_printed=True)
        assert file_request(session, form, Draft(), now=NOW, samples=True).credit_code == code


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("credit_code", f" {CREDIT_CODE.lower()} ", CREDIT_CODE),
        ("credit_code", f"{CREDIT_CODE[:8]} {CREDIT_CODE[8:]}", CREDIT_CODE),
        ("credit_code", "".join(chr(ord(character) + 0xFEE0) for character in CREDIT_CODE), CREDIT_CODE),
        ("phone", "（０５１２）５５５５００００", "(0512)55550000"),
        ("phone", "+86 138-0000-0000", "+86 138-0000-0000"),
        ("phone", "0512-55550000-8012", "0512-55550000转8012"),
        ("email", "ｗａｎｇ@firm.example ", "wang@firm.example"),
        ("firm_name", " 测试（昆山）有限公司 ", "测试（昆山）有限公司"),
    ],
)
def test_what_is_typed_in_full_width_or_with_spaces_is_read(
    reference_engine: Engine, field: str, typed: str, kept: str
) -> None:
    with transaction(reference_engine) as session:
        file_one(session, **{field: typed})
    with reading(reference_engine) as session:
        assert getattr(session.scalar(sa.select(ServiceRequest)), field) == kept


def test_days_are_chinas(reference_engine: Engine) -> None:
    past_midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 00:30 on the 25th in China
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, [(Status.ACTIVE, "2026-11-25")])
        form = filled_form(station, wanted_on=date(2026, 11, 25))
        request = file_request(session, form, Draft(), now=past_midnight, samples=True)
        assert request.number.startswith("Q261125-")
        with pytest.raises(InvalidForm) as refused:
            late = replace(form, wanted_on=date(2026, 11, 24))
            file_request(session, late, Draft(), now=past_midnight, samples=True)
        assert [problem.field for problem in refused.value.problems] == ["wanted_on"]


@pytest.mark.parametrize("status", [Status.PLANNED, Status.SUSPENDED, Status.CLOSED])
def test_a_station_that_does_not_work_today_takes_no_request(reference_engine: Engine, status: Status) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, [(Status.ACTIVE, "2022-01-01"), (status, "2026-11-24")])
    with pytest.raises(InvalidForm, match="not in operation"), transaction(reference_engine) as session:
        file_request(session, filled_form(station), Draft(), now=NOW, samples=True)


def test_a_station_takes_what_it_offers_by_service_or_by_group(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        named = add_station(session, KUNSHAN, services=SERVICES)
        grouped = add_station(session, KUNSHAN, services=("metrology", "testing"))
        neither = add_station(session, KUNSHAN, services=("metrology", "standards"))
        for station in (named, grouped):
            file_request(session, filled_form(station), Draft(), now=NOW, samples=True)
        with pytest.raises(InvalidForm, match="does not offer"):
            file_request(session, filled_form(neither), Draft(), now=NOW, samples=True)


def test_a_sample_station_makes_a_sample_request_and_takes_none_without_samples(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, sample=True)
        assert file_request(session, filled_form(station), Draft(), now=NOW, samples=True).sample
        with pytest.raises(InvalidForm, match="Choose a station"):
            file_request(session, filled_form(station), Draft(), now=NOW, samples=False)


@given(st.text(alphabet=ALPHABET, min_size=10, max_size=10))
def test_codes_are_read_as_people_copy_them(code: str) -> None:
    assert read_code(code) == code
    typed = f" {code[:5].lower()}－{code[5:].replace('0', 'o').replace('1', 'l')} "
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "Q261124-0A1B2C",
        " q261124-0a1b2c ",
        "Q261124 OA1B2C",
        "Q261124—OAIB2C",
        "Ｑ２６１１２４－０Ａ１Ｂ２Ｃ",
        "q2611240a1b2c",
    ],
)
def test_a_tracking_number_is_read_as_people_copy_it(typed: str) -> None:
    assert read_number(typed) == "Q261124-0A1B2C"
