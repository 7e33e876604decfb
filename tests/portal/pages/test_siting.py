"""看选址: the page draws what the domain proves, and its question stands in the address."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.planning.demand import Weighting
from stations.planning.siting_question import SitingModel, SitingQuestion
from stations.planning.station_siting import SitingAnswer, site_stations
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, settle, visit
from tests.portal.conftest import Server


def solved(server: Server, question: SitingQuestion) -> SitingAnswer:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        answer = site_stations(session, question, as_of=TODAY, samples=True)
    engine.dispose()
    return answer


def sites_shown(page: Page) -> list[str]:
    settle(page)
    return page.locator(".table tbody tr td:nth-child(2)").all_inner_texts()


def test_the_sites_are_the_domains_and_stay_after_a_reload(portal_server: Server, page: Page) -> None:
    question = SitingQuestion(SitingModel.MCLP, 4, 25.0, Weighting.POPULATION, keep_existing=True)
    answer = solved(portal_server, question)
    visit(page, f"{portal_server.url}/siting?model=mclp&p=4&within=25&weights=population&keep=yes")
    expect(page.locator(".table tbody tr")).to_have_count(4)
    assert sites_shown(page) == list(answer.added)
    page.reload()
    expect(page.locator(".table tbody tr")).to_have_count(4)
    assert sites_shown(page) == list(answer.added)
    # New sites are seen each by itself, however many stations stand around them.
    expect(map_frame(page).locator(".map-marker-pin")).to_have_count(4)


def test_a_choice_changes_address_and_answer(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?keep=no")
    expect(page.locator(".table tbody tr")).to_have_count(5)
    page.get_by_label("新增小站数（").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".table tbody tr")).to_have_count(3)
    assert "p=3" in page.url
    assert "keep=no" in page.url
    assert sites_shown(page) == list(
        solved(portal_server, SitingQuestion(SitingModel.MCLP, 3, 20.0, Weighting.POPULATION)).added
    )


def test_everything_can_be_saved_to_be_checked(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?model=lscp&within=60&keep=no")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出全部数据").click()
    with open(download.value.path(), encoding="utf-8") as file:
        data = json.load(file)
    assert data["status"] == "optimal"
    assert data["objective"] == len(data["sites"]) == page.locator(".table tbody tr").count()


def test_what_nobody_knows_in_an_address_is_passed_over(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/siting?model=<b>&p=many&within=1e9&weights=gold&keep=<i>")
    expect(page.locator(".table tbody tr")).to_have_count(5)
    expect(page.get_by_role("heading", level=1)).to_have_text("Where should the next stations stand?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_makes_no_sense_is_told_and_no_answer_stands_beside_it(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?keep=no&model=foo&must=999999")
    expect(page.locator(".notice").filter(has_text="foo")).to_be_visible()
    expect(page.locator(".notice").filter(has_text="999999")).to_be_visible()
    expect(page.locator(".table tbody tr")).to_have_count(5)
    count = page.get_by_label("新增小站数")
    count.fill("400")
    count.press("Enter")
    expect(page.locator(".notice").filter(has_text="请填 1 至 300 的整数")).to_be_visible()
    expect(page.locator(".table")).to_have_count(0)
    expect(count).to_have_value("400")
    visit(page, f"{portal_server.url}/siting?keep=no&must=320583&forbid=320583")
    expect(page.locator(".notice").filter(has_text="既被指定又被排除")).to_be_visible()
