"""Small pages for other sites: what they show, who may frame them, and oEmbed."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import requests
from playwright.sync_api import Page

from portal.settings import read_settings
from stations.errors import InvalidInput
from stations.province import example
from tests.portal.axe import ask_axe_of, findings
from tests.portal.conftest import Server

COUNTY = example().county.adcode
SMALL = (
    "/embed/coverage",
    f"/embed/coverage?county={COUNTY}",
    f"/embed/nearest?county={COUNTY}&services=metrology.calibration",
    "/embed/nearest",
)


def ask(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{server.url}{path}", headers={"Accept-Language": "en", **headers}, timeout=60)


def frame_rule(answer: requests.Response) -> str:
    rules = answer.headers["content-security-policy"].split("; ")
    return next(rule for rule in rules if rule.startswith("frame-ancestors"))


class Frames(HTMLParser):
    """The attributes of the frames in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


@pytest.mark.parametrize("path", SMALL)
def test_a_small_page_runs_no_script_sets_no_cookie_and_is_framed_by_us_only(
    portal_server: Server, path: str
) -> None:
    answer = ask(portal_server, path)
    assert answer.status_code == 200
    assert frame_rule(answer) == "frame-ancestors 'self'"
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert not answer.cookies
    assert answer.headers["cache-control"].startswith("public")
    assert '<html lang="en">' in answer.text


def test_the_sites_of_the_operator_may_frame_the_small_pages_and_no_other(strict_portal_server: Server) -> None:
    assert frame_rule(ask(strict_portal_server, "/embed/coverage")) == "frame-ancestors 'self' https://www.example.gov.cn"
    for path in ("/", "/coverage", "/embed", "/downloads", "/sign-in", "/api/v1/coverage"):
        assert frame_rule(ask(strict_portal_server, path)) == "frame-ancestors 'self'", path
    link = ask(strict_portal_server, "/downloads/stations.csv").headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in link


