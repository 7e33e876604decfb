from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.language import Language
from stations.requests.attached_file import check_file
from stations.requests.attachments import attach, list_attachments
from stations.requests.filing import Draft
from stations.requests.handling import move_as_station
from stations.requests.lookup import look_up, open_request
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.splitting import KEPT, split
from stations.requests.states import Party, State
from stations.requests.words import step_in_words
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.file_samples import PDF
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, file_one, steward_of


def take_apart(
    session: Session, request: ServiceRequest, code: str, services: tuple[str, ...] = SERVICES[:1], note: str = "能力"
) -> ServiceRequest:
    steward = steward_of(request.station)
    return split(session, steward, request.number, services, code, version=request.version, note=note, now=NOW)


def test_a_part_becomes_a_request_that_the_same_code_opens(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, quantities={SERVICES[0]: "2 台"})
        attach(session, request, check_file("清单.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
        steward = steward_of(request.station)
        move_as_station(session, steward, request.number, MoveName.ACCEPT, version=request.version, now=NOW)
        due = request.due_on
        other = add_station(session, KUNSHAN)
        part = take_apart(session, request, other.code)
        numbers = request.number, part.number
    with reading(reference_engine) as session:
        whole, part = (look_up(session, number, draft.code) for number in numbers)
        assert [item.service_code for item in whole.items] == [SERVICES[1]]
        assert [(item.service_code, item.quantity) for item in part.items] == [(SERVICES[0], "2 台")]
        assert (whole.state, part.state) == (State.ACCEPTED, State.SUBMITTED)
        assert (part.station.code, part.split_from.number) == (other.code, numbers[0])
        assert [one.number for one in whole.split_off] == [numbers[1]]
        assert whole.due_on == due and part.due_on is not None
        assert (part.firm_name, part.phone, part.consent_version) == (
            whole.firm_name,
            whole.phone,
            whole.consent_version,
        )
        assert [file.name for file in list_attachments(session, part)] == ["清单.pdf"]
        english = Language("en")
        assert "as a request of their own" in step_in_words(english, whole.events[-1])
        assert "Split off" in step_in_words(english, part.events[0])
        assert [entry.action for entry in entries_about(session, "service_request", numbers[1])] == ["split"]
        with pytest.raises(NotAllowed):
            open_request(session, steward, numbers[1])


def test_what_cant_be_split_stays_whole(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, other = file_one(session), add_station(session, KUNSHAN)
        only_metrology = add_station(session, KUNSHAN, services=["metrology"])
        for services, code, note, field in (
            ((), other.code, "x", "services"),
            (("standards.inquiry",), other.code, "x", "services"),
            (SERVICES, other.code, "x", "services"),
            (SERVICES[1:], only_metrology.code, "x", "station_code"),
            (SERVICES[:1], request.station.code, "x", "station_code"),
            (SERVICES[:1], "", "x", "station_code"),
            (SERVICES[:1], other.code, " ", "note"),
        ):
            with pytest.raises(InvalidInput) as problem:
                take_apart(session, request, code, services, note)
            assert problem.value.field == field
        auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
        for nobody in (None, auditor, steward_of(other)):
            with pytest.raises(NotAllowed):
                split(session, nobody, request.number, SERVICES[:1], other.code, version=1, note="x", now=NOW)
        assert len(request.items) == 2 and request.version == 1
        for name in (MoveName.ACCEPT, MoveName.START):
            steward = steward_of(request.station)
            move_as_station(session, steward, request.number, name, version=request.version, now=NOW)
        with pytest.raises(Conflict):
            take_apart(session, request, other.code)


def test_of_every_column_it_is_known_whether_a_part_has_it_from_the_whole() -> None:
    own = {
        *("id", "number", "draft_key", "version", "created_at", "updated_at", "split_from_id", "erased_at"),
        *("state", "station_id", "steward", "steward_username", "office", "routing"),
        *("answered_at", "answered_late", "answer_due_on", "due_on", "notice_proof"),
    }
    assert {*KEPT, *own} == {column.key for column in ServiceRequest.__table__.columns}
    assert own.isdisjoint(KEPT)
