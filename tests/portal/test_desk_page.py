"""工作台: nobody sees or does more than the duty covers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from stations.access import Role
from stations.database import open_engine, transaction
from stations.request_filing import Draft, RequestForm, file_request
from tests.conftest import NOW
from tests.portal.browsing import SLOW, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in
from tests.stations.request_factories import CREDIT_CODE

STATION, OTHER_STATION = "S-3201-002", "S-3201-001"


def file_at(server: Server, station_code: str) -> str:
    form = RequestForm(
        services=("metrology.calibration",),
        station_code=station_code,
        firm_name="测试精密机械有限公司",
        credit_code=CREDIT_CODE,
        contact_name="王测试",
        phone="0512-5555 0000",
        county_adcode="320111",
        product="压力表",
        consent=True,
    )
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
    expect(page.get_by_text("您的职责不含申请办理")).to_be_visible()


def test_acting_on_what_somebody_else_has_moved_is_refused(portal_server: Server, visitor: Callable[..., Page]) -> None:
    number = file_at(portal_server, STATION)
    first = somebody(portal_server, visitor(), Role.STATION, STATION)
    second = somebody(portal_server, visitor(), Role.CITY, "320100")
    for page in (first, second):
        visit(page, f"{portal_server.url}/desk?number={number}")
    first.get_by_role("button", name="受理", exact=True).click()
    expect(first.locator(".request-title")).to_contain_text("已受理", timeout=SLOW)
    second.get_by_role("button", name="受理", exact=True).click()
    expect(second.locator(".notice.bad")).to_be_visible(timeout=SLOW)
    settle(second)
    expect(second.locator(".timeline li")).to_have_count(2)


def test_states_are_chosen_in_the_address(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION)
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?state=closed")
    expect(page.get_by_role("link", name=number)).to_have_count(0)
    visit(page, f"{portal_server.url}/desk?state=submitted&before=99999999999999999999")
    expect(page.get_by_role("link", name=number)).to_be_visible()


def test_signing_out_ends_it(portal_server: Server, page: Page) -> None:
    somebody(portal_server, page, Role.STATION, STATION)
    page.get_by_role("link", name="退出").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url(f"{portal_server.url}/")
    visit(page, f"{portal_server.url}/desk")
    expect(page.locator(".notice").filter(has_text="供质量管家和管理人员使用")).to_be_visible()
