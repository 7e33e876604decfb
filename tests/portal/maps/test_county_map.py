"""The county map in a real browser: painted once, repainted by few bytes, clicked, and not tricked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Locator, Page, Request, WebSocket, expect

from geo.counties import county_layer
from portal.maps.county_map import Marker
from portal.theme import COVERAGE_AREAS, MARKERS, WATER
from tests.portal.browsing import SCRIPT_RUNS, map_frame, settle, visit_script
from tests.portal.conftest import Server

HOSTILE_START = "</script><img src=x onerror=alert(1)>{{ 'x' }}"
FULL = COVERAGE_AREAS["fully_served"].colour
THIN = COVERAGE_AREAS["thin"].colour


@pytest.fixture(scope="module")
def demo(serve: Callable[..., Server]) -> Server:
    page = "tests/portal/served/map_demo.py"
    return serve("-m", "tests.tools.serve_script", page, MAP_REVIEW_NUMBER="苏S(2026)<i>1</i>号")


def choose(page: Page, label: str) -> None:
    page.locator('[data-testid="stRadio"]').get_by_text(label, exact=True).click()


def inside_frame(page: Page) -> Frame:
    """The map's frame as something that runs scripts."""
    map_frame(page)
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def county(page: Page, adcode: str) -> Locator:
    return map_frame(page).locator(f'path.county[data-adcode="{adcode}"]')


def click_county(page: Page, adcode: str) -> None:
    """Click the county's inner point, found on the map the way Leaflet places it."""
    where = county_layer().get(adcode)
    place = inside_frame(page).evaluate(
        "([lat, lon]) => { const p = map_div.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [where.lat, where.lon],
    )
    map_frame(page).locator("#map_div").click(position={"x": place[0], "y": place[1]})


def names_on_map(page: Page) -> list[tuple[str, dict[str, float]]]:
    """The names written on the map, each with the rectangle it fills."""
    expect(map_frame(page).locator(".map-name").first).to_be_visible()
    return inside_frame(page).evaluate(
        "() => [...document.querySelectorAll('.map-name')].map(name => {"
        " const {left, right, top, bottom} = name.getBoundingClientRect();"
        " return [name.textContent, {left, right, top, bottom}]; })"
    )


def overlapping(placed: list[tuple[str, dict[str, float]]]) -> list[tuple[str, str]]:
    return [
        (text, other)
        for place, (text, one) in enumerate(placed)
        for other, two in placed[:place]
        if one["left"] < two["right"]
        and two["left"] < one["right"]
        and one["top"] < two["bottom"]
        and two["top"] < one["bottom"]
    ]


def view(page: Page) -> list[float]:
    """The centre and the zoom of the map."""
    return inside_frame(page).evaluate("() => [map_div.getCenter().lat, map_div.getCenter().lng, map_div.getZoom()]")


def test_every_county_is_painted_with_its_fill(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    adcodes = [each.adcode for each in county_layer().counties]
    map_frame(page)
    expect(county(page, adcodes[0])).to_have_attribute("fill", FULL)
    expect(county(page, adcodes[1])).to_have_attribute("fill", THIN)
    expect(county(page, adcodes[2])).to_have_attribute("fill", re.compile(r"^url\(#hatch-"))


def test_a_change_repaints_without_drawing_anew_or_fetching_again(page: Page, demo: Server) -> None:
    received: list[int] = []
    asked: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))

    page.on("websocket", listen)
    visit_script(page, demo.url)
    first = county_layer().counties[0].adcode
    expect(county(page, first)).to_have_attribute("fill", FULL)
    frame = inside_frame(page)
    frame.evaluate("window.stillTheSame = true")

    page.on("request", lambda request: asked.append(request.url))
    received.clear()
    choose(page, "1")
    expect(county(page, first)).to_have_attribute("fill", THIN)
    settle(page)

    assert sum(received) < 20_000
    assert asked == []
    assert frame.evaluate("window.stillTheSame") is True


def test_layers_are_asked_for_once_by_a_visitor(visitor: Callable[..., Page], demo: Server) -> None:
    page = visitor(first=True)
    answers: list[Request] = []
    page.on("requestfinished", lambda request: answers.append(request) if "/geo/" in request.url else None)
    visit_script(page, demo.url)
    map_frame(page)
    visit_script(page, demo.url)
    map_frame(page)
    sizes = [request.sizes()["responseBodySize"] for request in answers]
    assert sum(size > 0 for size in sizes) == 2
    assert sum(sizes) < 185_000


