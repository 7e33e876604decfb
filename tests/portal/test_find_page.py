"""找服务: services and place go in, stations come out, and the address holds it all."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.nearest_stations import nearest_stations
from tests.conftest import TODAY
from tests.portal.browsing import SLOW, map_frame, settle, visit
from tests.portal.conftest import Server

PUKOU = (118.628, 32.06)
QUERY = "service=metrology.calibration&lon=118.628&lat=32.06"


def results(page: Page) -> list[str]:
    settle(page)
    expect(page.locator(".result").first).to_be_visible(timeout=SLOW)
    return page.locator(".result h3 a").evaluate_all("links => links.map(link => link.getAttribute('href'))")


def test_the_nearest_that_offer_it_as_the_domain_tells(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        found = nearest_stations(session, *PUKOU, as_of=TODAY, samples=True, services=["metrology.calibration"], k=6)
    engine.dispose()
    visit(page, f"{portal_server.url}/find?{QUERY}")
    assert results(page) == [f"/station?code={one.station.code}" for one in found]
    page.reload()
    assert results(page) == [f"/station?code={one.station.code}" for one in found]


def test_samples_can_be_left_out(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?{QUERY}")
    page.get_by_role("link", name="只看有据可查的记录").click()
    settle(page)
    assert results(page) == ["/station?code=S-3201-003"]
    assert "lon=118.628" in page.url


def test_services_are_chosen_by_words_and_stand_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?adcode=320111")
    page.get_by_label("搜索服务").fill("压力表 校准")
    found = page.locator(".st-key-found_services_choices")
    found.get_by_role("button", name="校准", exact=True).click()
    expect(page.locator(".st-key-chosen_services_choices")).to_contain_text("校准", timeout=SLOW)
    settle(page)
    assert "service=metrology.calibration" in page.url
    assert "adcode=320111" in page.url
    page.locator(".st-key-chosen_services_choices").get_by_role("button").click()
    expect(page.locator(".st-key-chosen_services_choices")).to_have_count(0, timeout=SLOW)
    assert "service=" not in page.url


def test_a_click_on_the_map_says_where_the_firm_is(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find")
    frame = map_frame(page)
    frame.locator("path.county").nth(40).click(force=True)
    expect(page.locator(".understood")).to_be_visible(timeout=SLOW)
    settle(page)
    assert "lon=" in page.url
    assert "lat=" in page.url


def test_coordinates_of_chinese_maps(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find")
    page.get_by_text("按坐标").click()
    page.get_by_label("经度（东经）").fill("118.6333")
    page.get_by_label("纬度（北纬）").fill("32.0578")
    page.get_by_role("button", name="使用此坐标").click()
    expect(page.locator(".understood")).to_contain_text("浦口区", timeout=SLOW)
    assert "crs=wgs84" in page.url


def test_what_is_wrong_in_an_address_is_told(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?service=<b>nope&lon=abc&lat=1")
    expect(page.locator(".notice.bad")).to_have_count(2)
    expect(page.locator(".notice.bad").first).to_contain_text("<b>nope")


def test_on_a_phone_nothing_runs_off_the_side(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/find?{QUERY}")
    results(phone_page)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_in_english(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB")
    visit(page, f"{portal_server.url}/find?{QUERY}")
    results(page)
    expect(page.get_by_role("heading", name="3. Who can do it?")).to_be_visible()
    expect(page.get_by_role("link", name="Ask this station").first).to_be_visible()
