"""登记管理 in a real browser: editing with the map, two editors at once, proposing and deciding, doubles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, transaction
from stations.duty.roles import Role
from stations.keeping.editing import edit_record
from stations.keeping.station_form import station_form_of
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.station import get_station
from stations.registry.unread import Unread
from tests.conftest import NOW
from tests.portal.browsing import map_frame, open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in
from tests.stations.registry_factories import COLLEAGUE, IN_KUNSHAN, KUNSHAN, added_station


def station_in(server: Server, **changes: object) -> str:
    """A station of its own for a test, unlike every other; its code."""
    marks = uuid4().hex[:6]
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        given = {"name": f"昆山{marks}质量小站", "phone": "", "lon": IN_KUNSHAN[0], "lat": IN_KUNSHAN[1]} | changes
        code = added_station(session, **given).code
    engine.dispose()
    return code


def edited_elsewhere(server: Server, code: str, **changes: object) -> None:
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        station = get_station(session, code, samples=True)
        form = replace(station_form_of(state_of(station)), **changes)
        edit_record(session, COLLEAGUE, RecordKind.STATION, code, form, version=station.version, now=NOW)
    engine.dispose()


def somebody(server: Server, page: Page, role: Role, area: str) -> Page:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)
    return page


def field(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Tab")
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_who_is_not_signed_in_is_sent_to_sign_in(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/registry")
    expect(page.get_by_text("供负责登记管理的人员使用")).to_be_visible()
    expect(page.locator(".notice a[href^='/sign-in']")).to_be_visible()


def test_the_province_finds_edits_and_sees_the_history(portal_server: Server, page: Page) -> None:
    code = station_in(portal_server)
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/registry?q={code}")
    page.get_by_role("link", name=code).click()
    settle(page)
    page.get_by_role("link", name="编辑", exact=True).click()
    settle(page)
    field(page, "联系电话", "123")
    press(page, "保存修改")
    expect(page.locator(".field-problem")).to_contain_text("不是有效电话号码")
    expect(page.get_by_label("联系电话", exact=True)).to_have_value("123")
    map_frame(page)
    frame = page.locator('iframe[data-testid="stCustomComponentV1"]')
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_label("经度（东经）")).not_to_have_value(f"{IN_KUNSHAN[0]:.6f}")
    settle(page)
    field(page, "联系电话", "12315")
    field(page, "原因（选填）", "电话核实")
    press(page, "保存修改")
    expect(page.get_by_text("修改已保存。")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("电话核实")
    expect(page.locator(".timeline ins").filter(has_text="12315")).to_be_visible()


def test_two_who_edit_at_once_are_brought_together(portal_server: Server, page: Page) -> None:
    code = station_in(portal_server)
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/record?kind=station&code={code}&do=edit")
    field(page, "品牌", "质量驿站")
    field(page, "联系电话", "12315")
    edited_elsewhere(portal_server, code, phone="12345", hours="24/7")
    press(page, "保存修改")
    expect(page.locator(".notice.warn").filter(has_text="钱科长")).to_be_visible()
    expect(page.locator("table").filter(has_text="双方均有改动")).to_contain_text("12345")
    page.get_by_text("您的修改", exact=True).last.click()
    settle(page)
    press(page, "合并双方修改并保存")
    expect(page.get_by_text("修改已保存。")).to_be_visible()
    facts = page.locator(".facts").first
    expect(facts).to_contain_text("12315")
    expect(facts).to_contain_text("质量驿站")
    expect(facts).to_contain_text("每天")


def test_a_county_proposes_and_the_province_decides(portal_server: Server, visitor: Callable[..., Page]) -> None:
    code = station_in(portal_server)
    county = somebody(portal_server, visitor(phone=True), Role.COUNTY, KUNSHAN)
    visit(county, f"{portal_server.url}/record?kind=station&code={code}")
    expect(county.get_by_role("link", name="编辑", exact=True)).to_have_count(0)
    county.get_by_role("link", name="申请变更信息").click()
    settle(county)
    field(county, "联系电话", "12315")
    press(county, "提交申请")
    expect(county.locator(".field-problem").filter(has_text="请填写")).to_be_visible()
    field(county, "原因", "电话变更")
    press(county, "提交申请")
    expect(county.get_by_text("申请已提交。")).to_be_visible()
    proposal = county.url.split("code=")[1]

    province = somebody(portal_server, visitor(locale="en-GB"), Role.PROVINCE, "320000")
    visit(province, f"{portal_server.url}/proposals?code={proposal}")
    expect(province.locator("table").first).to_contain_text("12315")
    press(province, "Accept the proposal")
    expect(province.get_by_text("accepted and the registry changed")).to_be_visible()

    visit(county, f"{portal_server.url}/registry")
    expect(county.get_by_text("您有 1 件申请已有答复")).to_be_visible()
    visit(county, f"{portal_server.url}/proposals?code={proposal}")
    expect(county.locator(".record-title")).to_contain_text("已同意")
    visit(county, f"{portal_server.url}/registry")
    expect(county.get_by_text("已有答复")).to_have_count(0)


def test_two_records_of_one_station_are_merged(portal_server: Server, page: Page) -> None:
    name = f"昆山{uuid4().hex[:6]}质量小站"
    first, second = station_in(portal_server, name=name), station_in(portal_server, name=name)
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/doubles")
    expect(page.locator("table tr").filter(has_text=first).filter(has_text=second)).to_be_visible()
    visit(page, f"{portal_server.url}/doubles?kind=station&code={first}&other={second}")
    press(page, "合并两条记录")
    expect(page.get_by_text("已合并 2 条记录。")).to_be_visible()
    expect(page.locator("table tr").filter(has_text=second)).to_have_count(0)
    visit(page, f"{portal_server.url}/station?code={second}")
    expect(page.get_by_text(f"{second} 已并入 {first}")).to_be_visible()


@pytest.mark.parametrize("address", ["registry", "proposals", "doubles", "record?kind=station"])
def test_the_pages_fit_a_phone(portal_server: Server, phone_page: Page, address: str) -> None:
    somebody(portal_server, phone_page, Role.COUNTY, KUNSHAN)
    visit(phone_page, f"{portal_server.url}/{address}")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    for wrap in phone_page.locator(".table-wrap").all():
        assert wrap.evaluate("(wrap) => wrap.scrollWidth <= wrap.clientWidth"), "a table has to be pushed sideways"


def test_what_was_not_understood_is_shown_and_put_right(portal_server: Server, page: Page) -> None:
    words = (Unread("hours", "看情况"), Unread("services", "潜水"))
    contact = {"contact_name": "王小明", "contact_phone": "13800000001"}
    code = station_in(portal_server, hours="", unread=words, host="昆山某所", **contact)
    visit(page, f"{portal_server.url}/station?code={code}")
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text("看情况")
    expect(facts).to_contain_text("单位填报原文")
    expect(facts).to_contain_text("昆山某所")
    expect(page.locator("body")).not_to_contain_text("王小明")
    expect(page.locator("body")).not_to_contain_text("13800000001")
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/registry?unread=1&q=看情况")
    expect(page.locator("table")).to_contain_text(code)
    visit(page, f"{portal_server.url}/record?kind=station&code={code}&do=edit")
    field(page, "服务时间", "周一至周五 9:00-17:00")
    page.get_by_text("“潜水”——已处理").click()
    settle(page)
    press(page, "保存修改")
    expect(page.get_by_text("修改已保存")).to_be_visible()
    expect(page.locator("dl.facts").first).to_contain_text("王小明")
    expect(page.locator("dl.facts").first).not_to_contain_text("看情况")
    visit(page, f"{portal_server.url}/registry?unread=1&q={code}")
    expect(page.locator("table")).to_have_count(0)


def test_a_contact_person_is_masked_for_who_need_not_see_it(portal_server: Server, page: Page) -> None:
    code = station_in(portal_server, contact_name="王小明", contact_phone="13800000001")
    somebody(portal_server, page, Role.AUDITOR, "320583")
    visit(page, f"{portal_server.url}/record?kind=station&code={code}")
    expect(page.locator("dl.facts").first).to_contain_text("138****0001")
    page.locator("details summary").first.click()
    expect(page.locator("body")).not_to_contain_text("王小明")
    expect(page.locator("body")).not_to_contain_text("13800000001")


def test_columns_many_records_at_once_and_the_yearly_confirmation(portal_server: Server, page: Page) -> None:
    code = station_in(portal_server)
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/registry?q={code}&columns=hours,confirmed_on")
    headings = page.locator(".table th")
    expect(headings).to_have_text(["编号", "名称", "确认日期", "服务时间"])
    box = open_expander(page, "批量修改")
    box.get_by_text("本页列出的全部记录").first.click()
    settle(page)
    open_choices(page, "项目")
    page.get_by_role("option", name="服务时间").click()
    settle(page)
    field(page, "新值", "周一至周五 8:00-16:00")
    field(page, "原因", "统一服务时间")
    expect(page.locator(".tag.good", has_text="将修改")).to_be_visible()
    press(page, "修改 1 条记录")
    expect(page.get_by_text("已修改 1 条记录。")).to_be_visible()
    visit(page, f"{portal_server.url}/record?kind=station&code={code}")
    expect(page.locator(".timeline")).to_contain_text("统一服务时间")
    press(page, "信息无误，确认")
    expect(page.get_by_text("登记信息已确认，有效一年。")).to_be_visible()
    expect(page.get_by_text("确认于 2026年11月24日")).to_be_visible()
