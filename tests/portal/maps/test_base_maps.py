"""Base maps in a real browser, their tiles served from this machine: everything lies in their system."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from geo.coordinates import CRS, from_wgs84
from geo.counties import county_layer
from portal.maps.base_maps import BASE_MAPS, tile_hosts, tile_urls
from portal.security_headers import content_security_policy
from portal.settings import BASE_MAPS as NAMES
from portal.settings import read_settings
from tests.portal.browsing import map_frame, visit_script
from tests.portal.conftest import Server

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[str]]]:
    """The address of a server of tiles, and the paths it has been asked for."""
    asked: list[str] = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *arguments: object) -> None:
            """Say nothing; the paths are kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("base_map", "crs"), [("amap", "gcj02"), ("osm", "wgs84")])
def test_outlines_and_clicks_are_in_the_base_maps_system(
    page: Page, serve: Callable[..., Server], tile_server: tuple[str, list[str]], base_map: str, crs: str
) -> None:
    tiles, asked = tile_server
    outlines: list[str] = []
    page.on("request", lambda request: outlines.append(request.url) if "/geo/" in request.url else None)
    server = serve(
        "-m",
        "tests.tools.serve_script",
        "tests/portal/served/map_demo.py",
        BASEMAP=base_map,
        BASEMAP_URL=f"{tiles}/{{z}}/{{x}}/{{y}}.png",
    )
    visit_script(page, server.url)
    frame = map_frame(page)
    expect(frame.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("底图")
    assert asked
    assert [parse_qs(urlsplit(url).query)["crs"] for url in outlines] == [[crs]]

    where = county_layer().get("320981")
    lon, lat = from_wgs84(where.lon, where.lat, crs)
    inside = next(frame for frame in page.frames if "st_folium" in frame.url)
    x, y = inside.evaluate(
        "([lat, lon]) => { map_div.setView([lat, lon], 13, {animate: false});"
        " const p = map_div.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [lat, lon],
    )
    frame.locator("#map_div").click(position={"x": x, "y": y})
    expect(page.get_by_text("chosen 320981 clicks 1")).to_be_visible()
    expect(page.get_by_text("place ")).not_to_contain_text("None")
    place = [float(number) for number in page.get_by_text("place ").inner_text().split()[1:]]
    # A pixel is some 0.0002 degrees here, the shift of GCJ-02 some 0.005.
    assert place == pytest.approx([where.lon, where.lat], abs=0.002)


def test_every_name_of_the_settings_is_a_base_map() -> None:
    assert set(NAMES) == {"none", *BASE_MAPS}
    assert all(base_map.crs in CRS for base_map in BASE_MAPS.values())


def test_without_a_base_map_nothing_is_let_through() -> None:
    settings = read_settings({})
    assert tile_urls(settings, "zh_CN") == ()
    assert tile_hosts(settings) == ()
    assert "http" not in content_security_policy(tile_hosts(settings))


@pytest.mark.parametrize(
    ("base_map", "host"),
    [
        ("tianditu", "https://*.tianditu.gov.cn"),
        ("amap", "https://*.is.autonavi.com"),
        ("osm", "https://tile.openstreetmap.org"),
    ],
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_base_map_is_let_through_for_pictures_only(base_map: str, host: str, language: str) -> None:
    settings = read_settings({"BASEMAP": base_map, "TIANDITU_KEY": "abc"})
    urls = tile_urls(settings, language)
    assert urls and all("{key}" not in url and "{{" not in url for url in urls)
    assert all(axis in url for url in urls for axis in ("{x}", "{y}", "{z}"))
    assert tile_hosts(settings) == (host,)
    naming = [rule for rule in content_security_policy(tile_hosts(settings)).split("; ") if host in rule]
    assert len(naming) == 1 and naming[0].startswith("img-src ")


def test_tianditu_gets_the_key() -> None:
    settings = read_settings({"BASEMAP": "tianditu", "TIANDITU_KEY": "abc"})
    assert all(url.endswith("tk=abc") for url in tile_urls(settings, "zh_CN"))