@pytest.mark.parametrize(
    "written",
    ["www.example.com", "https://example.com/path", "https://exa mple.com;", "javascript:x", "https://*", "'self'"],
)
def test_an_origin_that_is_none_stops_the_start(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({"EMBED_ORIGINS": written})
    assert refused.value.field == "EMBED_ORIGINS"


def test_origins_are_read_with_blanks_and_commas_between_them() -> None:
    read = read_settings({"EMBED_ORIGINS": "https://A.example.com, http://b:8080 https://*.example.cn"})
    assert read.embed_origins == ("https://a.example.com", "http://b:8080", "https://*.example.cn")
    assert read_settings({}).embed_origins == ()


@pytest.mark.parametrize("written", ["MIT", "by", "ftp://example.com/terms", "https://", "https://a b"])
def test_a_licence_that_is_none_stops_the_start(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({"DATA_LICENCE": written})
    assert refused.value.field == "DATA_LICENCE"


def test_a_licence_is_known_or_the_operators_own_terms() -> None:
    assert read_settings({}).data_licence is None
    known, own = (read_settings({"DATA_LICENCE": one}).data_licence for one in ("cc-by-4.0", "https://example.cn/terms"))
    assert known is not None and own is not None
    assert (known.url, own.url) == ("https://creativecommons.org/licenses/by/4.0/", "https://example.cn/terms")


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/embed/coverage?as_of=2026-13-01", 400, "2026-13-01"),
        ("/embed/coverage?city=Atlantis", 400, "Atlantis"),
        ("/embed/coverage?county=%00", 400, "not the name or adcode"),
        ("/embed/coverage?lang=de", 400, "de"),
        ("/embed/nearest?lon=x&lat=32", 400, "x"),
        ("/embed/nearest?lon=500&lat=32", 400, "500"),
        (f"/embed/nearest?county={COUNTY}&services=nothing", 400, "nothing"),
        ("/embed/station?code=%3Cscript%3E", 404, "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_read_is_told_on_a_small_page(portal_server: Server, path: str, status: int, told: str) -> None:
    answer = ask(portal_server, path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert told in answer.text
    assert "<script" not in answer.text


def test_coverage_says_what_the_portal_says(portal_server: Server) -> None:
    coverage = ask(portal_server, "/api/v1/coverage").json()
    page = ask(portal_server, "/embed/coverage").text
    assert f"{coverage['covered']} of {coverage['total']} counties covered" in page
    assert page.count("<path class=") == coverage["total"]


def test_oembed_gives_the_frame_of_a_page(portal_server: Server) -> None:
    page = quote(f"{portal_server.url}/county?code={COUNTY}&as_of=2026-03-05", safe="")
    answer = ask(portal_server, f"/oembed?url={page}&maxwidth=320&format=json").json()
    assert (answer["type"], answer["version"], answer["width"]) == ("rich", "1.0", 320)
    (frame,) = Frames(answer["html"]).found
    assert (frame["width"], frame["height"]) == ("320", str(answer["height"]))
    assert frame["title"]
    assert frame["src"] == f"{portal_server.url}/embed/coverage?county={COUNTY}&as_of=2026-03-05&lang=en"
    assert requests.get(str(frame["src"]), timeout=60).status_code == 200
    xml = ElementTree.fromstring(ask(portal_server, f"/oembed?url={page}&maxwidth=320&format=xml").content)
    assert {one.tag: one.text for one in xml} == {name: str(value) for name, value in answer.items()}
    low = ask(portal_server, f"/oembed?url={page}&maxheight=300").json()
    assert (low["height"], Frames(low["html"]).found[0]["height"]) == (300, "300")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("url=https%3A%2F%2Fexample.org%2Fcoverage", 404),
        ("url=http%3A%2F%2F%5B", 404),
        ("url={own}%2Fsign-in", 404),
        ("url={own}%2Fstation", 404),
        ("url={own}%2Fcoverage&format=yaml", 501),
        ("url={own}%2Fcoverage&maxwidth=wide", 400),
        ("url={own}%2Fcoverage&maxwidth=-5", 400),
        ("url={own}%2Fcoverage&maxwidth=99999999999999999999", 400),
    ],
)
def test_what_oembed_cannot_answer(portal_server: Server, query: str, status: int) -> None:
    answer = ask(portal_server, f"/oembed?{query.format(own=quote(portal_server.url, safe=''))}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_tell_of_their_small_page(portal_server: Server) -> None:
    page = ask(portal_server, f'/county?code={COUNTY}&x="%3E%3Cscript%3E').text
    link = page.partition('<link rel="alternate" type="application/json+oembed" href="')[2].partition('"')[0]
    assert "<script>alert" not in page
    assert requests.get(link.replace("&amp;", "&"), timeout=60).json()["type"] == "rich"
    assert "oembed" not in ask(portal_server, "/desk").text


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_small_pages_are_accessible_and_fit_a_phone_of_320_pixels(
    portal_server: Server, visitor: Callable[..., Page], locale: str
) -> None:
    page = visitor(locale=locale)
    ask_axe_of(page)
    page.set_viewport_size({"width": 320, "height": 700})
    for path in (*SMALL, "/embed/station?code=S-3201-001", "/embed", "/downloads"):
        page.goto(f"{portal_server.url}{path}")
        assert page.title()
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_nearest_stations_are_found_without_a_script(portal_server: Server, page: Page) -> None:
    page.goto(f"{portal_server.url}/embed/nearest?lang=en")
    page.get_by_label("Where are you?").select_option(COUNTY)
    page.get_by_label("What do you need?").select_option("metrology.calibration")
    page.get_by_role("button", name="Show stations").click()
    page.wait_for_url("**services=metrology.calibration**")
    assert page.locator(".found li").count() == 5
    assert page.get_by_role("link", name="More on").count() == 1
