"""The province keeps targets and chains on the pages; a server of this module's own is written to."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, transaction
from stations.duty.roles import Role
from stations.targets.keeping import add_target
from tests.conftest import NOW
from tests.portal.browsing import open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in
from tests.stations.registry_factories import PROVINCE
from tests.stations.targets.test_target_keeping import DRAFT


@pytest.fixture(scope="module")
def own_server(own_portal_server: Server) -> Server:
    return own_portal_server


def sign_in_as(page: Page, server: Server, role: Role, area_code: str = "320000") -> None:
    """Sign in with an account of its own."""
    sign_in(page, server, new_account(server, role, area_code))


def new_target(server: Server) -> str:
    """Add a target that nobody has changed yet; return its code."""
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        code = add_target(session, PROVINCE, replace(DRAFT, name_zh=f"新建质检中心{uuid4().hex[:8]}"), now=NOW).code
    engine.dispose()
    return code


def test_a_rule_is_changed_with_a_reason_and_what_was_typed_stays(own_server: Server, page: Page) -> None:
    sign_in_as(page, own_server, Role.PROVINCE)
    visit(page, f"{own_server.url}/target?code={new_target(own_server)}")
    form = open_expander(page, "修改计数规则")
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
    sign_in_as(page, own_server, Role.PROVINCE)
    visit(page, f"{own_server.url}/targets")
    before = page.locator(".policy").count()
    form = open_expander(page, "新增后续规划期目标")
    form.get_by_role("button", name="新增目标").click()
    expect(form.locator(".field-problem")).to_have_count(4)
    texts = {
        "中文名称": f"新建质检中心{uuid4().hex[:8]}",
        "政策原文": "新建中心20个",
        "政策名称": "测试文件",
        "条款": "（一）",
    }
    for name, text in texts.items():
        form.get_by_label(name, exact=True).fill(text)
    form.get_by_role("button", name="新增目标").click()
    expect(page.locator(".notice.good")).to_contain_text("目标已新增")
    expect(page.locator(".policy")).to_have_count(before + 1)
    expect(page.get_by_role("heading", name="规划期：2026年1月1日至2030年12月31日").first).to_be_visible()


def test_a_chain_is_listed_linked_and_retired(own_server: Server, page: Page) -> None:
    sign_in_as(page, own_server, Role.PROVINCE)
    visit(page, f"{own_server.url}/chains")
    form = open_expander(page, "新增产业链")
    name = f"动力电池{uuid4().hex[:8]}"
    form.get_by_label("中文名称").fill(name)
    form.get_by_text("重点产业链", exact=True).click()
    form.get_by_label("来源").fill("测试来源")
    form.get_by_role("button", name="列入名录").click()
    expect(page.locator(".card .figure").first).to_have_text("3 / 50")
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    settle(page)
    form = open_expander(page, "服务主体登记")
    form.get_by_label("编号").fill("C-999")
    form.get_by_role("button", name="登记为服务该产业链").click()
    expect(form.locator(".notice.bad")).to_contain_text("C-999")
    form.get_by_label("编号").fill("C-005")
    form.get_by_role("button", name="登记为服务该产业链").click()
    expect(page.get_by_role("link", name="国家中低压配电设备质量监督检验中心")).to_be_visible()
    settle(page)
    form = open_expander(page, "移出名录")
    form.get_by_label("原因").fill("合并")
    form.get_by_role("button", name="移出名录").click()
    expect(page.locator(".notice.warn").filter(has_text="该产业链不在名录中")).to_be_visible()
    history = page.locator(".table").filter(has_text="变更记录").filter(has_text="合并")
    expect(history.first).to_be_visible()


def test_a_city_keeps_neither(own_server: Server, page: Page) -> None:
    sign_in_as(page, own_server, Role.CITY, "320500")
    for path in ("targets", "target?code=qi_centres", "chains"):
        visit(page, f"{own_server.url}/{path}")
        settle(page)
        expect(page.get_by_text("新增后续规划期目标")).to_have_count(0)
        expect(page.get_by_text("修改计数规则")).to_have_count(0)
        expect(page.get_by_text("新增产业链")).to_have_count(0)
