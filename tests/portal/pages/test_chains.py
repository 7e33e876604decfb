"""看产业链 and the page of one chain: what is on file, who serves it, and the gaps, as the domain tells them."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.theme import SERVICE_AREAS
from stations.chains.chain_coverage import ChainCoverage, Service, chain_coverage
from stations.database import open_engine, reading
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, open_expander, settle, visit
from tests.portal.conftest import Server


def coverage_of(server: Server, *, samples: bool = True) -> ChainCoverage:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        answer = chain_coverage(session, TODAY, samples=samples)
    engine.dispose()
    return answer


def test_how_much_is_on_file_and_the_matrix(portal_server: Server, page: Page) -> None:
    coverage = coverage_of(portal_server)
    visit(page, f"{portal_server.url}/chains")
    without_list = sum(chain.tier is None for chain in coverage.chains)
    expect(page.locator(".card .figure")).to_have_text(["2 / 50", "0 / 30", "10 / 10", str(without_list)])
    expect(page.get_by_text("应有 50 条，已收录 2 条")).to_be_visible()
    expect(page.locator("table", has=page.locator("caption", has_text="各名单所列集群"))).to_contain_text("工程机械")
    cells = page.locator(".matrix tbody td:not(.number)")
    classes = cells.evaluate_all("cells => cells.map(cell => cell.className)")
    assert classes == [
        f"service-{coverage.cell(chain.code, city.adcode).service}"
        for chain in coverage.chains
        for city in coverage.cities
    ]


def test_the_map_shows_one_chain_where_asked(portal_server: Server, page: Page) -> None:
    coverage = coverage_of(portal_server)
    code, city = next(key for key, cell in coverage.cells.items() if cell.service is Service.CENTRE)
    visit(page, f"{portal_server.url}/chains?chain={code}")
    served = map_frame(page).locator(f'path.county[data-adcode^="{city[:4]}"]').first
    expect(served).to_have_attribute("fill", SERVICE_AREAS["centre"].colour)


def test_the_map_and_the_table_go_down_to_counties(portal_server: Server, page: Page) -> None:
    coverage = coverage_of(portal_server)
    code, served = next(
        (code, one)
        for (code, _city), cell in coverage.cells.items()
        for one in (*cell.centres, *cell.stations)
        if one.county_adcode
    )
    visit(page, f"{portal_server.url}/chain?code={code}&by=county")
    expect(map_frame(page).locator(f'path.county[data-adcode="{served.county_adcode}"]')).to_have_attribute(
        "fill", re.compile(f"{SERVICE_AREAS['centre'].colour}|{SERVICE_AREAS['stations'].colour}")
    )
    table = open_expander(page, "展开全部 95 个县（市、区）")
    expect(table.locator("tbody tr")).to_have_count(95)
    expect(page.locator(".source", has_text="以登记为限").first).to_be_visible()


def test_without_samples_nobody_is_made_up(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/samples/hidden?next=/chains")
    expect(page.locator(".matrix .service-none")).to_have_count(32 * 13)


def test_one_chain_with_its_gaps(portal_server: Server, page: Page) -> None:
    coverage = coverage_of(portal_server)
    chain = next(one for one in coverage.chains if coverage.of_chain(one.code).centres)
    cell = coverage.of_chain(chain.code)
    visit(page, f"{portal_server.url}/chains")
    named = page.locator(".matrix").get_by_role("link", name=chain.name_zh, exact=True)
    named.scroll_into_view_if_needed()  # which brings the map above it into view too: it may finish only now
    settle(page)
    named.click()
    page.wait_for_url(f"**/chain?code={chain.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text(chain.name_zh)
    serving = page.locator(".table", has=page.locator("caption", has_text="服务该产业链"))
    expect(serving.locator("tbody tr")).to_have_count(
        len(cell.centres) + len(cell.building) + len(cell.stations)
    )
    gap = coverage.gaps_of_chain(chain.code)[0]
    expect(page.locator(".notice.warn").filter(has_text=gap.name)).to_be_visible()
    expect(page.get_by_text("服务主体登记")).to_have_count(0)


def test_a_chain_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/chain?code=<b>x")
    expect(page.locator(".notice.warn")).to_contain_text("<b>x")


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/chains")
    expect(page.get_by_role("heading", name="Chains and cities")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_published_quality_map_of_a_chain(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/chain?code=electric_vehicles")
    has = page.locator("table", has=page.locator("caption", has_text="该产业链已有的"))
    expect(has.locator("tr", has_text="第三方检验检测机构")).to_contain_text("174")
    expect(has).to_contain_text("品牌培育")
    lacks = page.locator("table", has=page.locator("caption", has_text="该产业链欠缺的"))
    expect(lacks.locator("tbody tr")).to_have_count(8)
    expect(page.locator(".source", has_text="非本平台统计")).to_be_visible()
