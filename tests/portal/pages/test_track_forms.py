"""查进度: each step tells its problems beside its button, keeps what was typed, and takes files along."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from portal import storage
from stations.database import reading, transaction
from stations.notices.outbox import Notice
from stations.requests.attached_file import check_file
from stations.requests.code_session import keep_open, new_browser_token
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, move_as_firm, move_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.portal.conftest import ROOT
from tests.stations.file_samples import PDF
from tests.stations.request_factories import SERVICES, file_one, steward_of

BROWSER = new_browser_token()


@pytest.fixture(autouse=True)
def own_database(reference_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages of this process on the test's database, for a browser of the firm's own."""
    monkeypatch.setenv("DATABASE_URL", reference_engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: {"firm": BROWSER, "language": "zh_CN"}))
    monkeypatch.setattr(ContextProxy, "headers", property(lambda _self: {}))
    cached = (storage.engine, storage.domain_settings)
    for one in cached:
        one.cache_clear()
    yield
    storage.engine().dispose()
    for one in cached:
        one.cache_clear()


def press(page: AppTest, form: str) -> list[str]:
    """Press the button of a form; the notices that the page then shows."""
    next(button for button in page.button if button.form_id == form).click().run()
    assert not page.exception
    drawn = [element.proto.body for element in page.get("html")]
    return [body for body in drawn if 'class="notice' in body]


def open_page() -> AppTest:
    return AppTest.from_file(str(ROOT / "portal/pages/track.py"), default_timeout=60).run()


def test_an_answer_is_kept_until_it_can_be_sent_and_takes_its_files_along(reference_engine: Engine) -> None:
    now = NOW
    with transaction(reference_engine) as session:
        request = file_one(session)
        keep_open(session, BROWSER, request, now)
        steward = steward_of(request.station)
        move_as_station(
            session, steward, request.number, MoveName.RETURN, version=request.version, note="清单？", now=now
        )
    page = open_page()
    form, field = "track_answer_note_form", "track_answer_note"
    asked = next(one.proto.body for one in page.get("html") if 'class="question"' in one.proto.body)
    assert "清单？" in asked, "the question stands where its answer is typed"
    assert "补充材料：请填写补充材料" in press(page, form)[0], "named as the field is"
    page.text_area(key=field).set_value("长" * 2500)
    assert "最多 2000 个字符" in press(page, form)[0]
    assert len(page.text_area(key=field).value) == 2500, "what was typed is kept"
    page.text_area(key=field).set_value("见附件")
    chooser = page.get("file_uploader")[0]
    chooser.set_value(("清单.pdf", b"MZ", "application/pdf"))
    assert "后缀是 PDF，但内容不是该格式" in press(page, form)[0]
    page.get("file_uploader")[0].set_value(("清单.pdf", PDF, "application/pdf"))
    assert "notice good" in press(page, form)[0]
    timeline = next(one.proto.body for one in page.get("html") if "timeline" in one.proto.body)
    assert "见附件" in timeline and ">清单.pdf</a>" in timeline


def test_a_delivered_service_hands_over_its_files_and_is_graded_in_words(reference_engine: Engine) -> None:
    now, draft = NOW, Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)
        keep_open(session, BROWSER, request, now)
        steward, number = steward_of(request.station), request.number
        for name in (MoveName.ACCEPT, MoveName.START):
            move_as_station(session, steward, number, name, version=request.version, now=now)
        for service in SERVICES:
            files = [check_file("证书.pdf", PDF)]
            given = {"performer": "测试计量院", "result": "证书 1", "files": files, "now": now}
            deliver_item(session, steward, number, service, version=request.version, **given)
        move_as_firm(session, number, draft.code, MoveName.CLOSE, version=request.version, now=now)
    page = open_page()
    services = next(one.proto.body for one in page.get("html") if 'class="services"' in one.proto.body)
    assert services.count(">证书.pdf</a>") == len(SERVICES)
    assert "总体评价：请从五个等级中选择一个" in press(page, "rating_form")[0]
    page.session_state["rating_overall"] = 4
    assert "notice good" in press(page, "rating_form")[0]
    assert any("★★★★☆" in one.proto.body for one in page.get("html"))


def test_what_is_held_can_be_saved_at_any_time_and_erased_once_it_has_ended(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        draft = Draft()
        request = file_one(session, draft=draft)
        keep_open(session, BROWSER, request, NOW)
        number = request.number
    page = open_page()
    assert [button.proto.label for button in page.get("download_button")] == ["全部保存为文件"]
    assert not [button for button in page.button if button.key == "own_data_erase"]
    with transaction(reference_engine) as session:
        move_as_firm(session, number, draft.code, MoveName.CANCEL, version=1, note="改期", now=NOW)
    page = open_page()
    assert page.button(key="own_data_erase").disabled, "nothing is erased by one press"
    page.checkbox(key="own_data_sure").check().run()
    page.button(key="own_data_erase").click().run()  # ends with the form for number and code
    drawn = " ".join(element.proto.body for element in page.get("html"))
    assert f"申请 {number} 中的信息已删除" in drawn and "王测试" not in drawn
    assert page.text_input(key="track_number").value == "", "the request is closed in this browser"
    with reading(reference_engine) as session:
        assert session.scalars(select(ServiceRequest.firm_name)).all() == [""]


def told_on(page: AppTest) -> str:
    return " ".join(element.proto.body for element in page.get("html"))


def test_an_address_for_notices_is_confirmed_on_the_page_or_by_the_link(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session, notice_channel="email", notice_address="wang@example.com")
        keep_open(session, BROWSER, request, NOW)
        proof, number = request.notice_proof, request.number
        sent = session.scalars(select(Notice)).one().text
    page = open_page()
    assert "wang@example.com 尚未确认" in told_on(page)
    page.text_input(key="notice_code").set_value("0000")
    assert "不是发出的 6 位验证码" in " ".join(press(page, "notice_code_form"))
    assert page.text_input(key="notice_code").value == "0000", "what was typed is kept"
    linked = AppTest.from_file(str(ROOT / "portal/pages/track.py"), default_timeout=60)
    linked.query_params["confirm"] = proof
    linked.run()
    assert number in told_on(linked) and "wang@example.com" in told_on(linked) and "王测试" not in told_on(linked)
    with reading(reference_engine) as session:
        assert session.scalars(select(ServiceRequest)).one().notice_confirmed_at is None, "opening a link is no answer"
    page.text_input(key="notice_code").set_value(re.findall(r"\d{6}", sent)[0])
    press(page, "notice_code_form")
    with reading(reference_engine) as session:
        assert session.scalars(select(ServiceRequest)).one().notice_confirmed_at is not None
    assert "尚未确认" not in told_on(open_page())
    linked.run()
    next(button for button in linked.button if button.label == "不要发到这里").click().run()
    with reading(reference_engine) as session:
        assert session.scalars(select(ServiceRequest)).one().notice_address is None
