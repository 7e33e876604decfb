"""The page of one station, the catalogue, and what the portal says about itself."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.portal.browsing import SLOW, settle, visit
from tests.portal.conftest import Server


def test_a_station_tells_what_is_known_and_what_is_not(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=S-3201-001")
    expect(page.get_by_role("heading", level=1)).to_have_text("江北新区新材料科技园质量小站")
    expect(page.locator(".facts")).to_contain_text("来源未说明县、市、区")
    expect(page.locator(".table")).to_contain_text("2021年")
    expect(page.get_by_text("China Quality Daily 2024-09-02").first).to_be_visible()


def test_services_are_ticked_and_asked_for_at_once(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=S-3201-002")
    for service in ("校准", "标准查询与文本"):
        page.get_by_role("button", name=service, exact=True).click()
        settle(page)
    page.get_by_role("link", name="申请这 2 项服务").click()
    page.wait_for_url("**/request?*", timeout=SLOW)
    settle(page)
    for service in ("校准", "标准查询与文本"):
        expect(page.locator('[data-testid="stMultiSelect"]')).to_contain_text(service)


def test_a_station_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=<u>X")
    expect(page.locator(".notice.warn")).to_contain_text("<u>X")


def test_the_catalogue_is_searched_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/services")
    expect(page.locator("details.entry")).to_have_count(48, timeout=SLOW)
    page.get_by_label("搜索服务").fill("CCC")
    page.keyboard.press("Enter")
    expect(page.locator("details.entry")).to_have_count(1, timeout=SLOW)
    assert "q=CCC" in page.url
    page.reload()
    settle(page)
    expect(page.locator("details.entry")).to_have_count(1, timeout=SLOW)
    expect(page.locator("details.entry")).to_contain_text("强制性产品认证（CCC）")
    page.locator("details.entry").get_by_role("link").click()
    page.wait_for_url("**/find?service=certification.ccc", timeout=SLOW)


def test_what_it_says_about_itself(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/about")
    rows = page.locator(".table tbody tr")
    expect(rows.nth(0).locator("td").nth(1)).to_have_text("3")
    expect(rows.nth(1).locator("td").nth(1)).to_have_text("23")
