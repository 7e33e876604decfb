"""Minutes by road: chosen on the page of siting, shown beside the stations found, and drawn as areas on the map."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.duty.roles import Role
from stations.places.counties import list_counties
from stations.planning.road_data import build_roads, use_network
from tests.conftest import NOW
from tests.geo.roads.drawn_extract import DrawnExtract
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in

NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def roads(portal_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A road through the counties of Nanjing and Suzhou, for the portal that others share, until the test ends."""
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        inside = [one for one in list_counties(session) if one.city_adcode in {"320100", "320500"}]
    engine.dispose()
    places = {name: (one.lon, one.lat) for name, one in zip(NAMES, inside, strict=False)}
    way = ("".join(places), {"highway": "primary", "maxspeed": "100"})
    DrawnExtract(places, [way]).write(tmp_path / "counties.osm.pbf")
    monkeypatch.setenv("ROADS_FOLDER", portal_server.environment["ROADS_FOLDER"])
    use_network(build_roads(tmp_path / "counties.osm.pbf"), NOW)
    yield
    shutil.rmtree(portal_server.environment["ROADS_FOLDER"])


@pytest.mark.usefixtures("roads")
def test_siting_asks_how_the_way_is_measured(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/siting?p=2&keep=no")
    open_choices(page, "路程怎么算")
    page.get_by_role("option", name="道路行车（分钟）").click()
    expect(page.get_by_label("多少分钟以内算覆盖到")).to_have_value("30")
    settle(page)
    assert "travel=roads" in page.url
    expect(page.locator(".table tbody tr").first).to_be_visible()
    expect(page.get_by_text("道路数据范围之外").first).to_be_visible()
    expect(page.get_by_text("的需求在 30 分钟内").first).to_be_visible()
    page.get_by_label("多少分钟以内算覆盖到").fill("60")
    page.keyboard.press("Enter")
    expect(page.get_by_text("的需求在 60 分钟内").first).to_be_visible()
    assert "minutes=60" in page.url


@pytest.mark.usefixtures("roads")
def test_areas_reached_in_minutes_are_on_the_map(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/reach")
    expect(page.get_by_role("heading", name="行车若干分钟内可达")).to_be_visible()
    frame = page.frame_locator('iframe[data-testid="stCustomComponentV1"]').last
    expect(frame.locator("path.map-areas").first).to_be_visible()
    settle(page)


@pytest.mark.usefixtures("roads")
def test_a_firm_sees_how_long_the_way_takes(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/find?lon=118.79&lat=32.05")
    expect(phone_page.locator(".result").first.locator(".result-side")).to_contain_text("行车")
    open_choices(phone_page, "排序")
    phone_page.get_by_role("option", name="行车最快优先").click()
    settle(phone_page)
    assert "order=road" in phone_page.url
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_table_of_distances_is_imported_and_chosen(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page, code = visitor(), f"DRIVE-{uuid4().hex[:8].upper()}"
    sign_in(page, portal_server, new_account(portal_server, Role.PLANNER, "320000"))
    visit(page, f"{portal_server.url}/siting")
    open_expander(page, "导入路程表")
    form = page.get_by_test_id("stForm").filter(has_text="路程表文件")
    for label, text in (("编码", code), ("内容", code), ("来源：", "测试")):
        form.get_by_label(label, exact=not label.endswith("：")).fill(text)

    def send(content: str) -> None:
        file = {"name": "路程.csv", "mimeType": "text/csv", "buffer": content.encode()}
        form.locator('input[type="file"]').set_input_files(file)
        expect(form.get_by_text("路程.csv").last).to_be_visible()
        form.get_by_role("button", name="导入").last.click()

    send("起点,终点,分钟\n玄武区,没有这个地方,12\n")
    expect(page.get_by_role("alert").filter(has_text="未导入任何数据")).to_contain_text("没有这个地方")
    send("起点,终点,分钟\n玄武区,秦淮区,12\n秦淮区,建邺区,9\n")
    expect(page.get_by_text("已导入 2 对地点的路程。")).to_be_visible()
    visit(page, f"{portal_server.url}/siting?travel={code}&keep=no&p=1")
    expect(page.get_by_text("不在路程表中").first).to_be_visible()
    settle(page)
    # A saved scenario is measured by the table on the page of scenarios too, and the table told by its name.
    page.get_by_label("方案名称").fill(code)
    page.get_by_role("button", name="保存").click()
    settle(page)
    page.get_by_role("link", name="打开方案").click()
    expect(page.get_by_label("路程怎么算")).to_have_value(re.compile(rf"分钟：{code}"))
    open_choices(page, "路程怎么算")
    page.get_by_role("option", name="直线距离（公里）").click()
    page.wait_for_url("**travel=straight*")
    settle(page)
    expect(page.locator(".notice.warn", has_text=f"分钟：{code}")).to_be_visible()
