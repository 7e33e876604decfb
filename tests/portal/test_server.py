"""The addresses of the server, asked over HTTP."""

from __future__ import annotations

import gzip
import json
import re
import socket
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from geo.counties import county_layer
from geo.surroundings import surroundings_geojson
from portal.assets import asset_url
from portal.language import language_url
from portal.maps.geometry import geometry_url, surroundings_url
from portal.own_path import is_own_path
from tests.portal.conftest import Server


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve("-m", "tests.tools.serve_script", "tests/portal/served/failing_page.py")


def get(server: Server, path: str, **options: object) -> requests.Response:
    return requests.get(server.url + path, timeout=30, allow_redirects=False, **options)


def test_health(server: Server) -> None:
    answer = get(server, "/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_every_answer_keeps_the_browser_to_our_address(server: Server) -> None:
    for path in ("/", "/coverage", "/health", asset_url("leaflet/leaflet.js"), geometry_url(), "/_stcore/health"):
        policy = get(server, path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy


@pytest.mark.parametrize("path", ["/", "/sign-in", "/health", "/nothing-here", "/_stcore/health", "/component/x"])
def test_every_answer_carries_the_headers_that_restrict_a_browser(server: Server, path: str) -> None:
    headers = get(server, path, headers={"Origin": "https://elsewhere.example"}).headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'", "form-action 'self'"} <= set(policy)
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers.get("Access-Control-Allow-Origin") is None


def test_no_other_site_steers_an_open_page_by_messages(server: Server) -> None:
    assert get(server, "/_stcore/host-config").json()["allowedOrigins"] == []


def scripts_allowed(server: Server, path: str) -> set[str]:
    policy = get(server, path).headers["Content-Security-Policy"]
    return set(re.findall(r"script-src ([^;]*)", policy)[0].split())


def test_only_the_two_scripts_within_the_document_run_and_nothing_is_evaluated(server: Server) -> None:
    document = get(server, "/coverage").text
    within = re.findall(r"<script>(.*?)</script>", document, flags=re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in within}
    assert len(hashes) == 2 and scripts_allowed(server, "/coverage") == {"'self'", *hashes}
    assert " on" not in re.sub(r"<script.*?</script>", "", document, flags=re.DOTALL).partition("<body")[2].lower()
    assert scripts_allowed(server, "/sign-in") == scripts_allowed(server, "/nothing-here") == {"'none'"}
    frame = scripts_allowed(server, "/component/streamlit_folium.st_folium/index.html")
    assert frame == {"'self'", "'unsafe-inline'", "'unsafe-eval'"}  # maps alone: folium's scripts are generated


@pytest.mark.parametrize(
    "name",
    ["leaflet/leaflet.js", "leaflet/leaflet.css", "leaflet/images/layers.png", "portal/county_map.js", "theme.css"],
)
def test_assets_are_kept_by_the_browser_under_their_fingerprint(server: Server, name: str) -> None:
    answer = get(server, asset_url(name))
    assert answer.status_code == 200 and answer.content
    assert "immutable" in answer.headers["Cache-Control"]
    stale = get(server, asset_url(name).split("?")[0] + "?v=0")
    assert stale.status_code == 200
    assert stale.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/assets/leaflet/none.js", "/assets/other/leaflet.js", "/assets/portal/..%2fserver.py", "/assets/portal/"]
)
def test_nothing_else_is_served_as_an_asset(server: Server, path: str) -> None:
    assert get(server, path).status_code in {400, 404}


def test_style_sheets_and_scripts_name_no_other_host(server: Server) -> None:
    page = get(server, "/").text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/", "./static/")) and not address.startswith("//"), address
    for name in ("leaflet/leaflet.css", "leaflet.markercluster/MarkerCluster.css", "portal/portal.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", get(server, asset_url(name)).text)


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
def test_outlines_come_compressed_and_for_ever(server: Server, crs: str) -> None:
    answer = get(server, geometry_url(crs), headers={"Accept-Encoding": "gzip"}, stream=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == "application/geo+json"
    sent = answer.raw.read()
    assert len(sent) < 150_000
    assert gzip.decompress(sent) == county_layer().map_geojson(crs)


def test_surroundings_come_compressed_and_for_ever_and_an_old_address_leads_on(server: Server) -> None:
    answer = get(server, surroundings_url(), headers={"Accept-Encoding": "gzip"}, stream=True)
    assert "immutable" in answer.headers["Cache-Control"]
    sent = answer.raw.read()
    assert len(sent) < 35_000
    assert gzip.decompress(sent) == surroundings_geojson()
    assert get(server, "/geo/surroundings-0123456789abcdef.geojson").headers["Location"] == surroundings_url()


def test_outlines_come_plain_to_those_who_want_that(server: Server) -> None:
    answer = get(server, geometry_url(), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert len(json.loads(answer.content)["features"]) == 95


def test_an_old_address_of_the_outlines_leads_on(server: Server) -> None:
    answer = get(server, "/geo/counties-0123456789abcdef.geojson?crs=gcj02")
    assert answer.status_code == 307
    assert answer.headers["Location"] == geometry_url("gcj02")


def test_outlines_in_an_unknown_system(server: Server) -> None:
    answer = get(server, geometry_url().replace("wgs84", "utm"))
    assert answer.status_code == 400
    assert "wgs84, gcj02, bd09" in answer.text


@pytest.mark.parametrize(
    ("headers", "tag", "title"),
    [
        ({}, "zh-CN", "江苏质量小站"),
        ({"Accept-Language": "en-US,en;q=0.9"}, "en", "Jiangsu Quality Stations"),
        ({"Accept-Language": "fr,en;q=0.8"}, "en", "Jiangsu Quality Stations"),
        ({"Accept-Language": "en", "Cookie": "language=zh_CN"}, "zh-CN", "江苏质量小站"),
        ({"Accept-Language": "zh", "Cookie": "language=en"}, "en", "Jiangsu Quality Stations"),
        ({"Cookie": "language=<script>"}, "zh-CN", "江苏质量小站"),
    ],
)
def test_the_document_speaks_the_visitors_language(server: Server, headers: dict, tag: str, title: str) -> None:
    page = get(server, "/coverage", headers=headers).text
    assert f'<html lang="{tag}"' in page
    assert f"<title>{title}</title>" in page


def test_switching_language_sets_a_cookie_and_goes_back(server: Server) -> None:
    answer = get(server, language_url("en", "/coverage?city=3205&as_of=2025-12-31"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/coverage?city=3205&as_of=2025-12-31"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("language=en;")
    assert "samesite=lax" in cookie.lower() and "httponly" in cookie.lower()


def test_an_unknown_language_is_not_found(server: Server) -> None:
    assert get(server, "/language/fr").status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "javascript:alert(1)",
        " https://elsewhere.example",
        "elsewhere",
        "",
    ],
)
def test_switching_language_never_leads_elsewhere(server: Server, elsewhere: str) -> None:
    answer = get(server, "/language/en", params={"next": elsewhere})
    assert answer.headers["Location"] == "/"


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Cc", "Zs"])))
@example(" /")
def test_an_own_path_has_one_slash_first(text: str) -> None:
    address = "/" + text
    if is_own_path(address):
        assert not re.match(r"[\s\x00-\x1f]*[/\\][\s\x00-\x1f]*[/\\]", address)


@pytest.mark.parametrize(
    "path", ["/", "/coverage/", "/api/v1/coverage", "/ogc/collections", "/nothing", "/embed/coverage"]
)
def test_a_query_with_bytes_beyond_ascii_is_answered(server: Server, path: str) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=60) as connection:
        rest = b"\x80\xff HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        connection.sendall(f"GET {path}?a=".encode() + rest)
        status = int(connection.makefile("rb").readline().split()[1])
    assert status < 500
