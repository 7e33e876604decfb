"""服务效能评估: figures lead to what is behind them, scores say how they come about, weights are the province's."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in


def enter(server: Server, page: Page, role: Role, area: str) -> None:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)


def test_a_figure_opens_the_requests_behind_it(portal_server: Server, page: Page) -> None:
    enter(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/evaluation?level=city&period=2026-Q2")
    row = page.locator("table").first.locator("tbody tr").first
    count = row.locator("a[href*='figure=requests']").first
    number = int(count.inner_text())
    count.click()
    expect(page.locator(".notice").filter(has_text="申请件数")).to_be_visible()
    settle(page)
    expect(page.locator(".queue-row")).to_have_count(min(number, 30))


def test_a_score_says_how_it_comes_about_and_units_are_compared(portal_server: Server, page: Page) -> None:
    enter(portal_server, page, Role.CITY, "320500")
    visit(page, f"{portal_server.url}/evaluation?level=county&period=2026")
    expect(page.get_by_text("玄武区")).to_have_count(0)
    page.locator("table").first.locator("tbody tr a[href*='unit=']").first.click()
    parts = page.locator("table").filter(has_text="得分构成")
    expect(parts).to_be_visible()
    settle(page)
    told = page.locator(".lead").filter(has_text="综合得分").inner_text()
    score = float(re.search(r"综合得分 ([0-9.]+)", told)[1])
    added = [float(text) for text in parts.locator("tbody tr td:last-child").all_inner_texts()]
    assert abs(sum(added) - score) < 0.1 * len(added)
    expect(page.get_by_role("button", name="设置权重")).to_have_count(0)
    open_choices(page, "最多 4 个")
    for _ in range(2):
        page.get_by_role("option").first.click()
        settle(page)
    expect(page.locator("table").filter(has_text="对比：2026")).to_be_visible()


def test_weights_that_are_no_whole_are_refused_with_everything_typed_kept(portal_server: Server, page: Page) -> None:
    enter(portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{portal_server.url}/evaluation")
    open_expander(page, "权重与公式")
    page.get_by_label("满意度").fill("21")
    page.get_by_label("原因").fill("年度考核办法")
    page.get_by_role("button", name="设置权重").click()
    expect(page.locator(".notice.bad")).to_contain_text("101")
    expect(page.get_by_label("满意度")).to_have_value("21")
    page.get_by_label("按期答复").fill("19")
    page.get_by_role("button", name="设置权重").click()
    expect(page.locator(".notice.good")).to_contain_text("权重已设置")


def test_a_steward_records_a_visit(portal_server: Server, phone_page: Page) -> None:
    page = phone_page
    enter(portal_server, page, Role.STATION, "S-3201-002")
    visit(page, f"{portal_server.url}/visits")
    open_expander(page, "登记上门服务")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".notice.bad li")).to_have_count(2)
    firm = f"南京{uuid4().hex[:6]}有限公司"
    page.get_by_label("企业名称").fill(firm)
    page.get_by_label("服务内容").fill("检定压力表 <12 只>")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator("tr").filter(has_text=firm)).to_contain_text("检定压力表 <12 只>")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