def test_a_click_gives_the_county_once(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    for number, adcode in enumerate(("320305", "320981"), start=1):
        click_county(page, adcode)
        expect(page.get_by_text(f"chosen {adcode} clicks {number} shift 0")).to_be_visible()
        expect(map_frame(page).locator("path.chosen")).to_have_attribute("data-adcode", adcode)
    choose(page, "2")
    expect(page.get_by_text("chosen 320981 clicks 2 shift 2")).to_be_visible()


def test_hover_names_the_county(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    where = county_layer().get("320981")
    county(page, "320981").hover()
    expect(map_frame(page).locator(".map-tooltip")).to_contain_text(where.name)
    expect(map_frame(page).locator(".map-tooltip")).to_contain_text("站点")


def test_names_stay_text(page: Page, demo: Server) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit_script(page, demo.url)
    frame = map_frame(page)
    county(page, "320505").hover()
    expect(frame.locator(".map-tooltip strong")).to_contain_text(HOSTILE_START)
    frame.locator(".map-marker-place").first.dispatch_event("click")
    expect(frame.locator(".map-popup strong")).to_contain_text(HOSTILE_START)
    expect(frame.locator(".map-popup p")).to_contain_text(HOSTILE_START)
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("苏S(2026)<i>1</i>号")
    assert frame.locator("img").count() == 0
    assert dialogs == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://elsewhere.example/", "//elsewhere.example", "/\\x", "page"]
)
def test_a_marker_leads_only_to_own_pages(address: str) -> None:
    with pytest.raises(ValueError, match="page of this site"):
        Marker(119.0, 32.0, MARKERS["station"], "name", href=address)


def test_a_popup_leads_to_the_page_of_the_record(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    frame = map_frame(page)
    frame.locator(".map-marker-place").nth(1).dispatch_event("click")
    expect(frame.locator(".map-sample")).to_have_text("示例")
    frame.locator(".map-popup a", has_text="打开").click()
    page.wait_for_url("**/about")


def test_many_markers_are_clustered_and_samples_are_dashed(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    frame = map_frame(page)
    expect(frame.locator(".map-marker")).to_have_count(6)
    expect(frame.locator(".map-marker.sample")).to_have_count(3)
    assert frame.locator(".map-marker.sample").first.evaluate("node => getComputedStyle(node).borderStyle") == "dashed"
    choose(page, "many")
    expect(frame.locator(".map-cluster").first).to_be_visible()
    shown = [int(text) for text in frame.locator(".map-cluster").all_inner_texts()]
    assert sum(shown) + frame.locator(".map-marker").count() == 95


def test_the_map_fits_a_phone(phone_page: Page, demo: Server) -> None:
    visit_script(phone_page, demo.url)
    map_frame(phone_page)
    box = phone_page.locator('iframe[data-testid="stCustomComponentV1"]').bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["height"] <= 450
    placed = names_on_map(phone_page)
    assert {"南京市", "徐州市", "盐城市"} <= {text for text, _box in placed}
    assert not overlapping(placed)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    frame = next(frame for frame in phone_page.frames if "st_folium" in frame.url)
    inside = frame.evaluate(
        "() => [...document.querySelectorAll('path.county')].every(path => {"
        " const box = path.getBoundingClientRect();"
        " return box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1; })"
    )
    assert inside
    click_county(phone_page, "320981")
    expect(phone_page.get_by_text("chosen 320981 clicks 1")).to_be_visible()


def test_the_frame_speaks_the_visitors_language(visitor: Callable[..., Page], demo: Server) -> None:
    for locale, words in (("zh-CN", "放大"), ("en-GB", "Zoom in")):
        page = visitor(locale=locale)
        visit_script(page, demo.url)
        assert map_frame(page).locator(".leaflet-control-zoom-in").get_attribute("title") == words
        assert page.locator('iframe[title="各县（市、区）覆盖情况"]').count() == 1


def test_a_map_that_cannot_be_loaded_says_so(browser: Browser, demo: Server) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(path=SCRIPT_RUNS)
        page = context.new_page()
        page.route("**/geo/*", lambda route: route.abort())
        visit_script(page, demo.url)
        frame = page.frame_locator('iframe[data-testid="stCustomComponentV1"]')
        expect(frame.get_by_role("alert")).to_have_text("地图未能加载，下方表格内容与地图一致。")


def test_a_map_names_its_places_and_what_lies_around(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    frame = map_frame(page)
    placed = names_on_map(page)
    names = {text for text, _box in placed}
    assert {"南京市", "苏州市", "太湖", "长江", "黄海", "安徽省"} <= names
    assert not overlapping(placed)
    for kind in ("sea", "lake", "river", "border", "city-border"):
        expect(frame.locator(f"path.map-{kind}").first).to_be_attached()
    expect(frame.locator(".leaflet-control-scale-line")).to_have_text("100 km")

    inside_frame(page).evaluate("map_div.setView([31.4, 120.9], 9.5, {animate: false})")
    expect(frame.locator(".map-name", has_text="昆山市")).to_be_visible()
    near = names_on_map(page)
    assert not {text for text, _box in near} & {"苏州市", "南京市"}  # close by, counties are named in their place
    assert not overlapping(near)


def test_names_are_in_the_visitors_language(visitor: Callable[..., Page], demo: Server) -> None:
    page = visitor(locale="en-GB")
    visit_script(page, demo.url)
    names = {text for text, _box in names_on_map(page)}
    assert {"Nanjing", "Yellow Sea", "Anhui"} <= names
    assert not [name for name in names if not name.isascii()]


def test_after_a_click_the_view_stays_and_the_map_is_the_same(page: Page, demo: Server) -> None:
    """Clicking changes what is marked, and on this page the part to show: the visitor's view is kept all the same."""
    visit_script(page, f"{demo.url}?follow=1")
    map_frame(page)
    frame = inside_frame(page)
    frame.evaluate("window.stillTheSame = true; map_div.setView([33.3, 120.2], 9, {animate: false})")
    before = view(page)
    click_county(page, "320981")
    expect(page.get_by_text("chosen 320981 clicks 1")).to_be_visible()
    settle(page)
    assert frame.evaluate("window.stillTheSame") is True
    assert view(page) == before
    page.get_by_role("button", name="far").click()  # what the page does of itself does move the view
    settle(page)
    frame.wait_for_function("([lat]) => Math.abs(map_div.getCenter().lat - lat) > 0.5", arg=before)


def test_a_click_outside_is_answered_and_moves_nothing(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    map_frame(page)
    before = view(page)
    map_frame(page).locator("#map_div").click(position={"x": 40, "y": 300})
    expect(page.get_by_role("status").filter(has_text="以外")).to_have_text(
        "点击的位置在江苏省以外，请点击省内的位置。"
    )
    expect(page.get_by_text("chosen None clicks 0")).to_be_visible()
    settle(page)
    assert view(page) == before


def test_the_map_is_saved_as_a_picture(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    button = map_frame(page).get_by_role("button", name="导出地图（PNG）")
    with page.expect_download() as saved:
        button.click()
    assert saved.value.suggested_filename == "各县（市、区）覆盖情况.png"
    with Image.open(saved.value.path()) as picture:
        assert picture.format == "PNG" and picture.width == 1800
        colours = {picture.convert("RGB").getpixel((x, y)) for x in range(0, 1800, 12) for y in range(200, 1800, 12)}
    assert tuple(bytes.fromhex(FULL[1:])) in colours
    assert tuple(bytes.fromhex(WATER["sea"][1:])) in colours


def test_in_print_the_whole_map_stands_with_what_was_asked(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    map_frame(page)
    inside_frame(page).evaluate("map_div.setView([31.4, 120.9], 11, {animate: false})")
    expect(page.locator(".map-asked")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".map-asked")).to_have_text("各县（市、区）覆盖情况2026年11月24日")
    expect(map_frame(page).locator("canvas#printed")).to_be_visible()
    expect(map_frame(page).locator("#map_div")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(map_frame(page).locator("canvas#printed")).to_have_count(0)
    expect(map_frame(page).locator("#map_div")).to_be_visible()


def test_a_marker_wears_the_number_of_its_entry_in_the_list(page: Page, demo: Server) -> None:
    visit_script(page, demo.url)
    expect(map_frame(page).locator(".map-marker.numbered b")).to_have_text(["1", "2", "3", "4", "5", "6"])
