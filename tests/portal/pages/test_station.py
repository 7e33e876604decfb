"""The page of one station, the catalogue, and what the portal says about itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from geo.coordinates import gcj02_to_wgs84
from stations.database import open_engine, reading
from stations.registry.centre import Centre
from stations.registry.institutions import Institution, InstitutionKind
from stations.registry.station import Station
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server

SAMPLE = "SAMPLE-S-001"  # in 昆山, where the sample stewards work


def test_a_station_tells_what_is_known_and_what_is_not(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=S-3201-001")
    expect(page.get_by_role("heading", level=1)).to_have_text("江北新区新材料科技园质量小站")
    expect(page.locator(".facts")).to_contain_text("来源未说明县、市、区")
    expect(page.locator(".table")).to_contain_text("2021年")
    expect(page.get_by_text("《中国质量报》2024-09-02").first).to_be_visible()


def test_services_are_ticked_and_asked_for_at_once(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=S-3201-002")
    for service in ("校准", "标准查询与文本"):
        page.get_by_role("button", name=service, exact=True).click()
        settle(page)
    page.get_by_role("link", name="申请这 2 项服务").click()
    page.wait_for_url("**/request?*")
    settle(page)
    for service in ("校准", "标准查询与文本"):
        expect(page.locator('[data-testid="stMultiSelect"]')).to_contain_text(service)


def test_who_stands_behind_a_station_and_what_they_may_do(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code={SAMPLE}")
    entry = page.locator("details.entry").filter(has_text="示例·苏州市计量测试机构")
    entry.locator("summary").click()
    row = entry.locator("tbody tr").filter(has_text="通用卡尺")
    for told in ("(0～500) mm", "JJG 30-2012", "CNAS SAMPLE-L", "有效"):
        expect(row).to_contain_text(told)


def test_a_station_without_known_institutions_says_so(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=S-3201-001")
    expect(page.get_by_text("现有来源未说明该站点背后的承担机构")).to_be_visible()


def test_the_way_there_in_the_coordinates_of_each_map(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code={SAMPLE}")
    links = page.locator(".directions a")
    expect(links).to_have_count(3)
    addresses = [urlsplit(href) for href in links.evaluate_all("links => links.map(link => link.href)")]
    assert [address.hostname for address in addresses] == ["uri.amap.com", "uri.amap.com", "map.tianditu.gov.cn"]
    queries = [parse_qs(address.query) for address in addresses]
    real = [float(value) for value in queries[2]["center"][0].split(",")]
    amap = [float(value) for value in queries[1]["position"][0].split(",")]
    assert [float(value) for value in gcj02_to_wgs84(*amap)] == pytest.approx(real, abs=2e-6)


@pytest.mark.parametrize(("locale", "heading"), [("zh-CN", "由谁承担"), ("en-GB", "Who does the work")])
def test_it_prints_what_it_says_and_not_what_is_to_be_tapped(
    portal_server: Server, visitor: Callable[..., Page], locale: str, heading: str
) -> None:
    page = visitor(locale)
    visit(page, f"{portal_server.url}/station?code={SAMPLE}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".facts")).to_be_visible()
    for gone in ('[data-testid="stHeader"]', ".utility", ".notice.sample"):
        expect(page.locator(gone).first).to_be_hidden()
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", print_background=True)))
    assert 1 <= pages <= 4


def test_a_centre_tells_its_scope(portal_server: Server, phone_page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        institution = session.scalar(
            select(Institution).where(Institution.kind == InstitutionKind.CENTRE).order_by(Institution.code)
        )
        code, count = institution.centre.code, len(institution.scope)
    engine.dispose()
    visit(phone_page, f"{portal_server.url}/centre?code={code}")
    table = phone_page.locator(".table").filter(has_text="能力范围以资质证书附表为准")
    expect(table.locator("tbody tr")).to_have_count(count)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_station_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/station?code=<u>X")
    expect(page.locator(".notice.warn")).to_contain_text("<u>X")


def test_the_catalogue_is_searched_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/services")
    expect(page.locator("details.entry")).to_have_count(48)
    page.get_by_label("搜索服务").fill("CCC")
    page.keyboard.press("Enter")
    expect(page.locator("details.entry")).to_have_count(1)
    assert "q=CCC" in page.url
    page.reload()
    settle(page)
    expect(page.locator("details.entry")).to_have_count(1)
    expect(page.locator("details.entry")).to_contain_text("强制性产品认证（CCC）")
    page.locator("details.entry").get_by_role("link").click()
    page.wait_for_url("**/find?service=certification.ccc")


def test_what_it_says_about_itself(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/about")
    expect(page.get_by_text("于 2021-01-01 至 2025-12-31 期间达到").first).to_be_visible()
    page.get_by_role("link", name="数据完整度").click()
    settle(page)
    rows = page.locator(".table tbody tr")
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    for row, (model, shipped) in enumerate([(Station, 7), (Centre, 63)]):
        with reading(engine) as session:
            documented = session.scalar(select(func.count()).where(model.sample.is_(False)))
        assert documented >= shipped  # other tests add records to this server
        expect(rows.nth(row).locator("td").nth(1)).to_have_text(str(documented))
    engine.dispose()
    published = page.get_by_role("table", name="公布的数字")
    expect(published).to_contain_text("建成面向全市15个高新园区和重点产业链的15家“质量小站”")
