"""看可达: the page draws what the domain computes; a figure imported there weighs it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.duty.roles import Role
from stations.planning.reach import reach_on
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


def test_the_figures_are_the_domains(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        report = reach_on(session, TODAY, samples=True, service="testing", catchment_km=20)
    engine.dispose()
    visit(page, f"{portal_server.url}/reach?as_of={TODAY}&service=testing&catchment=20&show=score")
    map_frame(page)
    expect(page.locator(".figures .figure").first).to_have_text(f"{report.province.within[10]:.1%}")
    expect(page.locator(".figures .figure").nth(3)).to_have_text(f"{report.province.gini:.2f}")
    rows = page.locator(".table").first.locator("tbody tr")
    expect(rows).to_have_count(14)
    curve = page.get_by_test_id("stImage").locator("img")
    assert curve.evaluate("image => image.complete && image.naturalWidth") == 370
    expect(page.get_by_text("洛伦兹曲线").first).to_be_visible()


def test_a_figure_is_imported_told_row_by_row_and_weighs(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page, figure = visitor(), f"FIRMS-{uuid4().hex[:8].upper()}"
    sign_in(page, portal_server, new_account(portal_server, Role.PLANNER, "320000"))
    visit(page, f"{portal_server.url}/reach")
    open_expander(page, "导入县（市、区）指标")
    form = page.get_by_test_id("stForm").filter(has_text="指标名称")
    for label, text in (("编码", figure), ("指标名称", "规上工业企业"), ("单位", "家"), ("来源：", "测试公报")):
        form.get_by_label(label, exact=not label.endswith("：")).fill(text)

    def send(name: str, content: str) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode("gb18030")}
        form.locator('input[type="file"]').set_input_files(file)
        expect(form.get_by_text(name).last).to_be_visible()
        form.get_by_role("button", name="导入").last.click()

    send("企业.csv", "区县,数值\n昆山市,120\n没有市,3\n鼓楼区,5\n")
    problems = page.get_by_role("alert").filter(has_text="未导入任何数据")
    expect(problems.locator("li")).to_have_count(2)
    expect(problems).to_contain_text("第 3 行")
    expect(form.get_by_label("编码", exact=True)).to_have_value(figure)
    send("更正.csv", "区县,数值\n昆山市,120\n320106,5\n")
    expect(page.get_by_text("已导入 2 个县（市、区）的数据。")).to_be_visible()
    visit(page, f"{portal_server.url}/reach?weights={figure}")
    expect(page.get_by_text("来源：测试公报").first).to_be_visible()
    settle(page)


def test_who_may_not_import_sees_no_form(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/reach?weights=<b>&catchment=7&show=x&service=y")
    expect(phone_page.locator(".figures .figure")).to_have_count(4)
    expect(phone_page.get_by_text("导入县（市、区）指标")).to_have_count(0)
    expect(phone_page.locator(".source", has_text="由以下角色导入")).to_contain_text("规划员")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
