"""What is no address of the product is 404, whoever asks; Streamlit's own addresses stay."""

from __future__ import annotations

import pytest
import requests

from portal.navigation import ENTRIES
from tests.portal.conftest import Server


def ask(server: Server, path: str, *, method: str = "GET", **headers: str) -> requests.Response:
    return requests.request(method, server.url + path, headers=headers, timeout=60, allow_redirects=False)


UNKNOWN = (
    "/openapi.json", "/stations.geojson", "/a/b/c", "/nothing", "/nothing/", "/coverage/x",
    "/coverage//", "/index.html", "/static/nothing.js", "/static/", "/_stcore/nothing", "/.env", "/wp-login.php",
    "/%E5%8D%97%E4%BA%AC", "/a%00b", "/desk.php", "/favicon.ico", "/sitemap.xml",
)  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_address_is_not_found(portal_server: Server, path: str) -> None:
    answer = ask(portal_server, path, Accept="text/html", **{"Accept-Language": "en"})
    if path.rstrip("/") == "/coverage":
        assert (answer.status_code, answer.headers["location"]) == (308, "/coverage")
        return
    assert answer.status_code in {400, 404}, answer.text[:200]
    assert "stApp" not in answer.text and '<div id="root">' not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_program_is_told_by_problem_details(portal_server: Server, method: str) -> None:
    broken = ("/api/v1/nothing/a%0Ab", "/ogc/a%0Ab")  # no mount matches a line break
    for path in ("/api/nothing", "/api/v1/nothing", "/api/v1/", "/api/v2/coverage", *broken):
        answer = ask(portal_server, path, method=method)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
    answer = ask(portal_server, "/a/b", method=method, Accept="application/json")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_a_page_with_a_slash_at_its_end_leads_to_the_page(portal_server: Server) -> None:
    answer = ask(portal_server, "/coverage/?as_of=2026-01-01")
    assert (answer.status_code, answer.headers["location"]) == (308, "/coverage?as_of=2026-01-01")


@pytest.mark.parametrize("path", ["/", "/coverage", "/_stcore/health", "/_stcore/host-config", "/favicon.png"])
def test_what_is_there_stays(portal_server: Server, path: str) -> None:
    assert ask(portal_server, path).status_code == 200


def test_search_engines_are_told_what_is_for_everybody(portal_server: Server) -> None:
    answer = ask(portal_server, "/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    closed = {line.removeprefix("Disallow: /") for line in answer.text.splitlines() if line.startswith("Disallow")}
    assert {"desk", "audit", "track", "request", "api/"} <= closed
    assert not closed & {"home", "coverage", "find", "services", "station"}
    assert {entry.name for entry in ENTRIES if entry.actions} <= closed


def test_the_interfaces_are_found(portal_server: Server) -> None:
    listed = ask(portal_server, "/api").json()["interfaces"]
    for link in (link for one in listed for link in one["links"]):
        answer = requests.get(link["href"], timeout=60)
        assert answer.status_code == 200
        assert ("html" if link["rel"] == "service-doc" else "json") in answer.headers["content-type"]
    page = ask(portal_server, "/api", Accept="text/html", **{"Accept-Language": "en"})
    assert "Open interfaces" in page.text and "/api/v1/docs" in page.text
    assert 'rel="service-desc"' in ask(portal_server, "/coverage").text
