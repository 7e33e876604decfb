"""驾驶舱: each figure opens the records behind it, everybody sees the own area, and a wall shows nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from stations.duty.roles import Role
from tests.portal.browsing import visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


@pytest.mark.parametrize(
    ("role", "area", "names"),
    [(Role.PROVINCE, "320000", 13), (Role.CITY, "320100", 11), (Role.STATION, "S-3201-002", None)],
    ids=["province", "city", "station"],
)
def test_the_figures_of_the_own_area_open_their_records(
    portal_server: Server, page: Page, role: Role, area: str, names: int | None
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, portal_server, new_account(portal_server, role, area))
    visit(page, f"{portal_server.url}/overview")
    cards = page.locator(".overview-card")
    expect(cards.filter(has_text="当前超期")).to_be_visible()
    assert cards.filter(has_text="已覆盖区县").count() == (role is not Role.STATION)  # a station covers no area
    assert cards.filter(has_text="49").count() == (role is Role.PROVINCE)
    if names is not None:
        expect(page.locator("table tbody tr")).to_have_count(names)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    overdue = cards.filter(has_text="当前超期")
    number = int(overdue.locator(".number").inner_text())
    visit(page, f"{portal_server.url}{overdue.get_attribute('href')}")
    expect(page.locator(".views a[aria-current]")).to_contain_text(f"已超期 {number}")


def test_a_wall_shows_the_figures_alone_and_large(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.set_viewport_size({"width": 1920, "height": 1080})
    sign_in(page, portal_server, new_account(portal_server, Role.PROVINCE, "320000"))
    visit(page, f"{portal_server.url}/overview?screen=1")
    number = page.locator(".overview-card .number").first
    expect(number).to_be_visible()
    expect(page.locator('[data-testid="stHeader"]')).not_to_be_visible()
    assert number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > 50
    assert page.locator(".overview-cards").evaluate("cards => cards.clientWidth") > 1800
    page.get_by_role("link", name="退出大屏").click()
    expect(page.locator('[data-testid="stHeader"]')).to_be_visible()


def test_a_phone_shows_them_two_abreast(portal_server: Server, phone_page: Page) -> None:
    sign_in(phone_page, portal_server, new_account(portal_server, Role.CITY, "320100"))
    visit(phone_page, f"{portal_server.url}/overview")
    expect(phone_page.locator(".overview-card").first).to_be_visible()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
