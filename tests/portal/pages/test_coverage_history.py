"""覆盖变化: the curve, what changed, what is in danger, how far stations reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from stations.coverage.through_time import ChangeKind, CoverageHistory, coverage_history
from stations.database import open_engine, reading
from tests.portal.browsing import visit
from tests.portal.conftest import Server


@pytest.fixture(scope="module")
def history(portal_server: Server) -> CoverageHistory:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        told = coverage_history(session, samples=True)
    engine.dispose()
    return told


def test_what_changed_between_two_dates(portal_server: Server, page: Page, history: CoverageHistory) -> None:
    visit(page, f"{portal_server.url}/coverage_history?from=2024-12-31&to=2025-12-31")
    changes = history.changes(date(2024, 12, 31), date(2025, 12, 31))
    gained = sum(change.kind is ChangeKind.GAINED for change in changes)
    expect(page.locator(".card", has_text="新覆盖").locator(".figure")).to_have_text(str(gained))
    table = page.locator("table", has=page.get_by_text("2024年12月31日至2025年12月31日"))
    expect(table.locator("tbody tr")).to_have_count(len(changes))
    for change in changes:
        row = table.locator("tr", has=page.locator(f'a[href="/county?adcode={change.county.adcode}"]'))
        for one in change.stations:
            expect(row.locator(f'a[href="/station?code={one.station.code}"]')).to_have_count(1)


def test_dates_the_wrong_way_round_are_told(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage_history?from=2025-12-31&to=2024-12-31")
    expect(page.locator(".notice.warn")).to_contain_text("对调")
    visit(page, f"{portal_server.url}/coverage_history?from=soon")
    expect(page.locator(".notice.warn")).to_contain_text("soon")


def test_the_curve_the_dangers_and_the_reach_are_shown(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage_history")
    chart = page.get_by_role("img").filter(has_text="已覆盖").filter(has_text="服务齐全")
    expect(chart.first).to_be_visible()
    ending = page.locator("table", has=page.locator("caption", has_text="停止服务"))
    expect(ending.locator("tbody tr")).to_have_count(2)
    expect(ending).to_contain_text("2026年12月20日")
    expect(ending.locator("th", has_text="失去覆盖日期")).to_have_count(1)
    reach = page.locator("table", has=page.locator("th", has_text="人口占比"))
    expect(reach.locator("tbody tr")).to_have_count(3)


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/coverage_history?city=320500")
    expect(page.get_by_role("heading", name="About to fall uncovered")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
