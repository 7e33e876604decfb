"""看选址: whom each station serves, the curve, what would change the answer, and capacities."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from geo.siting import SitingModel
from stations.planning.demand import Weighting
from stations.planning.siting_question import SitingQuestion
from tests.portal.browsing import map_frame, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.pages.test_siting import solved

ASK = SitingQuestion(SitingModel.MCLP, 3, 20.0, Weighting.POPULATION, keep_existing=False)
ADDRESS = "siting?model=mclp&p=3&within=20&weights=population&keep=no"


def test_it_is_clear_whom_each_station_serves(portal_server: Server, page: Page) -> None:
    answer = solved(portal_server, ASK)
    assert answer.detail is not None
    visit(page, f"{portal_server.url}/{ADDRESS}")
    first = page.locator(".table").first.locator("tbody tr").first
    expect(first).to_contain_text(f"{answer.detail.sites[0].newly_weight:,.0f}")
    # One path of lines for each new station that serves more than the place it stands at.
    expect(map_frame(page).locator("path.map-spokes")).not_to_have_count(0)
    page.get_by_text("逐地显示每个新站服务谁").click()
    settle(page)
    places = sum(len(one.places) for one in answer.detail.sites)
    table = page.locator(".table").nth(1)
    expect(table.locator("tbody tr")).to_have_count(min(places, 200))


def test_the_curve_and_what_would_change_the_answer_are_computed_on_request(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/{ADDRESS}")
    expect(page.get_by_role("button", name="Compute the curve")).to_be_visible()
    page.get_by_role("button", name="Compute the curve").click()
    expect(page.get_by_text("Rule: the point farthest from").or_(page.get_by_text("has no knee"))).to_be_visible()
    settle(page)
    open_expander(page, "The same as a table")
    expect(page.locator(".table").nth(1).locator("tbody tr")).to_have_count(10)
    page.get_by_role("button", name="Try what would change it").click()
    expect(page.get_by_role("heading", name="The second best choice")).to_be_visible()
    settle(page)
    for told in ("Within 15 kilometres counts as reached", "Within 25 kilometres counts as reached"):
        expect(page.locator(".table td").filter(has_text=told)).to_be_visible()
    expect(page.locator(".table td").filter(has_text="Without ")).to_have_count(3)
    expect(page.get_by_text("chosen again in").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_capacity_changes_the_answer_and_its_load_is_told(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/{ADDRESS}")
    open_expander(page, "站点办理能力")
    page.get_by_label("一个新站每年办理件数").fill("1000")
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_text("在办理能力之内")).to_be_visible()
    assert "capacity=1000" in page.url
    expect(page.locator(".table").first.locator("tbody tr").first).to_be_attached()
    expect(page.get_by_role("columnheader", name="年服务请求数及占能力比例").last).to_be_attached()
    expect(page.get_by_text("/ 1,000（").first).to_be_attached()
