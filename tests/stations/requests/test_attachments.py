from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidInput, NotFound
from stations.requests.attached_file import CheckedFile, check_file
from stations.requests.attachments import (
    DRAFT_FILES,
    REQUEST_FILES,
    Attachment,
    attach,
    attach_to_draft,
    delivery_of,
    detach_from_draft,
    list_attachments,
    list_draft_attachments,
    open_attachment,
)
from stations.requests.code_session import OPEN_FOR, close_in_browser, keep_open, new_browser_token, opened_requests
from stations.requests.draft import discard_draft, open_draft
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, move_as_firm, move_as_station, write_as_firm
from stations.requests.moves import MoveName
from stations.requests.reopening import reopen
from stations.requests.service_request import RequestItem
from stations.requests.states import Party, State
from tests.conftest import NOW
from tests.stations.file_samples import PDF
from tests.stations.request_factories import SERVICES, actor_with, file_one, steward_of

LATER = NOW + timedelta(days=1)


def pdf(text: str = "") -> CheckedFile:
    return check_file(f"清单{text}.pdf", PDF.replace(b"Catalog", b"Catalog " + text.encode()))


def test_files_are_kept_with_the_request_and_with_its_messages(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        message = write_as_firm(session, request.number, draft.code, "见附件", now=NOW)
        for _ in range(2):
            attach(session, request, pdf(), party=Party.FIRM, actor="firm", now=NOW)
            attach(session, request, pdf(), party=Party.FIRM, actor="firm", now=NOW, message=message)
        number, said = request.number, message.id
    with reading(reference_engine) as session:
        files = list_attachments(session, request)
        assert [(file.message_id, file.name, file.size) for file in files] == [
            (None, "清单.pdf", len(pdf().content)),
            (said, "清单.pdf", len(pdf().content)),
        ], "the same file twice in one place is one"
        entries = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "attach")))
        assert [entry.subject for entry in entries] == [number, number]
        assert "清单" not in str([entry.detail for entry in entries])


