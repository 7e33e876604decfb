"""The province keeps targets and chains on the pages; a server of this module's own is written to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in


@pytest.fixture(scope="module")
def own_server(own_portal_server: Server) -> Server:
    make_account(own_portal_server, "li", Role.PROVINCE, "320000")
    make_account(own_portal_server, "wang", Role.CITY, "320500")
    return own_portal_server


def opened(page: Page, title: str) -> Locator:
    expander = page.locator('[data-testid="stExpander"]').filter(has_text=title).last
    expander.locator("summary").click()
    return expander


def test_a_rule_is_changed_with_a_reason_and_what_was_typed_stays(own_server: Server, page: Page) -> None:
    sign_in(page, own_server, "li")
    visit(page, f"{own_server.url}/target?code=social_pilots")
    form = opened(page, "修改计数规则")
    form.get_by_text("现已建成（不限时间）", exact=True).click()
    form.get_by_role("button", name="自今日起按此规则计数").click()
    expect(form.locator(".field-problem")).to_be_visible()
    form.get_by_label("原因").fill("省局会议确定")
    form.get_by_role("button", name="自今日起按此规则计数").click()
    expect(page.locator(".notice.good")).to_contain_text("自今日起生效")
    rules = page.locator(".rules > li")
    expect(rules).to_have_count(2)
    expect(rules.first).to_contain_text("省局会议确定")
    expect(rules.first).to_contain_text("不限时间")


def test_a_later_target_is_added_beside_the_old(own_server: Server, page: Page) -> None:
    sign_in(page, own_server, "li")
    visit(page, f"{own_server.url}/targets")
    before = page.locator(".policy").count()
    form = opened(page, "新增后续规划期目标")
    form.get_by_role("button", name="新增目标").click()
    expect(form.locator(".field-problem")).to_have_count(4)
    texts = {"中文名称": "新建质检中心", "政策原文": "新建中心20个", "政策名称": "测试文件", "条款": "（一）"}
    for name, text in texts.items():
        form.get_by_label(name, exact=True).fill(text)
    form.get_by_role("button", name="新增目标").click()
    expect(page.locator(".notice.good")).to_contain_text("目标已新增")
    expect(page.locator(".policy")).to_have_count(before + 1)
    expect(page.get_by_role("heading", name="规划期：2026年1月1日至2030年12月31日")).to_be_visible()


def test_a_chain_is_listed_linked_and_retired(own_server: Server, page: Page) -> None:
    sign_in(page, own_server, "li")
    visit(page, f"{own_server.url}/chains")
    form = opened(page, "新增产业链")
    form.get_by_label("中文名称").fill("动力电池")
    form.get_by_text("重点产业链", exact=True).click()
    form.get_by_label("来源").fill("测试来源")
    form.get_by_role("button", name="列入名录").click()
    expect(page.locator(".card .figure").first).to_have_text("1 / 50")
    visit(page, f"{own_server.url}/chain?code=dong_li_dian_chi")
    form = opened(page, "服务主体登记")
    form.get_by_label("编号").fill("C-999")
    form.get_by_role("button", name="登记为服务该产业链").click()
    expect(form.locator(".notice.bad")).to_contain_text("C-999")
    form.get_by_label("编号").fill("C-005")
    form.get_by_role("button", name="登记为服务该产业链").click()
    expect(page.get_by_role("link", name="国家中低压配电设备质量监督检验中心")).to_be_visible()
    settle(page)
    form = opened(page, "移出名录")
    form.get_by_label("原因").fill("合并")
    form.get_by_role("button", name="移出名录").click()
    expect(page.locator(".notice.warn").filter(has_text="该产业链不在名录中")).to_be_visible()
    history = page.locator(".table").filter(has_text="变更记录").filter(has_text="合并")
    expect(history.first).to_be_visible()


def test_a_city_keeps_neither(own_server: Server, page: Page) -> None:
    sign_in(page, own_server, "wang")
    for path in ("targets", "target?code=qi_centres", "chains"):
        visit(page, f"{own_server.url}/{path}")
        settle(page)
        expect(page.get_by_text("新增后续规划期目标")).to_have_count(0)
        expect(page.get_by_text("修改计数规则")).to_have_count(0)
        expect(page.get_by_text("新增产业链")).to_have_count(0)
