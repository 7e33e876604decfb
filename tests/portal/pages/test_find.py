"""找服务: services and place go in, stations come out, and the address holds it all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from geo.coordinates import wgs84_to_gcj02
from stations.database import open_engine, reading
from stations.registry.nearest_stations import nearest_stations
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, open_expander, settle, visit
from tests.portal.conftest import Server

PUKOU = (118.628, 32.06)
QUERY = "service=metrology.calibration&lon=118.628&lat=32.06"


def results(page: Page) -> list[str]:
    settle(page)
    expect(page.locator(".result").first).to_be_visible()
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
    page.get_by_label("搜索服务").fill("电梯检验")
    expect(page.get_by_text("这项不由小站办理，请找：经核准的特种设备检验检测机构")).to_be_visible()
    page.get_by_label("搜索服务").fill("压力表 校准")
    found = page.locator(".st-key-found_services_choices")
    found.get_by_role("button", name="校准", exact=True).click()
    expect(page.locator(".st-key-chosen_services_choices")).to_contain_text("校准")
    settle(page)
    assert "service=metrology.calibration" in page.url
    assert "adcode=320111" in page.url
    page.locator(".st-key-chosen_services_choices").get_by_role("button").click()
    expect(page.locator(".st-key-chosen_services_choices")).to_have_count(0)
    assert "service=" not in page.url


def test_a_click_on_the_map_says_where_the_firm_is(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find")
    frame = map_frame(page)
    frame.locator("path.county").nth(40).click(force=True)
    expect(page.locator(".understood")).to_be_visible()
    settle(page)
    assert "lon=" in page.url
    assert "lat=" in page.url


def test_coordinates_of_chinese_maps(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find")
    open_expander(page, "按坐标")
    page.get_by_label("经度、纬度", exact=True).fill("118.6333，32.0578")
    page.get_by_role("button", name="使用此坐标").click()
    expect(page.locator(".understood")).to_contain_text("浦口区")
    assert "crs=wgs84" in page.url


def test_what_is_wrong_in_an_address_is_told(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?service=<b>nope&lon=abc&lat=1")
    expect(page.locator(".notice.bad")).to_have_count(2)
    expect(page.locator(".notice.bad").first).to_contain_text("<b>nope")


def test_on_a_phone_nothing_runs_off_the_side(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/find?{QUERY}")
    results(phone_page)
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def type_address(page: Page, text: str) -> None:
    page.get_by_label("您的地址").fill(text)
    page.get_by_role("button", name="按此地址查找").click()


def test_an_address_is_read_shown_and_kept(portal_server: Server, phone_page: Page) -> None:
    page = phone_page
    visit(page, f"{portal_server.url}/find?service=metrology.calibration")
    type_address(page, "江苏省苏州市昆山市玉山镇前进中路1号")
    expect(page.locator(".understood")).to_contain_text("昆山市（苏州市） 玉山镇")
    found = results(page)
    assert "adcode=320583" in page.url
    assert "town=320583100" in page.url
    page.reload()
    assert results(page) == found
    expect(page.get_by_label("您的地址")).to_have_value("江苏省苏州市昆山市玉山镇前进中路1号")


def test_an_address_that_fits_several_places_is_chosen_from_and_can_be_corrected(
    portal_server: Server, page: Page
) -> None:
    visit(page, f"{portal_server.url}/find?address=鼓楼区中山北路")
    choices = page.locator(".st-key-place_choices")
    expect(choices).to_contain_text("可能指以下几处")
    choices.get_by_text("鼓楼区（徐州市）").click()
    expect(page.locator(".understood")).to_contain_text("鼓楼区（徐州市）")
    assert "adcode=320302" in page.url
    type_address(page, "吴江市盛泽镇")
    expect(page.locator(".understood")).to_contain_text("吴江区（苏州市） 盛泽镇")


@pytest.mark.parametrize(("address", "told"), [("前进路 <b>8 号", "<b>8 号"), ("上海市浦东新区", "不在江苏省内")])
def test_an_address_not_understood_is_told_and_kept(portal_server: Server, page: Page, address: str, told: str) -> None:
    visit(page, f"{portal_server.url}/find")
    type_address(page, address)
    expect(page.locator(".notice.warn").filter(has_text=told)).to_be_visible()
    expect(page.get_by_label("您的地址")).to_have_value(address)
    expect(page.locator(".understood")).to_have_count(0)


def test_the_device_s_position_is_asked_for_and_taken(portal_server: Server, phone_page: Page) -> None:
    page = phone_page
    page.context.grant_permissions(["geolocation"], origin=portal_server.url)
    page.context.set_geolocation({"longitude": PUKOU[0], "latitude": PUKOU[1], "accuracy": 35})
    visit(page, f"{portal_server.url}/find?service=metrology.calibration&adcode=320583")
    page.get_by_role("button", name="使用我的位置").click()
    page.wait_for_url("**lon=118.628*")
    expect(page.locator(".understood")).to_contain_text("浦口区")
    expect(page.locator(".understood")).to_contain_text("误差约 35 米")
    assert "service=metrology.calibration" in page.url
    assert "adcode" not in page.url
    results(page)


def test_a_position_that_is_refused_is_told(portal_server: Server, visitor: Callable[..., Page]) -> None:
    for locale, button, told in (
        ("zh-CN", "使用我的位置", "您未允许本站获取位置"),
        ("en-GB", "Use my location", "You did not let this site know"),
    ):
        page = visitor(locale)
        visit(page, f"{portal_server.url}/find")
        page.get_by_role("button", name=button).click()
        expect(page.locator(".my-location")).to_contain_text(told)
        expect(page.get_by_role("button", name=button)).to_be_enabled()


def test_a_chain_and_open_now_narrow_what_is_found_and_stand_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?{QUERY}&chain=new_energy_vehicles")
    results(page)
    cards = page.locator(".result")
    assert all("新能源汽车" in text for text in cards.all_inner_texts())
    page.locator(".st-key-find_filters label").filter(has_text="正在办公").click()
    page.wait_for_url("**open=now*")
    settle(page)
    expect(page.locator(".result, .notice.warn").first).to_be_visible()
    assert all("正在办公" in text for text in cards.all_inner_texts())
    page.reload()
    settle(page)
    expect(page.get_by_role("switch").or_(page.get_by_role("checkbox")).first).to_be_checked()


def test_a_card_tells_when_it_is_open_who_does_the_work_and_the_way(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?service=metrology.calibration&adcode=320583")
    results(page)
    way = page.get_by_role("link", name="高德导航")  # of a station whose place is known
    card = page.locator(".result").filter(has=way).first
    expect(card).to_contain_text(re.compile("正在办公|现在休息|请先电话确认"))
    card.locator(".who summary").click()
    expect(card.locator(".who")).to_contain_text("示例·苏州市计量测试机构")
    expect(card.locator(".who")).to_contain_text("JJG 30-2012")
    assert (
        card.get_by_role("link", name="高德导航")
        .get_attribute("href")
        .startswith("https://uri.amap.com/navigation?to=")
    )


def test_on_a_phone_the_way_down_leads_to_the_stations(portal_server: Server, phone_page: Page) -> None:
    visit(phone_page, f"{portal_server.url}/find?service=metrology.calibration&adcode=320583")
    results(phone_page)
    phone_page.get_by_role("link", name=re.compile(r"^找到 \d+ 个站点")).click()
    expect(phone_page.get_by_role("heading", name="三、谁能办")).to_be_in_viewport()
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_outside_geocoder_is_asked_by_the_server_where_one_is_set(
    portal_server: Server, serve: Callable[..., Server], page: Page
) -> None:
    asked: list[str] = []
    lon, lat = (float(value) for value in wgs84_to_gcj02(120.9807, 31.3846))
    answer = json.dumps({"status": "1", "geocodes": [{"location": f"{lon},{lat}", "level": "门牌号"}]}).encode()

    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=gateway.serve_forever, daemon=True).start()
    server = serve(
        "-m",
        "portal",
        DATABASE_URL=portal_server.environment["DATABASE_URL"],
        GEOCODER="amap",
        GEOCODER_KEY="k",
        GEOCODER_URL=f"http://127.0.0.1:{gateway.server_port}/geo",
    )
    visit(page, f"{server.url}/find")
    type_address(page, "昆山市前进中路1号")
    expect(page.locator(".understood")).to_contain_text("120.9807，31.3846")
    assert len(asked) == 1
    gateway.shutdown()
    gateway.server_close()
    type_address(page, "昆山市玉山镇人民路2号")
    expect(page.locator(".notice.warn")).to_contain_text("地图服务未响应")
    expect(page.locator(".understood")).to_contain_text("玉山镇")


def test_in_english(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB")
    visit(page, f"{portal_server.url}/find?{QUERY}")
    results(page)
    expect(page.get_by_role("heading", name="3. Who can do it?")).to_be_visible()
    expect(page.get_by_role("link", name="Ask this station").first).to_be_visible()
    expect(page.locator(".result").nth(1)).to_contain_text(re.compile("Open now|Closed now|Call before you go"))
    page.get_by_label("Your address").fill("昆山花桥")
    page.get_by_role("button", name="Use this address").click()
    expect(page.locator(".understood")).to_contain_text("Kunshan City (Suzhou) Huaqiao Town")


def test_more_are_shown_ordered_and_compared(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/find?{QUERY}&order=rating")
    first = results(page)
    assert len(first) == 6
    page.get_by_role("link", name="再显示 6 个").click()
    page.wait_for_url("**show=12**")
    longer = results(page)
    assert (len(longer), longer[:6]) == (12, first)
    codes = [href.removeprefix("/station?code=") for href in longer[:3]]
    visit(page, page.url + "".join(f"&compare={code}" for code in codes))
    table = page.get_by_role("table").filter(has_text="并排比较")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    ratings = table.get_by_role("row").filter(has_text="评价").get_by_role("cell").all_inner_texts()[1:]
    assert ratings == sorted(ratings, reverse=True)
