"""What is left of a request whose data is erased: what statistics need, and nothing of people or of the firm."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.own_request import own_request
from stations.audit.log import AuditEntry
from stations.audit.proof import verify_audit
from stations.commands.command_line import main
from stations.database import reading, transaction
from stations.errors import Conflict, NotFound
from stations.jobs.erasure import JOB
from stations.jobs.job import Turn
from stations.notices.outbox import Notice
from stations.requests.attached_file import check_file
from stations.requests.attachments import Attachment, attach, list_attachments
from stations.requests.code_session import OpenedRequest, keep_open
from stations.requests.erasure import BLANKED, erase_as_firm, erase_expired
from stations.requests.filing import Draft
from stations.requests.handling import (
    may_answer,
    move_as_firm,
    move_as_station,
    write_as_firm,
    write_as_station,
)
from stations.requests.lookup import look_up
from stations.requests.moves import MoveName
from stations.requests.notice_way import choose_notice_way, confirm_notice_address
from stations.requests.rating import Question, Rating, get_rating, rate
from stations.requests.service_request import RequestMessage, ServiceRequest
from stations.requests.shown_request import rating_whole, shown_whole
from stations.requests.states import Party, State
from stations.retention import kept_for
from tests.conftest import NOW, TODAY
from tests.stations.file_samples import PDF
from tests.stations.request_factories import file_one, new_credit_code, steward_of
from tests.stations.requests.test_request_reopening import delivered, reopen_first

DAY = timedelta(days=1)
FIVE = dict.fromkeys(Question, 5)
SECRETS = ("王小明", "13911112222", "wang@firm.example", "独家配方", "某某食品", "保密备注", "很满意某某")


def closed(session: Session, draft: Draft) -> str:
    """File, talk about, deliver, rate and close a request that is full of personal data; return its number."""
    request = delivered(session, draft)
    number = request.number
    request.contact_name, request.phone, request.email = "王小明", "13911112222", "wang@firm.example"
    request.product, request.firm_name, request.description = "独家配方", "某某食品", "请联系王小明"
    request.items[0].remarks = "保密备注"
    request.lon, request.lat = 118.7, 32.1
    choose_notice_way(session, request, "email", "wang@firm.example", "zh_CN", now=NOW)
    confirm_notice_address(session, request, request.notice_proof or "", now=NOW)
    write_as_firm(session, number, draft.code, "王小明 13911112222", files=[check_file("王小明.pdf", PDF)], now=NOW)
    attach(session, request, check_file("配方.pdf", PDF), party=Party.FIRM, actor="firm", now=NOW)
    rate(session, number, draft.code, FIVE, {}, "很满意某某食品", now=NOW)
    keep_open(session, "browser", request, NOW)
    move_as_firm(session, number, draft.code, MoveName.CLOSE, version=request.version, note="王小明", now=NOW)
    assert request.state is State.CLOSED
    return number


def version_of(session: Session) -> int:
    """Return the version of the only request."""
    return session.scalars(sa.select(ServiceRequest.version)).one()


def everything_of(engine: Engine) -> str:
    """Return all that the database holds, as text."""
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        return "\n".join(
            str(tuple(row)) for name in tables for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')
        )


def test_nothing_of_people_or_the_firm_is_left_and_statistics_stay(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = closed(session, draft)
        code = session.scalar(sa.select(ServiceRequest.credit_code))
    before = everything_of(reference_engine)
    assert all(secret in before for secret in (*SECRETS, code)), "else nothing is proved"
    with transaction(reference_engine) as session:
        erase_as_firm(session, number, draft.code, version=version_of(session), now=NOW + DAY)
    after = everything_of(reference_engine)
    assert [secret for secret in (*SECRETS, code) if secret in after] == []
    with reading(reference_engine) as session:
        request = session.scalars(sa.select(ServiceRequest)).one()
        assert (request.state, request.erased_at) == (State.CLOSED, NOW + DAY)
        assert len(request.items) == 2 and all(item.delivered_at for item in request.items)
        assert session.scalars(sa.select(Rating)).one().overall == 5
        for model in (Attachment, OpenedRequest, RequestMessage, Notice):
            assert session.scalars(sa.select(model)).all() == []
        with pytest.raises(NotFound):
            look_up(session, number, draft.code)
        assert session.scalars(sa.select(AuditEntry.actor).where(AuditEntry.action == "erase_request")).all() == [
            "firm"
        ]
        assert verify_audit(session).fault is None


def test_every_column_with_personal_data_is_blanked() -> None:
    # Of these the credit code becomes a pseudonym; the others name people in office.
    of_the_station = {"steward", "steward_username", "actor", "credit_code", "urged_by", "answered_by"}
    for model, blank in BLANKED.items():
        declared = {*model.personal_data.columns, *model.personal_data.written} - of_the_station
        assert declared <= set(blank), model.__tablename__


def test_the_firm_erases_only_its_own_and_only_what_has_ended(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = file_one(session, draft=draft).number
        with pytest.raises(Conflict, match="has not ended yet"):
            erase_as_firm(session, number, draft.code, version=version_of(session), now=NOW)
        with pytest.raises(NotFound):
            erase_as_firm(session, number, Draft().code, version=1, now=NOW)
        move_as_firm(session, number, draft.code, MoveName.CANCEL, version=1, note="改期", now=NOW)
        erase_as_firm(session, number, draft.code, version=version_of(session), now=NOW)
        with pytest.raises(NotFound):
            erase_as_firm(session, number, draft.code, version=version_of(session), now=NOW)


def test_the_job_erases_what_is_old_enough_once(reference_engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction(reference_engine) as session:
        drafts = [Draft() for _ in range(3)]
        numbers = [file_one(session, draft=draft).number for draft in drafts]
        for number, draft in zip(numbers[:2], drafts, strict=False):
            move_as_firm(session, number, draft.code, MoveName.CANCEL, version=1, note="改期", now=NOW)
        session.scalars(sa.select(ServiceRequest).where(ServiceRequest.number == numbers[1])).one().sample = True
    over = NOW + kept_for("request")
    assert erase_expired(reference_engine, now=over) == 0
    later = over + timedelta(seconds=1)
    assert JOB.daily and JOB.run(Turn(reference_engine, later, TODAY, lambda: later, False)) == 1
    assert erase_expired(reference_engine, now=later) == 0
    with reading(reference_engine) as session:
        erased = session.scalars(sa.select(ServiceRequest.number).where(ServiceRequest.erased_at.is_not(None))).all()
    assert erased == numbers[:1], "neither the sample nor the one that is still open"
    here = {"DATABASE_URL": reference_engine.url.render_as_string(hide_password=False), "LANG": "en"}
    assert main(["erase-expired", "--format", "json"], here) == 0
    assert json.loads(capsys.readouterr().out) == {"requests": 0}


def test_what_waits_for_the_firm_is_erased_too_and_firms_are_still_counted(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for firm in (new_credit_code(), new_credit_code()):
            for _ in range(2):
                delivered(session, Draft()).credit_code = firm
    before = counted_firms(reference_engine)
    later = NOW + kept_for("request") + 60 * DAY
    assert erase_expired(reference_engine, now=later) == 4, "delivered, and never confirmed"
    assert counted_firms(reference_engine) == before == 2


def test_what_was_erased_while_it_waited_for_the_firm_is_no_work_any_more(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, draft=Draft())
        steward = steward_of(request.station)
        returned = move_as_station(
            session, steward, request.number, MoveName.RETURN, version=request.version, note="请补充", now=NOW
        )
        assert returned.state is State.RETURNED and open_requests(session) == [request.number]
    assert erase_expired(reference_engine, now=NOW + kept_for("request") + DAY) == 1
    with transaction(reference_engine) as session:
        assert open_requests(session) == []
        found = session.scalars(sa.select(ServiceRequest)).one()
        assert not may_answer(steward, found)
        with pytest.raises(Conflict, match="erased"):
            write_as_station(session, steward, found.number, "还在吗", now=NOW)


def open_requests(session: Session) -> list[str]:
    return list(session.scalars(sa.select(ServiceRequest.number).where(ServiceRequest.is_open())))


def counted_firms(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(sa.select(sa.func.count(ServiceRequest.credit_code.distinct())))


def test_what_moved_on_meanwhile_is_not_erased(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft)
        seen, number = request.version, request.number
        reopen_first(session, request, draft.code, 1)
    with transaction(reference_engine) as session, pytest.raises(Conflict):
        erase_as_firm(session, number, draft.code, version=seen, now=NOW + DAY)


def test_the_parts_of_a_split_request_no_longer_lead_to_each_other(reference_engine: Engine) -> None:
    draft, other = Draft(), Draft()
    with transaction(reference_engine) as session:
        whole, part = delivered(session, draft), file_one(session, draft=other)
        part.split_from = whole
        session.flush()
        erase_as_firm(session, whole.number, draft.code, version=whole.version, now=NOW)
    with reading(reference_engine) as session:
        assert session.scalars(sa.select(ServiceRequest.split_from_id)).all() == [None, None]


def test_a_firm_takes_all_of_it_along(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = closed(session, draft)
    with reading(reference_engine) as session:
        request = look_up(session, number, draft.code)
        told = own_request(
            shown_whole(request), list_attachments(session, request), rating_whole(get_rating(session, request))
        )
    written = json.dumps(told, ensure_ascii=False)
    assert all(secret in written for secret in SECRETS) and told["firm"]["credit_code"] == request.credit_code
    assert {file["name"] for file in told["files"]} == {"王小明.pdf", "配方.pdf"}
    assert told["consent"]["text_zh"] and len(told["services"]) == 2 and told["rating"]["grades"][0]["grade"] == 5
    assert draft.code not in written
