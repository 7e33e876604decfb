"""What every HTTP interface has in common, asked of a real server."""

from __future__ import annotations

import pytest
import requests

from tests.portal.conftest import Server


def ask(server: Server, path: str, *, method: str = "GET", **headers: str) -> requests.Response:
    return requests.request(method, f"{server.url}{path}", headers=headers, timeout=60)


def test_an_answer_has_the_language_that_is_asked_for(portal_server: Server) -> None:
    answer = ask(portal_server, "/api/v1/coverage?as_of=2026-11-24")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/api/v1/coverage?as_of=2026-13-01", 400, "as_of"),
        ("/api/v1/coverage?as_off=2026-11-24", 400, "as_off"),
        ("/api/v1/coverage?lang=de", 400, "lang"),
        ("/api/v1/coverage?sample=maybe", 400, "sample"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(portal_server: Server, path: str, status: int, name: str) -> None:
    answer = ask(portal_server, path, **{"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert [(one["in"], one["name"]) for one in told["errors"]] == [("query", name)]
    assert told["reference"] == answer.headers["x-request-id"]


def test_a_problem_is_told_in_the_language_of_the_request(portal_server: Server) -> None:
    path = "/api/v1/coverage?as_of=31-12"
    chinese, english = ask(portal_server, path).json(), ask(portal_server, path + "&lang=en").json()
    assert chinese["title"] == "请求无法理解"
    assert english["title"] == "The request can't be understood"


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"p": ' + b"9" * 20_000 + b"}", b'{"p": "\xff"}', b'{"p": '])
def test_a_body_that_can_not_be_read_is_told_in_no_words_of_a_library(portal_server: Server, body: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    answer = requests.post(f"{portal_server.url}/api/v1/siting", data=body, headers=kind, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("正文不是有效的 JSON。")
    assert "parsing" not in answer.text


def test_a_form_that_can_not_be_read_is_told_in_no_words_of_a_library(portal_server: Server) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary="}
    answer = requests.post(f"{portal_server.url}/open311/v2/requests.json", data=b"--", headers=kind, timeout=60)
    assert answer.status_code in {400, 415}
    assert "boundary" not in answer.text.lower()


def test_addresses_that_there_are_not(portal_server: Server) -> None:
    unknown = ask(portal_server, "/api/v1/nothing")
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    method = ask(portal_server, "/api/v1/coverage", method="DELETE")
    assert (method.status_code, method.headers["allow"]) == (405, "GET")


def test_head_has_the_headers_of_get_and_no_body(portal_server: Server) -> None:
    got = ask(portal_server, "/api/v1/coverage?as_of=2026-11-24")
    head = ask(portal_server, "/api/v1/coverage?as_of=2026-11-24", method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("path", ["/api/v1/targets/a%00b", "/api/v1/targets/..%2fb", "/ogc/a%00b"])
def test_a_path_that_no_address_has_is_told_by_problem_details(portal_server: Server, path: str) -> None:
    answer = ask(portal_server, path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_body_that_is_too_large_is_told_by_problem_details(portal_server: Server) -> None:
    address = f"{portal_server.url}/api/v1/siting"
    answer = requests.post(address, b"x" * 70_000, headers={"Content-Type": "application/json"}, timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_a_script_of_another_site_may_ask(portal_server: Server) -> None:
    answer = ask(portal_server, "/api/v1/locate?lon=120.98&lat=31.39", Origin="https://example.org")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    before = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert ask(portal_server, "/api/v1/siting", method="OPTIONS", **before).status_code == 200


def test_a_path_with_a_line_break_is_answered_as_any_other(portal_server: Server) -> None:
    answer = ask(portal_server, "/api/v1/stations/a%0Ab")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
