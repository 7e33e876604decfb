from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.requests.code_session import OPEN_FOR, close_in_browser, keep_open, new_browser_token
from stations.requests.filing import Draft
from stations.requests.handling import (
    deliver_item,
    look_up,
    may_answer,
    move_as_firm,
    move_as_station,
    open_request,
    write_as_firm,
    write_as_station,
)
from stations.requests.lookup import Browser
from stations.requests.moves import MoveName
from stations.requests.queue import count_requests, list_requests
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party, State
from tests.conftest import NOW
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, file_one, steward_of

XUANWU = "320102"


def station_moves(session: Session, request: ServiceRequest, *names: MoveName) -> None:
    for name in names:
        move_as_station(
            session, steward_of(request.station), request.number, name, version=request.version, note="说明", now=NOW
        )


def deliver(session: Session, request: ServiceRequest, service: str, **changes: str) -> None:
    given = {"performer": "苏州市计量测试院", "result": "证书 2026-001"} | changes
    deliver_item(
        session, steward_of(request.station), request.number, service, version=request.version, now=NOW, **given
    )


def test_whoever_holds_number_and_code_sees_the_request(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = file_one(session, draft=draft).number
    with reading(reference_engine) as session:
        found = look_up(session, number.lower(), f"{draft.code[:5]}-{draft.code[5:].lower()}")
    # Everything is loaded eagerly.
    assert [item.service.name_en for item in found.items] == ["Calibration", "Product quality testing"]
    assert found.station.name and found.county.name and found.events and not found.messages


@pytest.mark.parametrize("sample", [False, True])
def test_wrong_number_wrong_code_and_left_out_sample_are_answered_alike(reference_engine: Engine, sample: bool) -> None:
    mine, other = Draft(), Draft()
    with transaction(reference_engine) as session:
        number = file_one(session, draft=mine, sample=sample).number
        file_one(session, draft=other)
    told = set()
    tries = [(number, other.code), ("Q261124-000000", mine.code), (number, ""), ("", ""), ("x\x00", "\x00")]
    with reading(reference_engine) as session:
        for typed_number, typed_code in tries:
            with pytest.raises(NotFound) as refused:
                look_up(session, typed_number, typed_code)
            told.add(str(refused.value))
        if sample:
            with pytest.raises(NotFound) as refused:
                look_up(session, number, mine.code, samples=False)
            told.add(str(refused.value))
    assert len(told) == 1


def test_a_request_goes_from_filed_to_closed(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        station_moves(session, request, MoveName.ACCEPT)
        assert request.steward == "李管家"
        deliver(session, request, SERVICES[1])
        assert request.state is State.IN_PROGRESS  # delivering the first item starts the work
        deliver(session, request, SERVICES[0])
        assert request.state is State.DELIVERED
        number, version = request.number, request.version
    with transaction(reference_engine) as session:
        request = move_as_firm(session, number, draft.code, MoveName.CLOSE, version=version, now=NOW)
        assert [event.move for event in request.events] == [
            None,
            MoveName.ACCEPT,
            MoveName.START,
            None,
            None,
            MoveName.DELIVER,
            MoveName.CLOSE,
        ]
    with reading(reference_engine) as session:
        actions = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject == number)).all()
        assert sorted(actions) == sorted(
            ["file_request", "accept", "start", "deliver_item", "deliver_item", "deliver", "close"]
        )


