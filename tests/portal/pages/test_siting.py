"""看选址: the page draws what the domain proves, and its question stands in the address."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.planning.demand import Weighting
from stations.planning.siting_question import SitingModel, SitingQuestion
from stations.planning.station_siting import SitingAnswer, site_stations
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, open_choices, settle, visit
from tests.portal.conftest import Server


def solved(server: Server, question: SitingQuestion) -> SitingAnswer:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        answer = site_stations(session, question, as_of=TODAY, samples=True)
    engine.dispose()
    return answer


def sites_shown(page: Page) -> list[str]:
    settle(page)
    return page.locator(".table").first.locator("tbody tr td:nth-child(2)").all_inner_texts()


def test_the_sites_are_the_domains_and_stay_after_a_reload(portal_server: Server, page: Page) -> None:
    question = SitingQuestion(SitingModel.MCLP, 4, 25.0, Weighting.POPULATION, keep_existing=True)
    answer = solved(portal_server, question)
    visit(page, f"{portal_server.url}/siting?model=mclp&p=4&within=25&weights=population&keep=yes")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(4)
    assert sites_shown(page) == list(answer.added)
    page.reload()
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(4)
    assert sites_shown(page) == list(answer.added)
    # New sites are seen each by itself, however many stations stand around them.
    expect(map_frame(page).locator(".map-marker-pin")).to_have_count(4)


def test_a_choice_changes_address_and_answer(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?keep=no")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(5)
    page.get_by_label("新增小站数（").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(3)
    assert "p=3" in page.url
    assert "keep=no" in page.url
    assert sites_shown(page) == list(
        solved(portal_server, SitingQuestion(SitingModel.MCLP, 3, 20.0, Weighting.POPULATION)).added
    )


def zoomed_in(page: Page) -> list[float]:
    """Move the map as a visitor does, and return where it then stands."""
    map_frame(page)
    page.locator('iframe[data-testid="stCustomComponentV1"]').scroll_into_view_if_needed()
    map_frame(page).get_by_role("button", name="放大").click()
    before = None
    while (now := view(page)) != before:  # until the zoom is at its end
        before = now
    return now


def view(page: Page) -> list[float]:
    map_frame(page)
    frame = next(frame for frame in page.frames if "st_folium" in frame.url)
    return frame.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done("
        "[map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]), 300)))"
    )


def test_the_map_stays_where_the_visitor_put_it(portal_server: Server, page: Page) -> None:
    # A question that can't be answered shows no map; the next one shows it where it was.
    visit(page, f"{portal_server.url}/siting?model=lscp&within=60&keep=no")
    stands = zoomed_in(page)
    within = page.get_by_label("服务距离（公里")
    for kilometres, maps in (("55", 1), ("0", 0), ("60", 1)):
        within.fill(kilometres)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**within={kilometres}*")
        settle(page)
        expect(page.locator('iframe[data-testid="stCustomComponentV1"]')).to_have_count(maps)
        if maps:  # a map that is new tells the page where it stands, which runs once more
            view(page)
            settle(page)
    assert view(page) == pytest.approx(stands, abs=0.01)  # a pixel is less
    # Another figure has another title, so the map is created again.
    visit(page, f"{portal_server.url}/reach")
    stands = zoomed_in(page)
    open_choices(page, "地图显示")
    page.get_by_role("option", name="距最近中心").click()
    page.wait_for_url("**show=centre*")
    settle(page)
    assert view(page) == pytest.approx(stands, abs=0.01)  # a pixel is less
    # Whoever opens the page anew sees all of the province.
    visit(page, f"{portal_server.url}/reach")
    assert view(page)[2] < stands[2]


def test_everything_can_be_saved_to_be_checked(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?model=lscp&within=60&keep=no")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出全部数据").click()
    with open(download.value.path(), encoding="utf-8") as file:
        data = json.load(file)
    assert data["status"] == "optimal"
    assert data["objective"] == len(data["sites"]) == page.locator(".table").first.locator("tbody tr").count()


def test_what_nobody_knows_in_an_address_is_passed_over(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/siting?model=<b>&p=many&within=1e9&weights=gold&keep=<i>")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_role("heading", level=1)).to_have_text("Where should the next stations stand?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_makes_no_sense_is_told_and_no_answer_stands_beside_it(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?keep=no&model=foo&must=999999")
    expect(page.locator(".notice").filter(has_text="foo")).to_be_visible()
    expect(page.locator(".notice").filter(has_text="999999")).to_be_visible()
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(5)
    count = page.get_by_label("新增小站数")
    count.fill("400")
    count.press("Enter")
    expect(page.locator(".notice").filter(has_text="请填 1 至 300 的整数")).to_be_visible()
    expect(page.locator(".table")).to_have_count(0)
    expect(count).to_have_value("400")
    visit(page, f"{portal_server.url}/siting?keep=no&must=320583&forbid=320583")
    expect(page.locator(".notice").filter(has_text="既被指定又被排除")).to_be_visible()
