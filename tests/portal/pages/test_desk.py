"""工作台: nobody sees or does more than the duty covers."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import select

from stations.database import open_engine, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.registry.station import Station
from stations.requests.filing import Draft, file_request
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.portal.browsing import open_choices, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in, sign_in_by_form
from tests.stations.request_factories import CREDIT_CODE

STATION, OTHER_STATION = "S-3201-002", "S-3201-001"


PHONE = "0512-5555 0000"


def new_phone() -> str:
    """Return a number that almost certainly nobody has filed with, since one may file only so often a day."""
    return f"0512-{uuid4().int % 90_000_000 + 10_000_000}"


def form_for(
    station_code: str, *services: str, firm: str = "测试精密机械有限公司", phone: str = PHONE
) -> RequestForm:
    return RequestForm(
        services=services or ("metrology.calibration",),
        station_code=station_code,
        firm_name=firm,
        credit_code=CREDIT_CODE,
        contact_name="王测试",
        phone=phone,
        county_adcode="320111",
        product="压力表",
        consent=True,
        despite_duplicate=True,
    )


def file_at(
    server: Server, station_code: str, *services: str, firm: str = "测试精密机械有限公司", phone: str = PHONE
) -> str:
    form = form_for(station_code, *services, firm=firm, phone=phone)
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        number = file_request(session, form, Draft(), now=NOW, samples=True).number
    engine.dispose()
    return number


def somebody(server: Server, page: Page, role: Role, area: str) -> Page:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)
    return page


def test_who_is_not_signed_in_is_sent_to_sign_in(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    visit(page, f"{portal_server.url}/desk?number={number}")
    expect(page.get_by_role("link", name="登录").last).to_be_visible()
    expect(page.get_by_text(number)).to_have_count(0)


def test_another_stations_request_stays_closed(portal_server: Server, page: Page) -> None:
    theirs, own = file_at(portal_server, OTHER_STATION), file_at(portal_server, STATION)
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk")
    expect(page.get_by_role("link", name=own)).to_be_visible()
    expect(page.get_by_role("link", name=theirs)).to_have_count(0)
    visit(page, f"{portal_server.url}/desk?number={theirs}")
    expect(page.locator(".notice.warn")).to_be_visible()
    expect(page.get_by_text("王测试")).to_have_count(0)


def test_an_auditor_reads_personal_data_masked_and_does_nothing(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    somebody(portal_server, page, Role.AUDITOR, "320100")
    visit(page, f"{portal_server.url}/desk?number={number}")
    expect(page.get_by_text("王** · 051*-**** 0000")).to_be_visible()
    expect(page.get_by_text(CREDIT_CODE)).to_have_count(0)
    for button in ("受理", "不予受理", "发送留言"):
        expect(page.get_by_role("button", name=button)).to_have_count(0)


def test_a_planner_has_no_requests(portal_server: Server, page: Page) -> None:
    somebody(portal_server, page, Role.PLANNER, "320000")
    visit(page, f"{portal_server.url}/desk")
    expect(page.get_by_text("您的职责不含申请办理")).to_be_visible()


def test_acting_on_what_somebody_else_has_moved_is_refused(portal_server: Server, visitor: Callable[..., Page]) -> None:
    number = file_at(portal_server, STATION)
    first = somebody(portal_server, visitor(), Role.STATION, STATION)
    second = somebody(portal_server, visitor(), Role.CITY, "320100")
    for page in (first, second):
        visit(page, f"{portal_server.url}/desk?number={number}")
    first.get_by_role("button", name="受理", exact=True).click()
    expect(first.locator(".request-title")).to_contain_text("已受理")
    second.get_by_role("button", name="受理", exact=True).click()
    expect(second.locator(".notice.bad")).to_be_visible()
    settle(second)
    expect(second.locator(".timeline li")).to_have_count(2)


def test_work_that_has_begun_waits_for_the_firm_and_goes_on(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        request = session.scalar(select(ServiceRequest).where(ServiceRequest.number == number))
        steward = Actor("li", "李", False, (Responsibility(Role.STATION, AreaKind.STATION, STATION),))
        for move in (MoveName.ACCEPT, MoveName.START):
            move_as_station(session, steward, number, move, version=request.version, now=NOW)
    engine.dispose()
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?number={number}")
    page.get_by_role("button", name="要求补充材料").first.click()
    page.get_by_label("原因").first.fill("请补充出厂编号")
    page.get_by_role("button", name="要求补充材料").last.click()
    expect(page.locator(".request-title")).to_contain_text("办理中，待补充材料")
    expect(page.locator(".way .here")).to_contain_text("办理中")
    expect(page.locator(".timeline")).to_contain_text("请补充出厂编号")
    page.get_by_role("button", name="继续办理").click()
    expect(page.locator(".timeline")).to_contain_text("继续办理")
    page.get_by_role("button", name="指派").first.click()
    open_choices(page, "质量管家")
    page.get_by_role("option", name="管家 station").first.click()
    page.get_by_role("button", name="指派").last.click()
    expect(page.locator(".timeline")).to_contain_text("已指定质量管家")


def test_a_partner_station_finds_its_part_and_not_the_firm(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, OTHER_STATION)
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        request = session.scalar(select(ServiceRequest).where(ServiceRequest.number == number))
        request.items[0].partner_station = session.scalar(select(Station).where(Station.code == STATION))
    engine.dispose()
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk")
    part = page.locator("tr", has_text=number)
    expect(part).to_contain_text("压力表")
    expect(part).not_to_contain_text("测试精密机械")
    expect(part.get_by_role("link", name=number)).to_have_count(0)


def test_states_are_chosen_in_the_address(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?state=closed")
    expect(page.get_by_role("link", name=number)).to_have_count(0)
    visit(page, f"{portal_server.url}/desk?state=submitted&after=none.99999999999999999999")
    expect(page.get_by_role("link", name=number)).to_be_visible()
    visit(page, f"{portal_server.url}/desk?q={number}&service=metrology")
    expect(page.locator(".queue-row")).to_have_count(1)
    visit(page, f"{portal_server.url}/desk?q={number}&overdue=1")
    expect(page.locator(".queue-row")).to_have_count(0)


def test_the_desk_is_worked_without_a_mouse(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?q={number}")
    page.keyboard.press("Alt+j")
    expect(page.locator(".queue-row a").first).to_be_focused()
    page.keyboard.press("Alt+l")
    expect(page.get_by_label("编号、企业或产品")).to_be_focused()
    page.keyboard.press("Alt+k")
    page.keyboard.press("Enter")
    expect(page.locator(".request-title")).to_contain_text(number)
    settle(page)
    page.keyboard.press("Alt+a")
    expect(page.locator(".request-title")).to_contain_text("已受理")
    settle(page)
    page.keyboard.press("Alt+m")
    expect(page.get_by_label("写留言")).to_be_focused()
    page.keyboard.press("Alt+h")
    expect(page.locator("details.keys dl")).to_be_visible()
    page.keyboard.press("Alt+u")
    expect(page.locator(".queue-row a").first).to_be_visible()
    assert f"q={number}" in page.url


def test_a_template_fills_the_answer_and_a_part_goes_to_another_station(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION, "metrology.calibration", "testing.product_testing")
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?number={number}")
    open_choices(page, "套用模板")
    page.get_by_role("option", name="请送样").click()
    settle(page)
    expect(page.get_by_label("写留言")).to_have_value(re.compile(number))
    page.get_by_role("button", name="发送留言").click()
    expect(page.locator(".timeline .message").filter(has_text=number)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="部分事项转交其他小站").first.click()
    open_choices(page, "转交的事项")
    page.get_by_role("option", name="校准", exact=True).click()
    settle(page)
    page.keyboard.press("Tab")
    open_choices(page, "接收申请的小站")
    page.get_by_role("option").first.click()
    settle(page)
    page.get_by_label("原因（企业可见）").last.fill("对方小站就近")
    page.get_by_role("button", name="部分事项转交其他小站").last.click()
    expect(page.locator(".notice.good")).to_contain_text("单独成件")
    expect(page.locator(".facts a[href*='number=Q']")).to_have_count(1)
    expect(page.locator(".timeline")).to_contain_text("对方小站就近")


def test_the_province_keeps_templates_and_rules(portal_server: Server, page: Page) -> None:
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/desk_rules")
    page.get_by_label("代号").fill("holiday")
    page.get_by_label("标题", exact=True).fill("节假日安排")
    page.get_by_label("内容", exact=True).fill("申请 {nummer} 顺延")
    page.get_by_role("button", name="保存模板").click()
    expect(page.locator(".notice.bad")).to_contain_text("{nummer}")
    expect(page.get_by_label("标题", exact=True)).to_have_value("节假日安排")
    page.get_by_label("内容", exact=True).fill("申请 {number} 顺延 <b>")
    page.get_by_role("button", name="保存模板").click()
    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator("table").first).to_contain_text("申请 {number} 顺延 <b>")
    expect(page.get_by_role("button", name="保存规则")).to_be_visible()


def test_what_is_overdue_is_escalated_by_the_serving_portal(portal_server: Server, page: Page) -> None:
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/desk?escalated=1")
    page.locator(".queue-row a").first.click()
    expect(page.locator(".timeline .escalation").last).to_contain_text("已上报省")


def test_signing_out_ends_it(portal_server: Server, page: Page) -> None:
    username = f"steward-{uuid4().hex[:8]}"
    make_account(portal_server, username, Role.STATION, STATION)
    sign_in_by_form(page, portal_server, username)
    page.get_by_role("link", name="退出").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url(f"{portal_server.url}/")
    visit(page, f"{portal_server.url}/desk")
    expect(page.locator(".notice").filter(has_text="供质量管家和管理人员使用")).to_be_visible()
