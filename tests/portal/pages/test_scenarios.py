"""Scenarios: saved from siting, compared, shared by link, taken home as files, made planned stations."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
from playwright.sync_api import Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import open_choices, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


def save(page: Page, server: Server, query: str, name: str) -> str:
    """Save an answer; the path of the scenario."""
    visit(page, f"{server.url}/siting?{query}")
    expect(page.locator(".table tbody tr").first).to_be_visible()
    page.get_by_label("方案名称").fill(name)
    page.get_by_role("button", name="保存").click()
    opened = page.get_by_role("link", name="打开方案")
    expect(opened).to_be_visible()
    return opened.get_attribute("href")


def test_a_scenarios_whole_way(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor()
    sign_in(page, portal_server, new_account(portal_server, Role.PLANNER, "320000"))
    first = save(page, portal_server, "model=mclp&p=2&within=20&keep=no", "两站方案")
    second = save(page, portal_server, "model=p-median&p=3&keep=no", "三站方案")
    tokens = [path.partition("s=")[2] for path in (first, second)]
    page.goto(f"{portal_server.url}/siting?model=mclp&p=2&within=20&keep=no")
    settle(page)
    page.get_by_label("方案名称").fill("两站方案")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("您已有名为“两站方案”的方案")).to_be_visible()

    # A stranger with the link sees both side by side, and can change nothing.
    other = visitor("en-GB")
    visit(other, f"{portal_server.url}/scenarios?s={tokens[0]}&s={tokens[1]}")
    headings = other.locator(".table").first.locator("thead th")
    expect(headings).to_have_text(["Figure", "Stations of the date alone", "两站方案", "三站方案"])
    solved_elsewhere = other.locator(".notice.warn", has_text="was solved on another ground")
    expect(solved_elsewhere).to_have_count(0)
    open_choices(other, "What counts")
    other.get_by_role("option", name="Every county counts alike").click()
    other.wait_for_url("**weights=equal*")
    expect(solved_elsewhere).to_have_count(2)
    expect(solved_elsewhere.first).to_contain_text("Every resident counts alike")
    expect(other.locator(".scenario-name")).to_have_count(2)
    expect(other.get_by_role("button", name="Make them planned stations")).to_have_count(0)
    expect(other.get_by_text("Rename or remove")).to_have_count(0)

    visit(page, f"{portal_server.url}{first}")
    files = {}
    for name in ("Word", "Excel", "GeoJSON", "GeoPackage"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).last.click()
        files[name] = Path(download.value.path()).read_bytes()
    assert "两站方案" in [one.text for one in docx.Document(io.BytesIO(files["Word"])).paragraphs]
    assert openpyxl.load_workbook(io.BytesIO(files["Excel"])).worksheets[0]["C1"].value == "两站方案"
    sites = [one for one in json.loads(files["GeoJSON"])["features"] if one["properties"]["layer"] == "sites"]
    assert [one["properties"]["role"] for one in sites] == ["new", "new"]
    assert files["GeoPackage"].startswith(b"SQLite format 3")

    page.get_by_role("button", name="登记为规划小站").click()
    expect(page.get_by_text("新登记 2 个，此前已登记 0 个")).to_be_visible()
    page.get_by_role("button", name="登记为规划小站").click()
    expect(page.get_by_text("新登记 0 个，此前已登记 2 个")).to_be_visible()
    code = page.get_by_role("link", name="-01").inner_text()
    visit(page, f"{portal_server.url}/station?code={code}")
    expect(page.get_by_text("规划").first).to_be_visible()
    visit(page, f"{portal_server.url}/scenarios")
    expect(page.locator(".table tbody tr")).to_have_count(2)


def test_a_wrong_link_is_told(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/scenarios?s=<b>nothing</b>")
    expect(phone_page.get_by_text("该链接没有对应的方案")).to_be_visible()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
