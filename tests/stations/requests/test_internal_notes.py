"""Internal notes, and what offices write to each other: never for the firm, and erased with the rest."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from stations.answers.own_request import own_request
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.notices.outbox import Notice
from stations.requests.bulk import accepting, do_all
from stations.requests.bulk_record import BulkActItem
from stations.requests.erasure import erase_as_firm
from stations.requests.filing import Draft
from stations.requests.handling import move_as_firm, write_as_station
from stations.requests.internal_notes import InternalNote, list_notes, write_note
from stations.requests.lookup import look_up
from stations.requests.moves import MoveName
from stations.requests.notice_way import confirm_notice_address
from stations.requests.shown_request import shown_whole
from stations.requests.urging import Urging, UrgingForm, answer_urging, urge
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import actor_with, file_one, steward_of

CITY = actor_with(Role.CITY, AreaKind.CITY, "320500")
AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
LATER = NOW + timedelta(minutes=1)


@pytest.mark.parametrize("way", [("email", "a@example.com"), ("webhook", "https://firm.example.com/hook")])
def test_nothing_internal_reaches_the_firm(reference_engine: Engine, way: tuple[str, str]) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft, notice_channel=way[0], notice_address=way[1])
        confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
        number, steward = request.number, steward_of(request.station)
        before = len(session.scalars(select(Notice)).all())
        write_note(session, steward, number, "内部甲：老客户", now=NOW)
        urging = urge(session, CITY, number, UrgingForm("station", "内部乙：快办", TODAY), now=NOW)
        answer_urging(session, steward, urging.id, "内部丙：明日办", version=1, now=NOW)
        assert len(session.scalars(select(Notice)).all()) == before, "neither a note nor an urging is told to the firm"
        write_as_station(session, steward, number, "您好", now=NOW)
        notices = session.scalars(select(Notice)).all()
        assert all("内部" not in f"{one.subject} {one.text} {json.dumps(one.data)}" for one in notices)
        whole = shown_whole(look_up(session, number, draft.code, now=NOW))
        assert "内部" not in repr(whole)
        assert "内部" not in json.dumps(own_request(whole, [], None), ensure_ascii=False)
        assert [note.text for note in list_notes(session, request)] == ["内部甲：老客户"]


def test_only_those_who_answer_write_notes(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        elsewhere = actor_with(Role.CITY, AreaKind.CITY, "320100")
        for nobody in (None, AUDITOR, elsewhere):
            with pytest.raises(NotAllowed):
                write_note(session, nobody, request.number, "x", now=NOW)
        for text in ("", "   ", "长" * 2001):
            with pytest.raises(InvalidInput) as problem:
                write_note(session, CITY, request.number, text, now=NOW)
            assert problem.value.field == "text"
        assert list_notes(session, request) == []


def test_erasing_a_request_erases_them_too(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, steward = request.number, steward_of(request.station)
        write_note(session, steward, number, "内部", now=NOW)
        urge(session, CITY, number, UrgingForm("station", "内部", TODAY), now=NOW)
    do_all(reference_engine, steward, accepting(), [(number, 1)], now=LATER)
    with transaction(reference_engine) as session:
        move_as_firm(session, number, draft.code, MoveName.CANCEL, version=2, note="不办了", now=LATER)
        erase_as_firm(session, number, draft.code, version=3, now=LATER)
    with reading(reference_engine) as session:
        assert session.scalars(select(InternalNote)).all() == session.scalars(select(BulkActItem)).all() == []
        assert [(one.text, one.answer) for one in session.scalars(select(Urging))] == [("", None)]
    with pytest.raises(Conflict), transaction(reference_engine) as session:
        write_note(session, CITY, number, "x", now=LATER)
