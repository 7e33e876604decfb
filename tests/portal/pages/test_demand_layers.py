"""Where demand is counted, on the pages of reach and siting: the choice, its source, its dots, and lists of places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect
from rasterio.transform import from_origin

from portal.theme import DOT_COLOUR
from stations.database import open_engine, reading
from stations.duty.roles import Role
from stations.planning.demand import DemandLayer
from stations.planning.reach import reach_on
from tests.conftest import TODAY
from tests.geo.test_population_raster import write
from tests.portal.browsing import map_frame, open_choices, open_expander, settle, visit
from tests.portal.conftest import Server
from tests.portal.people import new_account, sign_in


def test_reach_is_told_in_hexagons_with_their_source_and_dots(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        report = reach_on(session, TODAY, samples=True, layer=DemandLayer.GRID)
    engine.dispose()
    visit(page, f"{portal_server.url}/reach?as_of={TODAY}&demand=grid")
    expect(page.locator(".figures .figure").first).to_have_text(f"{report.province.within[10]:.1%}")
    expect(page.get_by_text("六边形中（H3").first).to_be_visible()
    expect(page.get_by_text("没有来源给出乡镇人口").first).to_be_visible()
    dots = map_frame(page).locator("[data-dots]")
    expect(dots).to_have_attribute("data-dots", str(len(report.demand.places)))
    with page.expect_download() as saved:
        map_frame(page).get_by_role("button", name="导出地图（PNG）").click()
    with Image.open(saved.value.path()) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    # Where people are dense, dots cover each other until nearly their own colour is left.
    assert (np.abs(pixels - ImageColor.getrgb(DOT_COLOUR)).sum(axis=2) < 40).mean() > 0.001


@pytest.mark.parametrize("phone", [False, True])
def test_siting_takes_towns_as_demand_and_candidates(
    portal_server: Server, visitor: Callable[..., Page], phone: bool
) -> None:
    page = visitor("en-GB", phone=phone)
    chosen = "demand=towns&counties=no&towns=yes&p=3&point=120.98,31.39&point=118.8,32.05"
    visit(page, f"{portal_server.url}/siting?{chosen}")
    expect(page.locator(".table").first.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("GeoNames (CC BY 4.0)").first).to_be_visible()
    clicked = page.get_by_test_id("stMultiSelect").filter(has_text="Places clicked")
    expect(clicked.get_by_text("120.9800, 31.3900")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1280)


def test_firms_are_imported_as_demand_and_who_is_not_located_is_told(
    portal_server: Server, visitor: Callable[..., Page]
) -> None:
    page, name = visitor(), f"甲厂{uuid4().hex[:6]}"
    sign_in(page, portal_server, new_account(portal_server, Role.PLANNER, "320000"))
    visit(page, f"{portal_server.url}/reach")
    open_expander(page, "导入需求点（如企业）")
    form = page.get_by_test_id("stForm").filter(has_text="加入已有名单").last
    form.get_by_label("来源：").fill("测试名录")
    content = f"名称,地址,数量\n{name},昆山市玉山镇前进路1号,120\n{name}二,某某大厦,5\n"
    form.locator('input[type="file"]').set_input_files(
        {"name": "企业.csv", "mimeType": "text/csv", "buffer": content.encode("gb18030")}
    )
    expect(form.get_by_text("企业.csv").last).to_be_visible()
    form.get_by_role("button", name="导入").last.click()
    expect(page.get_by_text(f"第 3 行：{name}二 某某大厦")).to_be_visible()
    visit(page, f"{portal_server.url}/reach?demand=places")
    expect(page.get_by_text("未能定位，不计入任何地方").first).to_be_visible()
    settle(page)


def test_a_population_raster_is_read_apart_told_beside_the_census_and_taken_off(
    portal_server: Server, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    page = visitor()
    sign_in(page, portal_server, new_account(portal_server, Role.PLANNER, "320000"))
    visit(page, f"{portal_server.url}/siting")
    opened = open_expander(page, "导入人口栅格")
    form = opened.get_by_test_id("stForm")

    def send(name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": "image/tiff", "buffer": content}
        form.locator('input[type="file"]').set_input_files(file)
        expect(form.get_by_text(name).last).to_be_visible()
        form.get_by_role("button", name="导入").last.click()

    def raster(west: float, **options: Any) -> bytes:
        cells = np.full((300, 400), 9.0, dtype="float32")
        return write(tmp_path / "a.tif", cells, transform=from_origin(west, 34.0, 0.01, 0.01), **options).read_bytes()

    send("人口.tif", raster(118.0))
    wrong = opened.get_by_role("alert").filter(has_text="未导入任何数据")
    expect(wrong).to_contain_text("来源")
    form.get_by_label("内容", exact=True).fill("测试栅格")
    form.get_by_label("来源：").fill("测试")
    for name, content, told in (
        ("文字.tif", b"no raster", "文字.tif"),
        ("无坐标系.tif", raster(118.0, crs=None), "坐标系"),
        ("外省.tif", raster(100.0), "本省"),
    ):
        send(name, content)
        expect(wrong).to_contain_text(told)
    send("人口.tif", raster(118.0))
    expect(opened.locator(".notice.good")).to_contain_text("测试栅格")
    expect(opened.locator(".notice.good")).to_contain_text("没有数值，人口按规则分布")
    visit(page, f"{portal_server.url}/siting?demand=raster&p=1&keep=no")
    expect(page.get_by_text("以人口栅格为准").first).to_be_visible()
    opened = open_expander(page, "导入人口栅格")
    open_choices(page, "移除库中的栅格")
    page.get_by_role("option", name="测试栅格").click()
    settle(page)
    opened.get_by_role("button", name="移除").click()
    settle(page)
    expect(page.get_by_label("移除库中的栅格")).to_have_count(0)
