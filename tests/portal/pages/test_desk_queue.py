"""工作台 over its list: picking, acting on several at once, sorting, saved views, a request beside the list, urging."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.requests.filing import Draft, file_request
from stations.requests.handling import move_as_station
from stations.requests.internal_notes import write_note
from stations.requests.moves import MoveName
from stations.requests.urging import UrgingForm, urge
from tests.conftest import NOW, TODAY
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.pages.test_desk import STATION, file_at, form_for, new_phone, somebody
from tests.stations.request_factories import actor_with

CITY = actor_with(Role.CITY, AreaKind.CITY, "320100")


def several(server: Server, count: int) -> tuple[str, list[str]]:
    """File some requests of a firm that nobody else has. Return its name and their numbers."""
    firm = f"批量{uuid4().hex[:6]}有限公司"
    return firm, [file_at(server, STATION, firm=firm, phone=new_phone()) for _ in range(count)]


def pick(page: Page, number: str) -> None:
    page.locator(f".st-key-row_{number} label").first.click()
    settle(page)


def test_several_are_accepted_after_one_question_and_taken_back_with_one_click(
    portal_server: Server, page: Page
) -> None:
    firm, numbers = several(portal_server, 3)
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?q={firm}")
    accept = page.get_by_role("button", name="受理", exact=True)
    expect(accept).to_be_disabled()
    for number in numbers[:2]:
        pick(page, number)
    accept.click()
    question = page.locator(".st-key-bulk_question")
    expect(question).to_contain_text("所选 2 件中将变更 2 件")
    expect(question.locator("li")).to_have_text([f"{number} · {firm}" for number in numbers[:2]])
    settle(page)
    # Meanwhile somebody else takes one of them on.
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        steward = Actor("other", "别人", False, (Responsibility(Role.STATION, AreaKind.STATION, STATION),))
        move_as_station(session, steward, numbers[0], MoveName.ACCEPT, version=1, now=NOW)
    engine.dispose()
    page.get_by_role("button", name="确认办理 2 件").click()
    expect(page.locator(".notice.warn").filter(has_text="完成")).to_be_visible()
    outcomes = page.locator("table").filter(has_text="逐件结果")
    expect(outcomes.locator("tr").filter(has_text=numbers[0])).to_contain_text("未完成")
    expect(outcomes.locator("tr").filter(has_text=numbers[1]).locator(".tag.good")).to_be_visible()
    row = page.locator(".queue-row").filter(has_text=numbers[1])
    expect(row).to_contain_text("已受理")
    settle(page)
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text("已恢复原状")
    expect(row).to_contain_text("已提交")
    expect(page.get_by_role("button", name="撤销", exact=True)).to_have_count(0)


def test_an_office_urges_several_and_the_station_answers(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    firm, numbers = several(portal_server, 2)
    office, station = visitor(), visitor()
    somebody(portal_server, office, Role.CITY, "320100")
    somebody(portal_server, station, Role.STATION, STATION)
    visit(office, f"{portal_server.url}/desk?q={firm}")
    for number in numbers:
        pick(office, number)
    office.get_by_role("button", name="督办", exact=True).click()
    office.get_by_label("督办要求（企业看不到）").fill("请三日内办结")
    settle(office)
    office.get_by_role("button", name="下一步").last.click()
    office.get_by_role("button", name="确认办理 2 件").click()
    expect(office.locator(".queue-row", has_text="督办中")).to_have_count(2)
    visit(station, f"{portal_server.url}/desk?q={firm}&urged=mine")
    station.locator(".queue-row a").first.click()
    expect(station.locator(".st-key-desk_detail")).to_contain_text("请三日内办结")
    settle(station)
    station.get_by_label("您对督办部门的答复（企业看不到）").fill("明日上门")
    station.get_by_role("button", name="答复督办").click()
    expect(station.locator(".timeline")).to_contain_text("按期答复")
    settle(station)
    expect(station.locator(".queue-row")).to_have_count(1)
    visit(office, f"{portal_server.url}/desk?q={firm}")
    expect(office.locator(".queue-row", has_text="督办中")).to_have_count(1)


def test_an_urging_is_answered_from_its_own_request_too(portal_server: Server, page: Page) -> None:
    number = file_at(portal_server, STATION, phone=new_phone())
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/desk?number={number}")
    page.get_by_role("button", name="督办", exact=True).click()
    open_choices(page, "督办对象")
    expect(page.get_by_role("option")).to_have_text(["小站", "市级管理部门"])  # its county is not known
    page.get_by_role("option", name="市级管理部门").click()
    page.get_by_role("button", name="督办", exact=True).last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("督办要求（企业看不到）").fill("请督促小站")
    page.get_by_role("button", name="督办", exact=True).last.click()
    expect(page.locator(".timeline")).to_contain_text("省督办市级管理部门")
    settle(page)
    page.get_by_role("button", name="撤回督办").click()
    expect(page.locator(".timeline")).to_contain_text("督办已撤回")


def test_a_request_opens_beside_the_list_which_stays_where_it_was(portal_server: Server, page: Page) -> None:
    firm, numbers = several(portal_server, 2)
    page.set_viewport_size({"width": 1440, "height": 900})
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?q={firm}")
    page.evaluate("window.here = true")  # gone if the page were loaded anew
    for number in numbers:
        page.get_by_role("link", name=number).click()
        expect(page.locator(".st-key-desk_detail .request-title")).to_contain_text(number)
        settle(page)
        expect(page.locator(".queue-row")).to_have_count(2)
        expect(page.locator(".queue-row.here")).to_contain_text(number)
        assert f"number={number}" in page.url and page.evaluate("window.here")
    page.get_by_role("link", name="关闭，返回列表").click()
    expect(page.locator(".st-key-desk_detail")).to_have_count(0)
    assert "number=" not in page.url and page.evaluate("window.here")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_twelve_rows_fit_a_screen_and_no_column_is_cut(
    portal_server: Server, visitor: Callable[..., Page], locale: str
) -> None:
    page = visitor(locale=locale)
    page.set_viewport_size({"width": 1440, "height": 900})
    somebody(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/desk?sort=-state")
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".queue-row")].filter((row) => {
          const box = row.getBoundingClientRect();
          return box.top > 0 && box.bottom <= innerHeight;
        }).length"""
    )
    assert seen >= 12
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".queue-row > div")]
          .filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.className)"""
    )
    assert cut == [] and page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert page.locator(".st-key-desk_list").evaluate("list => list.clientWidth") > 1300


def test_a_phone_shows_cards_and_then_the_request_alone(portal_server: Server, phone_page: Page) -> None:
    firm, numbers = several(portal_server, 1)
    somebody(portal_server, phone_page, Role.STATION, STATION)
    visit(phone_page, f"{portal_server.url}/desk?q={firm}")
    expect(phone_page.locator(".queue-row .firm")).to_contain_text(firm)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    phone_page.get_by_role("link", name=numbers[0]).click()
    expect(phone_page.locator(".request-title")).to_be_visible()
    expect(phone_page.locator(".queue-row")).not_to_be_visible()


def test_columns_sort_and_a_view_is_kept_for_its_account_only(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    mark = uuid4().hex[:6]
    for letter in "乙甲":
        file_at(portal_server, STATION, firm=f"{mark}{letter}有限公司", phone=new_phone())
    page, name = visitor(), f"视图{mark}"
    somebody(portal_server, page, Role.STATION, STATION)
    visit(page, f"{portal_server.url}/desk?q={mark}")
    firms = page.locator(".queue-row .firm")
    for expected in ("乙甲", "甲乙"):  # by code point, then the other way round
        page.locator(".st-key-sort_firm button").click()
        expect(firms.first).to_contain_text(f"{mark}{expected[0]}")
        expect(firms.last).to_contain_text(f"{mark}{expected[1]}")
        settle(page)
    page.get_by_role("button", name="保存视图").click()
    page.get_by_label("视图名称").fill(name)
    page.get_by_role("button", name="保存", exact=True).click()
    view = page.locator(".views").get_by_role("link", name=name)
    expect(view).to_have_attribute("aria-current", "page")
    settle(page)
    visit(page, f"{portal_server.url}/desk")
    view.click()
    expect(firms).to_have_count(2)
    assert "sort=-firm" in page.url and f"q={mark}" in page.url
    other = visitor()
    somebody(portal_server, other, Role.STATION, STATION)
    visit(other, f"{portal_server.url}/desk")
    expect(other.locator(".views").get_by_role("link", name=name)).to_have_count(0)


def test_no_firm_reads_internal_notes_or_what_an_office_wrote(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    draft = Draft()
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        number = file_request(session, form_for(STATION, phone=new_phone()), draft, now=NOW, samples=True).number
        write_note(session, CITY, number, "内部：老客户", now=NOW + timedelta(minutes=1))
        urge(session, CITY, number, UrgingForm("station", "内部：快办", TODAY), now=NOW + timedelta(minutes=2))
    engine.dispose()
    office, firm = visitor(), visitor()
    somebody(portal_server, office, Role.CITY, "320100")
    visit(office, f"{portal_server.url}/desk?number={number}")
    expect(office.locator(".timeline .note")).to_contain_text("内部：老客户")
    visit(firm, f"{portal_server.url}/track")
    firm.get_by_label("受理编号").fill(number)
    firm.get_by_label("查询码").fill(draft.code)
    firm.get_by_role("button", name="查询").click()
    expect(firm.locator(".timeline")).to_contain_text("上级管理部门已督促小站加快办理您的申请")
    settle(firm)
    assert "内部" not in firm.content()
    open_expander(firm, "您的信息")
    with firm.expect_download() as saved:
        firm.locator(".st-key-own_data_file button").click()
    copy = Path(saved.value.path()).read_text("utf-8")
    assert json.loads(copy)["number"] == number and "内部" not in copy
