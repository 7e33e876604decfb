"""其他名单导入 in a real browser: a list of centres with a good, a doubtful and a wrong row, previewed and imported."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import openpyxl
from playwright.sync_api import Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in


def signed_in(server: Server, page: Page, role: Role, area: str) -> None:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)


def upload(page: Page, content: str) -> None:
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    expect(page.locator("table").last).to_contain_text("火星市")
    settle(page)


def test_a_list_of_centres_is_previewed_reported_and_imported(
    own_portal_server: Server, page: Page, tmp_path: Path
) -> None:
    mark = f"示例{uuid4().hex[:6]}"
    signed_in(own_portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{own_portal_server.url}/import_list?kind=centres")
    upload(
        page,
        "中心名称,级别,类别,依托单位,所在地,批准筹建日期,验收日期,目前状态\n"
        f"江苏省{mark}质检中心,省级,质检中心,某院,昆山市,2020-03,2022.6.8,通过验收\n"
        f"江苏省{mark}仪器计量中心,省级,计量中心,某院,昆山市,去年,,在建\n"
        f"江苏省{mark}家具质检中心,省级,质检中心,某院,火星市,2020,,在建\n",
    )
    rows = page.locator("table").last
    assert rows.locator("tbody tr td:nth-child(2)").all_inner_texts() == ["有误", "待核实", "新增"]
    expect(rows).to_contain_text("去年")
    with page.expect_download() as saving:
        page.get_by_role("button", name="下载导入报告").click()
    saving.value.save_as(tmp_path / "report.xlsx")
    report = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[0]
    assert "火星市" in report["F4"].comment.text
    page.get_by_role("button", name="只导入 1 行").click()
    expect(page.get_by_text("名单已导入：新增 1 条")).to_be_visible()
    settle(page)
    visit(page, f"{own_portal_server.url}/registry?kind=centre&q={mark}")
    expect(page.locator("table")).to_contain_text(f"江苏省{mark}质检中心")
    expect(page.locator("table")).not_to_contain_text(f"江苏省{mark}仪器计量中心")
    with page.expect_download() as saving:
        page.get_by_role("button", name="现有登记名单（CSV）").click()
    saving.value.save_as(tmp_path / "centres.csv")
    assert f"江苏省{mark}质检中心" in (tmp_path / "centres.csv").read_text("utf-8-sig")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_the_page_of_a_target_leads_to_the_list_of_pilots(own_portal_server: Server, page: Page) -> None:
    signed_in(own_portal_server, page, Role.PROVINCE, "320000")
    visit(page, f"{own_portal_server.url}/target?code=agri_pilots")
    page.get_by_role("link", name="导入试点示范名单").click()
    expect(page.get_by_role("heading", name="其他名单导入")).to_be_visible()
    settle(page)
    upload(page, "试点项目名称,类型,所在地,立项时间\n某示范区,农业,火星市,2021\n")
    expect(page.locator(".notice").filter(has_text="名单中没有需要写入的内容")).to_be_visible()