def test_a_request_takes_no_more_files_than_the_limit(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        for place in range(REQUEST_FILES):
            attach(session, request, pdf(str(place)), party=Party.FIRM, actor="firm", now=NOW)
        with pytest.raises(InvalidInput, match="one file too many"):
            attach(session, request, pdf("more"), party=Party.FIRM, actor="firm", now=NOW)


def test_files_together_have_a_limit_of_size(reference_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stations.requests.attachments.REQUEST_BYTES", 2 * len(pdf("a").content))
    with transaction(reference_engine) as session:
        request = file_one(session)
        for text in "ab":
            attach(session, request, pdf(text), party=Party.FIRM, actor="firm", now=NOW)
        with pytest.raises(InvalidInput, match="“清单c.pdf” the files are larger"):
            attach(session, request, pdf("c"), party=Party.FIRM, actor="firm", now=NOW)


def test_only_who_may_see_the_request_opens_its_files(reference_engine: Engine) -> None:
    mine, other = new_browser_token(), new_browser_token()
    with transaction(reference_engine) as session:
        request, foreign = file_one(session), file_one(session)
        code = attach(session, request, pdf(), party=Party.FIRM, actor="firm", now=NOW).code
        keep_open(session, mine, request, NOW)
        keep_open(session, other, foreign, NOW)
        station, elsewhere = request.station, foreign.station

    def opened(**asker: object) -> bool:
        with reading(reference_engine) as session:
            try:
                file = open_attachment(
                    session, code, **{"actor": None, "browser": None, "now": NOW, "samples": True, **asker}
                )
            except NotFound:
                return False
            assert file.content == pdf().content
            return True

    assert opened(browser=mine)
    assert opened(actor=steward_of(station))
    assert not opened(actor=actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000"))  # may not see personal data
    assert not opened()
    assert not opened(browser="")
    assert not opened(browser=other)
    assert not opened(browser=mine, now=NOW + OPEN_FOR)
    assert not opened(actor=steward_of(elsewhere))
    assert not opened(actor=steward_of(station, sample=True))
    assert not opened(actor=actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000"))
    with transaction(reference_engine) as session:
        close_in_browser(session, mine)
    assert not opened(browser=mine)


def test_a_sample_request_has_no_files_while_samples_are_left_out(reference_engine: Engine) -> None:
    mine = new_browser_token()
    with transaction(reference_engine) as session:
        request = file_one(session, sample=True)
        code = attach(session, request, pdf(), party=Party.FIRM, actor="firm", now=NOW).code
        keep_open(session, mine, request, NOW)
        assert opened_requests(session, mine, NOW, samples=True) == [request]
        assert opened_requests(session, mine, NOW, samples=False) == []
        with pytest.raises(NotFound):
            open_attachment(session, code, actor=None, browser=mine, now=NOW, samples=False)


def test_a_draft_holds_files_until_it_is_discarded(reference_engine: Engine) -> None:
    mine, other = new_browser_token(), new_browser_token()
    with transaction(reference_engine) as session:
        draft, foreign = open_draft(session, mine, NOW), open_draft(session, other, NOW)
        first = attach_to_draft(session, draft, pdf("a"), now=NOW)
        assert attach_to_draft(session, draft, pdf("a"), now=NOW).code == first.code
        second = attach_to_draft(session, draft, pdf("b"), now=NOW)
        kept = attach_to_draft(session, foreign, pdf("a"), now=NOW)
        detach_from_draft(session, draft, [second.code, kept.code])
        assert list_draft_attachments(session, draft) == [first]
        with pytest.raises(NotFound):
            open_attachment(session, first.code, actor=None, browser=mine, now=NOW, samples=True)
        for place in range(DRAFT_FILES - 1):
            attach_to_draft(session, draft, pdf(str(place)), now=NOW)
        with pytest.raises(InvalidInput, match="one file too many"):
            attach_to_draft(session, draft, pdf("more"), now=NOW)
        discard_draft(session, mine)
    with reading(reference_engine) as session:
        assert [file.code for file in session.scalars(sa.select(Attachment))] == [kept.code]


def delivered_with(item: RequestItem, files: list[Attachment]) -> list[Attachment]:
    return [file for file in files if file.event_id == delivery_of(item)] if delivery_of(item) else []


def test_files_go_along_with_an_answer_and_with_each_delivery(reference_engine: Engine) -> None:
    draft, given = Draft(), {"performer": "测试计量院", "result": "证书 1", "now": NOW}
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, steward = request.number, steward_of(request.station)
        move_as_station(session, steward, number, MoveName.RETURN, version=request.version, note="清单？", now=NOW)
        answer = {"version": request.version, "note": "见附件", "files": [pdf("答复")], "now": NOW}
        move_as_firm(session, number, draft.code, MoveName.ANSWER, **answer)
        for name in (MoveName.ACCEPT, MoveName.START):
            move_as_station(session, steward, number, name, version=request.version, now=NOW)
        for service in SERVICES:
            deliver_item(session, steward, number, service, version=request.version, files=[pdf(service)], **given)
    with reading(reference_engine) as session:
        request = session.get_one(type(request), request.id)
        files = list_attachments(session, request)
        by_event = {file.event.move or file.event.item.service_code: file.name for file in files}
        assert by_event == {MoveName.ANSWER: "清单答复.pdf"} | {code: f"清单{code}.pdf" for code in SERVICES}
        assert [delivered_with(item, files) for item in request.items] == [files[1:2], files[2:3]]
    with transaction(reference_engine) as session:
        request = session.get_one(type(request), request.id)
        reopen(session, number, draft.code, SERVICES[0], version=request.version, note="编号有误", now=NOW)
        files = list_attachments(session, request)
        assert delivered_with(request.items[0], files) == [], "what did not do stays with its step only"
        deliver_item(session, steward, number, SERVICES[0], version=request.version, files=[pdf(SERVICES[0])], **given)
        again = delivered_with(request.items[0], list_attachments(session, request))
        assert len(again) == 1 and again[0] not in files, "the same file with another step is another"
        assert request.state is State.DELIVERED


def test_a_step_whose_files_find_no_room_is_not_taken(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        number, steward = request.number, steward_of(request.station)
        move_as_station(session, steward, number, MoveName.RETURN, version=request.version, note="清单？", now=NOW)
        version = request.version
    files = [pdf(str(count)) for count in range(REQUEST_FILES + 1)]
    with pytest.raises(InvalidInput, match="too many"), transaction(reference_engine) as session:
        move_as_firm(session, number, draft.code, MoveName.ANSWER, version=version, note="见附件", files=files, now=NOW)
    with reading(reference_engine) as session:
        request = session.get_one(type(request), request.id)
        assert (request.state, request.version) == (State.RETURNED, version)
        assert list_attachments(session, request) == []