def test_a_firm_answers_what_the_station_asked(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        station_moves(session, request, MoveName.ACCEPT, MoveName.RETURN)
        assert request.state is State.RETURNED
        move_as_firm(
            session, request.number, draft.code, MoveName.ANSWER, version=request.version, note="量程 0–600", now=NOW
        )
        assert request.state is State.SUBMITTED
        assert request.events[-1].note == "量程 0–600"


def test_whoever_saw_an_older_version_is_told_so(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, seen, steward = request.number, request.version, steward_of(request.station)
        station_moves(session, request, MoveName.ACCEPT)
    late = [
        lambda session: move_as_station(session, steward, number, MoveName.START, version=seen, now=NOW),
        lambda session: move_as_firm(session, number, draft.code, MoveName.CANCEL, version=seen, note="x", now=NOW),
        lambda session: deliver_item(
            session, steward, number, SERVICES[0], version=seen, performer="a", result="b", now=NOW
        ),
    ]
    for act in late:
        with pytest.raises(Conflict), transaction(reference_engine) as session:
            act(session)
    with reading(reference_engine) as session:
        assert look_up(session, number, draft.code).state is State.ACCEPTED


def test_a_form_sent_twice_takes_its_step_once_and_ends_as_done(reference_engine: Engine) -> None:
    draft = Draft()
    soon, later = NOW + timedelta(seconds=2), NOW + timedelta(minutes=5)
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, seen, steward = request.number, request.version, steward_of(request.station)

    def ask(note: str, now: datetime, who: Actor = steward, name: MoveName = MoveName.RETURN) -> None:
        with transaction(reference_engine) as session:
            move_as_station(session, who, number, name, version=seen, note=note, now=now)

    ask("请补充型号", NOW)
    ask("请补充型号", soon)
    ask("", soon)  # the first of the two emptied the field
    another = replace(steward, username="another")
    for note, now, who, name in (
        ("请补充图纸", soon, steward, MoveName.RETURN),
        ("请补充型号", later, steward, MoveName.RETURN),
        ("请补充型号", soon, another, MoveName.RETURN),
        ("请补充型号", soon, steward, MoveName.REFUSE),
    ):
        with pytest.raises(Conflict):
            ask(note, now, who, name)
    with transaction(reference_engine) as session:
        asked = look_up(session, number, draft.code)
        assert [event.move for event in asked.events].count(MoveName.RETURN) == 1
        seen = asked.version
    for _ in range(2):
        with transaction(reference_engine) as session:
            move_as_firm(session, number, draft.code, MoveName.ANSWER, version=seen, note="型号 A1", now=soon)
    with transaction(reference_engine) as session:
        station_moves(session, look_up(session, number, draft.code), MoveName.ACCEPT)
        accepted = look_up(session, number, draft.code).version
    for _ in range(2):
        with transaction(reference_engine) as session:
            deliver_item(
                session, steward, number, SERVICES[0], version=accepted, performer="本站", result="完成", now=soon
            )
    with transaction(reference_engine) as session:
        steps = [event.move for event in look_up(session, number, draft.code).events]
        assert steps == [None, MoveName.RETURN, MoveName.ANSWER, MoveName.ACCEPT, MoveName.START, None]


def test_a_service_is_delivered_once_by_somebody_with_a_result(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        with pytest.raises(Conflict):
            deliver(session, request, SERVICES[0])  # nobody has accepted it yet
        station_moves(session, request, MoveName.ACCEPT)
        with pytest.raises(InvalidForm) as refused:
            deliver(session, request, SERVICES[0], performer=" ", result="x" * 4001)
        assert {problem.field for problem in refused.value.problems} == {"performer", "result"}
        assert request.state is State.ACCEPTED and request.items[0].delivered_at is None
        with pytest.raises(NotFound):
            deliver(session, request, "metrology.type_evaluation")
        deliver(session, request, SERVICES[0])
        with pytest.raises(Conflict, match="delivered already"):
            deliver(session, request, SERVICES[0])


def test_messages_go_both_ways_until_the_end(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, station = request.number, request.station
        write_as_station(session, steward_of(station), number, " 请补充量程 ", now=NOW)
        write_as_firm(session, number, draft.code, "0–600 mm", now=NOW)
        for wrong in ("  ", "x" * 4001, "a\x00b"):
            with pytest.raises(InvalidInput):
                write_as_firm(session, number, draft.code, wrong, now=NOW)
        with pytest.raises(NotFound):
            write_as_firm(session, number, Draft().code, "hello", now=NOW)
    with transaction(reference_engine) as session:
        request = look_up(session, number, draft.code)
        assert [(message.party, message.author, message.text) for message in request.messages] == [
            (Party.STATION, "李管家", "请补充量程"),
            (Party.FIRM, "王测试", "0–600 mm"),
        ]
        details = session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.action == "write_message")).all()
        assert details == [{}, {}]  # that something was written, but not its text
        station_moves(session, request, MoveName.REFUSE)
        with pytest.raises(Conflict):
            write_as_firm(session, number, draft.code, "why?", now=NOW)
        with pytest.raises(Conflict):
            write_as_station(session, steward_of(station), number, "because", now=NOW)


def test_a_list_holds_what_may_be_opened_and_nothing_else(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        requests = [
            file_one(session, adcode=adcode, sample=sample) for adcode in (KUNSHAN, XUANWU) for sample in (False, True)
        ]
        codes = {request.number: request.station.code for request in requests}
    station = next(iter(codes.values()))
    actors = [
        actor_with(role, kind, area, sample=sample)
        for role, kind, area in (
            (Role.PROVINCE, AreaKind.PROVINCE, "320000"),
            (Role.PROVINCE, AreaKind.PROVINCE, "330000"),
            (Role.CITY, AreaKind.CITY, "320500"),
            (Role.COUNTY, AreaKind.COUNTY, XUANWU),
            (Role.STATION, AreaKind.STATION, station),
            (Role.AUDITOR, AreaKind.CITY, "320100"),
            (Role.PLANNER, AreaKind.PROVINCE, "320000"),
        )
        for sample in (False, True)
    ]
    seen_by_any = set()
    with reading(reference_engine) as session:
        for actor in actors:
            for samples in (False, True):
                listed = {request.number for request in list_requests(session, actor, samples=samples)}
                assert sum(count_requests(session, actor, samples=samples).values()) == len(listed)
                opened = set()
                for number in codes:
                    try:
                        opened.add(open_request(session, actor, number, samples=samples).number)
                    except (NotAllowed, NotFound):
                        continue
                assert listed == opened, actor
                seen_by_any |= opened
    assert seen_by_any == set(codes)


def test_who_only_reads_can_do_nothing(reference_engine: Engine) -> None:
    auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
    with transaction(reference_engine) as session:
        request = file_one(session)
        assert open_request(session, auditor, request.number) is request
        assert not may_answer(auditor, request) and not may_answer(None, request)
        assert may_answer(steward_of(request.station), request)
        version = request.version
        acts = [
            lambda: move_as_station(session, auditor, request.number, MoveName.ACCEPT, version=version, now=NOW),
            lambda: write_as_station(session, auditor, request.number, "hello", now=NOW),
            lambda: deliver_item(
                session,
                auditor,
                request.number,
                SERVICES[0],
                version=version,
                performer="a",
                result="b",
                now=NOW,
            ),
            lambda: open_request(session, None, request.number),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
        assert (request.version, len(request.events), len(request.messages)) == (version, 1, 0)


def test_a_browser_opens_only_what_was_proved_in_it_and_only_for_a_while(reference_engine: Engine) -> None:
    mine, strangers = Browser(new_browser_token()), Browser(new_browser_token())
    with transaction(reference_engine) as session:
        request = file_one(session)
        keep_open(session, mine.token, request, NOW)
        number, version = request.number, request.version
    with transaction(reference_engine) as session:
        assert look_up(session, number, mine, now=NOW).number == number
        for proof, now in (
            (strangers, NOW),
            (Browser(None), NOW),
            (Browser(""), NOW),
            (mine, NOW + OPEN_FOR),
            (mine, None),
        ):
            with pytest.raises(NotFound, match="check both"):
                look_up(session, number, proof, now=now)
        with pytest.raises(NotFound):
            move_as_firm(session, number, strangers, MoveName.CANCEL, version=version, note="x", now=NOW)
        with pytest.raises(NotFound):
            write_as_firm(session, number, strangers, "hello", now=NOW)
        write_as_firm(session, number, mine, "hello", now=NOW)
        close_in_browser(session, mine.token, look_up(session, number, mine, now=NOW))
        with pytest.raises(NotFound):
            look_up(session, number, mine, now=NOW)
