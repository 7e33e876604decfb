"""看布局 and the page of a centre: every centre is told as exactly as it is known, no more."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from portal.registry.centre_record import placed_by
from portal.theme import COVERAGE_AREAS, FIGURE_AREAS
from stations.coverage.county_coverage import CoverageStatus, coverage_on
from stations.database import open_engine, reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.places.counties import list_counties
from stations.planning.centre_reach import CentreReach, Reach
from stations.planning.imported_figure import get_figure, import_figure, read_figure
from stations.registry.centre import CentreKind, CentreLevel, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import PlacedBy
from stations.targets.counting_rule import Bucket
from stations.targets.target import get_target, standing_on
from tests.conftest import NOW, TODAY
from tests.portal.browsing import map_frame, open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.stations.request_factories import actor_with


def centres_of(server: Server, *, samples: bool = True) -> list:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        centres = list_centres(session, samples=samples)
    engine.dispose()
    return centres


def rows_shown(page: Page) -> list[str]:
    settle(page)
    return (
        page.locator(".table")
        .last.locator("tbody a")
        .evaluate_all("links => links.map(link => link.getAttribute('href'))")
    )


def test_every_centre_is_in_the_table_and_the_figures_are_the_domains(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        target = get_target(session, "qi_centres")
        ended = standing_on(session, target, target.period_end, samples=True)
        stands = standing_on(session, target, TODAY, samples=True)
    engine.dispose()
    visit(page, f"{portal_server.url}/centres")
    expect(page.locator(".card .figure")).to_have_text(
        [f"{ended.counted} / 49", f"{stands.counted} / 49", str(stands.pipeline), str(stands.count(Bucket.UNDATED))]
    )
    assert rows_shown(page) == [f"/centre?code={centre.code}" for centre in centres_of(portal_server)]


def test_choices_stand_in_the_address(portal_server: Server, page: Page) -> None:
    wanted = [
        f"/centre?code={centre.code}"
        for centre in centres_of(portal_server)
        if centre.level is CentreLevel.NATIONAL and centre.kind is CentreKind.INDUSTRIAL_METROLOGY
    ]
    visit(page, f"{portal_server.url}/centres?level=national")
    page.get_by_role("button", name="产业计量测试中心", exact=True).click()
    expect(page.locator(".table").last.locator("tbody tr")).to_have_count(len(wanted))
    assert rows_shown(page) == wanted
    assert "kind=industrial_metrology" in page.url
    page.reload()
    assert rows_shown(page) == wanted


def test_nothing_is_marked_where_only_the_city_is_known(portal_server: Server, page: Page) -> None:
    centres = centres_of(portal_server, samples=False)
    city_only = [centre for centre in centres if centre.lon is None and centre.county is None]
    assert city_only
    visit(page, f"{portal_server.url}/samples/hidden?next=/centres")
    frame = map_frame(page)
    expect(frame.locator(".map-marker")).to_have_count(len(centres) - len(city_only))
    expect(page.locator(".source").filter(has_text=f"{len(city_only)} 个仅知所在设区市")).to_be_visible()


def test_time_and_figure_repaint_the_map_and_stand_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centres?as_of=2023-06-30")
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        known = sum(
            (latest(one.history, date(2023, 6, 30)) is not None or not one.history)
            and placed_by(one) is not PlacedBy.CITY
            for one in list_centres(session, samples=True)
        )
        coverage = {
            row.county.adcode: row.status for row in coverage_on(session, date(2023, 6, 30), samples=True).counties
        }
    engine.dispose()
    frame = map_frame(page)
    expect(frame.locator(".map-marker")).to_have_count(known)
    inside = next(each for each in page.frames if "st_folium" in each.url)
    inside.evaluate("window.stillTheSame = true")
    open_choices(page, "县域着色依据")
    page.get_by_role("option", name="站点覆盖情况").click()
    full = next(adcode for adcode, status in coverage.items() if status is CoverageStatus.FULLY_SERVED)
    expect(frame.locator(f'path.county[data-adcode="{full}"]')).to_have_attribute(
        "fill", COVERAGE_AREAS["fully_served"].colour
    )
    assert "shade=coverage" in page.url
    slider = page.get_by_role("slider", name="时间轴")
    slider.press("ArrowRight")
    page.wait_for_url("**as_of=2023-07-31*")
    settle(page)
    assert inside.evaluate("window.stillTheSame")


def test_an_imported_figure_shades_the_counties_with_its_unit_and_source(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    planner = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
    told = {"code": "MAP-2025", "name": "测试产值", "unit": "亿元", "year": 2025, "source": "测试公报", "now": NOW}
    with transaction(engine) as session:
        rows = read_figure("区县,数值\n昆山市,120\n江阴市,30\n".encode(), "亿元")
        import_figure(session, planner, rows, **told)
    try:
        visit(page, f"{portal_server.url}/centres?shade=MAP-2025")
        frame = map_frame(page)
        path = frame.locator('path.county[data-adcode="320583"]')
        expect(path).to_have_attribute("fill", FIGURE_AREAS[-1].colour)
        path.dispatch_event("mouseover")
        expect(frame.locator(".map-tooltip")).to_contain_text("测试产值")
        expect(frame.locator(".map-tooltip")).to_contain_text("120 亿元")
        expect(page.locator(".source").filter(has_text="测试产值（亿元，2025 年）")).to_contain_text("测试公报")
        open_choices(page, "县域着色依据")
        expect(page.get_by_role("option", name="测试产值（亿元，2025 年）")).to_be_visible()
    finally:
        with transaction(engine) as session:
            session.delete(get_figure(session, "MAP-2025", samples=False))
        engine.dispose()


def test_what_is_out_of_reach_is_the_domains_answer(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centres?within=20")
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        accepted = [
            one
            for one in list_centres(session, samples=True)
            if (entry := latest(one.history, TODAY)) and entry.stage is Stage.ACCEPTED
        ]
        rows = CentreReach(list_counties(session), accepted).of_counties(20)
    engine.dispose()
    beyond, perhaps = ([row for row in rows if row.reach is reach] for reach in (Reach.NO, Reach.PERHAPS))
    assert beyond and perhaps
    told = page.locator('[data-testid="stExpander"]')
    expect(told.filter(has_text=f"{len(perhaps)} 个县域或许可达")).to_be_visible()
    out = open_expander(page, f"{len(beyond)} 个县域 20 公里内没有中心")
    expect(out.locator("tbody tr")).to_have_count(len(beyond))


def test_the_csv_says_the_same_and_runs_no_formula(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centres")
    with page.expect_download() as download:
        page.locator("[class*=st-key-save_]").get_by_role("button", name="CSV").last.click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == [centre.code for centre in centres_of(portal_server)]


def test_a_click_opens_the_county(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centres?stage=withdrawn")
    map_frame(page).locator("path.county").nth(60).click(force=True)
    page.wait_for_url("**/county?adcode=32*")


def test_a_centre_with_its_stages(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centre?code=C-015")
    expect(page.get_by_role("heading", level=1)).to_have_text("国家石墨烯产品质量监督检验中心（江苏）")
    expect(page.locator(".table")).to_contain_text("2016年")
    expect(page.locator(".table")).to_contain_text("2018年2月")
    expect(page.locator(".facts")).to_contain_text("期前达到")


def test_a_centre_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/centre?code=<b>C-999")
    expect(page.locator(".notice.warn")).to_contain_text("<b>C-999")
    expect(page.locator(".page-footer")).to_be_visible()


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/centres")
    expect(page.get_by_role("heading", name="Register")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit(page, f"{portal_server.url}/centre?code=C-001")
    expect(page.get_by_role("heading", name="How far it has come")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
