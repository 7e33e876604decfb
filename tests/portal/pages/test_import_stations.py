"""名单导入 in a real browser: a list with a good, a doubtful and a wrong row, previewed and imported."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import openpyxl
from playwright.sync_api import Locator, Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import make_account, sign_in
from tests.stations.imports.import_files.make import HEAD, text


def signed_in(server: Server, page: Page, role: Role, area: str) -> None:
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area)
    sign_in(page, server, username)
    visit(page, f"{server.url}/import_stations")


def findings(page: Page) -> Locator:
    """The table with the number of rows of each outcome."""
    return page.get_by_role("table", name="名单共")


def each_row(page: Page) -> Locator:
    """The table with a line for each row of the list."""
    return page.get_by_role("table", name="名单各行")


def upload(page: Page, marks: str) -> None:
    rows = [
        (f"示例{marks}质量小站", "昆山市", "示例路1号", ""),
        (f"示例{marks}质量服务站", "昆山市", "示例路2号", ""),
        ("示例坏行质量小站", "火星区", "示例路3号", "12"),
    ]
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": text([HEAD, *rows], "gbk")}
    )
    expect(each_row(page)).to_contain_text("火星区")
    settle(page)


def test_a_list_is_previewed_reported_and_imported(portal_server: Server, page: Page, tmp_path: Path) -> None:
    marks = uuid4().hex[:6]
    signed_in(portal_server, page, Role.PROVINCE, "320000")
    upload(page, marks)
    assert findings(page).locator("tbody tr").all_inner_texts() == [
        "新增\t1\t各新增一个站点",
        "待核实\t1\t请先核对；勾选下方选项后才会导入",
        "有误\t1\t不会导入；请在下方改正，或在名单、报告中改正后重新上传",
    ]
    outcomes = each_row(page).locator("tbody tr td:nth-child(2)")
    assert outcomes.all_inner_texts() == ["有误", "待核实", "新增"]
    page.get_by_role("button", name="待核实 1").click()
    expect(outcomes).to_have_text(["待核实"])
    page.get_by_role("button", name="待核实 1").click()
    expect(outcomes).to_have_count(3)
    with page.expect_download() as saving:
        page.get_by_role("button", name="下载导入报告").click()
    saving.value.save_as(tmp_path / "report.xlsx")
    report = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[0]
    assert "火星区" in report["C4"].comment.text
    page.get_by_role("button", name="只导入 1 行").click()
    expect(page.get_by_text("名单已导入：新增站点 1 个")).to_be_visible()
    visit(page, f"{portal_server.url}/registry?q={marks}")
    expect(page.locator("table")).to_contain_text(f"示例{marks}质量小站")
    expect(page.locator("table")).not_to_contain_text(f"示例{marks}质量服务站")


def test_the_doubtful_rows_are_imported_where_somebody_says_so(portal_server: Server, page: Page) -> None:
    signed_in(portal_server, page, Role.PROVINCE, "320000")
    upload(page, uuid4().hex[:6])
    page.get_by_text("待核实的 1 行也一并导入").click()
    page.get_by_role("button", name="导入 2 行（有误的除外）").click()
    expect(page.get_by_text("名单已导入：新增站点 2 个")).to_be_visible()


def test_it_fits_a_phone(portal_server: Server, phone_page: Page) -> None:
    signed_in(portal_server, phone_page, Role.PROVINCE, "320000")
    upload(phone_page, uuid4().hex[:6])
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_who_may_not_import_is_told_so(portal_server: Server, page: Page) -> None:
    signed_in(portal_server, page, Role.COUNTY, "320583")
    expect(page.get_by_text("名单由省级管理员导入")).to_be_visible()
    expect(page.locator('input[type="file"]')).to_have_count(0)


def test_one_date_is_given_for_all_ends_without_one(portal_server: Server, page: Page) -> None:
    signed_in(portal_server, page, Role.PROVINCE, "320000")
    station = (f"示例{uuid4().hex[:6]}质量小站", "昆山市", "示例路1号", "")
    rows = [(*HEAD, "状态", "负责科室"), (*station, "关闭", "质量科")]
    page.locator('input[type="file"]').set_input_files(
        {"name": "示例名单.csv", "mimeType": "text/csv", "buffer": text(rows)}
    )
    expect(page.get_by_text("不导入的列（报告中予以保留）：“负责科室”")).to_be_visible()
    outcomes = each_row(page).locator("tbody tr td:nth-child(2)")
    expect(outcomes).to_have_text(["待核实"])
    page.get_by_role("spinbutton", name="名单未写明日期的关闭、暂停站点，自何日起？").first.click()
    page.keyboard.type("20260630")
    page.keyboard.press("Escape")
    expect(outcomes).to_have_text(["新增"])
    expect(page.get_by_text("按自 2026-06-30 起处理")).to_be_visible()


def test_the_register_comes_back_unchanged(portal_server: Server, page: Page, tmp_path: Path) -> None:
    signed_in(portal_server, page, Role.PROVINCE, "320000")
    with page.expect_download() as saving:
        page.get_by_role("button", name="现有登记名单（Excel）").click()
    saving.value.save_as(tmp_path / "register.xlsx")
    page.locator('input[type="file"]').set_input_files(tmp_path / "register.xlsx")
    expect(findings(page).locator("tbody tr")).to_have_count(1)
    expect(findings(page)).to_contain_text("无变化")
