"""The first page says in one screen what this is, where things stand, and where to go."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests
from playwright.sync_api import Page, expect

from portal.navigation import Section
from stations.coverage.county_coverage import coverage_on
from stations.database import open_engine, reading
from stations.duty.roles import Role
from stations.targets.target import get_target, standing_on
from tests.conftest import TODAY
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in
from tests.portal.visitors import DESKTOP


def test_coverage_and_centres_in_the_first_screen(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        covered = coverage_on(session, TODAY, samples=True).covered
        target = get_target(session, "qi_centres")
        ended = standing_on(session, target, target.period_end, samples=True).counted
    engine.dispose()
    visit(page, portal_server.url)
    figures = page.locator(".card .figure")
    expect(figures.nth(0)).to_have_text(f"{covered} / 95")
    expect(figures.nth(1)).to_have_text(f"{ended} / 49")
    box = page.locator(".cards").nth(1).bounding_box()
    assert box
    assert box["y"] + box["height"] <= DESKTOP["height"]


@pytest.mark.parametrize(("way", "page_name"), [("找服务", "find"), ("看覆盖", "coverage"), ("看布局", "centres")])
def test_three_ways_in(portal_server: Server, page: Page, way: str, page_name: str) -> None:
    visit(page, portal_server.url)
    page.locator(".ways").get_by_text(way, exact=True).click()
    page.wait_for_url(f"**/{page_name}")
    settle(page)
    expect(page.locator(".page-footer")).to_be_visible()


def test_the_language_is_switched_and_kept(portal_server: Server, page: Page) -> None:
    visit(page, portal_server.url)
    page.get_by_role("link", name="English").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality services for your firm, in one place")
    visit(page, f"{portal_server.url}/services")
    expect(page.get_by_role("heading", level=1)).to_have_text("Service catalogue")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_the_bar_holds_everything_for_everybody(
    portal_server: Server, visitor: Callable[..., Page], locale: str
) -> None:
    """No entry is folded into “more”: for who is not signed in, and for who may do everything."""
    page = visitor(locale=locale)
    for menus in (2, len(Section)):
        visit(page, f"{portal_server.url}/about")
        bar = page.get_by_test_id("stHeader")
        expect(bar.get_by_test_id("stTopNavSection")).to_have_count(menus)
        expect(bar.get_by_text(re.compile("more|更多"))).to_have_count(0)
        sign_in(page, portal_server, new_account(portal_server, Role.PROVINCE, "320000"))


def test_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor(phone=True)
    visit(page, portal_server.url)
    expect(page.locator(".ways")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_address_that_is_no_page(portal_server: Server) -> None:
    answer = requests.get(f"{portal_server.url}/no-such-page", headers={"Accept-Language": "en-GB"}, timeout=30)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    first = requests.get(f"{portal_server.url}/home", allow_redirects=False, timeout=30)
    assert first.headers["location"] == "/"
