"""What strangers can try against the real server by HTTP and by its websocket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
import requests

from portal.body_limit import LIMIT
from portal.language import language_url
from portal.samples import samples_url
from portal.upload_gate import MEGABYTE
from tests.portal.conftest import Server
from tests.portal.page_socket import opened

ABOUT, REQUEST = "about", "request"


def raw(server: Server, head: str, body: bytes = b"", *, rest: Iterable[bytes] = ()) -> bytes:
    """Send a request as it is written, and return what comes back until the server closes or says no more."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as wire:
        wire.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        try:
            for piece in rest:
                wire.sendall(piece)
        except OSError:
            pass  # it has closed: what it said before is what counts
        told = b""
        try:
            while piece := wire.recv(65536):
                told += piece
                if b"\r\n\r\n" in told and b"</html>" in told:
                    break
        except OSError:
            pass
    return told


@pytest.mark.parametrize("path", ["/sign-in", "/first-password", "/password", "/sign-out", "/", "/attachment/x"])
def test_400_megabytes_are_refused_before_they_are_sent(portal_server: Server, path: str) -> None:
    host = urlsplit(portal_server.url).netloc
    began = time.monotonic()
    told = raw(
        portal_server,
        f"POST {path} HTTP/1.1\nHost: {host}\nOrigin: {portal_server.url}\nAccept-Language: en\n"
        f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {400 * MEGABYTE}",
    )
    assert told.startswith(b"HTTP/1.1 413"), told[:200]
    assert b"larger than anything that is taken here" in told and b"connection: close" in told.lower()
    assert time.monotonic() - began < 10


def test_what_is_sent_without_a_length_is_counted(portal_server: Server) -> None:
    host = urlsplit(portal_server.url).netloc
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    told = raw(
        portal_server,
        f"POST /sign-in HTTP/1.1\nHost: {host}\nOrigin: {portal_server.url}\n"
        "Content-Type: application/x-www-form-urlencoded\nTransfer-Encoding: chunked",
        rest=(piece for _ in range(200)),
    )
    assert told.startswith(b"HTTP/1.1 413"), told[:200]


def test_a_form_of_ordinary_length_is_read(portal_server: Server) -> None:
    form = {"username": "nobody", "password": "x" * (LIMIT - 1000)}
    answer = requests.post(f"{portal_server.url}/sign-in", data=form, headers={"Origin": portal_server.url}, timeout=30)
    assert answer.status_code == 401


def test_nothing_is_uploaded_where_no_field_asks_for_it(portal_server: Server) -> None:
    with opened(portal_server, ABOUT) as page:
        assert page.session
        for number in range(12):
            answer = page.upload(1000 if number else 49 * MEGABYTE, f"f{number}")
            assert answer.status_code == 403
        page.session = "made-up"
        assert page.upload(10).status_code == 403


def test_a_field_takes_what_it_is_for_and_no_more(portal_server: Server) -> None:
    with opened(portal_server, REQUEST) as page:
        assert page.upload(1000).status_code == 204
        assert page.upload(11 * MEGABYTE).status_code == 413
        assert page.upload(0, data=(bytes(MEGABYTE) for _ in range(20))).status_code == 411
        sizes = [page.upload(9 * MEGABYTE, f"f{number}").status_code for number in range(8)]
        assert sizes == [204] * 6 + [413] * 2  # 60 MB together
        page.draw(ABOUT)
        assert page.upload(10).status_code == 403


def test_many_visits_of_one_network_share_their_room(portal_server: Server) -> None:
    taken = 0
    with opened(portal_server, REQUEST) as first, opened(portal_server, REQUEST) as second:
        with opened(portal_server, REQUEST) as third, opened(portal_server, REQUEST) as fourth:
            for page in (first, second, third, fourth):
                taken += sum(page.upload(9 * MEGABYTE, f"f{n}").status_code == 204 for n in range(6))
            assert 20 <= taken <= 22  # 200 MB together
            assert fourth.upload(9 * MEGABYTE, "more").status_code == 429
        # Two have left: their room is free again.
        deadline = time.monotonic() + 30
        while (status := second.upload(MEGABYTE, "again").status_code) != 204 and time.monotonic() < deadline:
            time.sleep(0.5)
        assert status == 204


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/%6detrics", "/_stcore/script-health-check"]
)
def test_figures_about_the_server_are_not_public(portal_server: Server, path: str) -> None:
    answer = requests.get(portal_server.url + path, timeout=30, headers={"Accept": "application/x-protobuf"})
    assert answer.status_code == 404 and b"cache_memory" not in answer.content


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://elsewhere.example/"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
@pytest.mark.parametrize("switch", [language_url("en", "/coverage"), samples_url("hidden", "/coverage")])
def test_a_link_elsewhere_switches_nothing(portal_server: Server, switch: str, headers: dict[str, str]) -> None:
    answer = requests.get(portal_server.url + switch, headers=headers, timeout=30, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/coverage")
    assert "Set-Cookie" not in answer.headers
    own = {"Sec-Fetch-Site": "same-origin", "Referer": f"{portal_server.url}/"}
    assert (
        "Set-Cookie" in requests.get(portal_server.url + switch, headers=own, timeout=30, allow_redirects=False).headers
    )


def test_a_second_sign_in_ends_the_first_of_the_browser(portal_server: Server) -> None:
    browser = requests.Session()
    browser.headers["Origin"] = portal_server.url
    sample = {"sample": "sample-province", "next": "/account"}
    page = browser.get(f"{portal_server.url}/sign-in", timeout=30).text
    assert 'value="sample-province"' in page
    tokens = []
    for _ in range(2):
        assert (
            browser.post(f"{portal_server.url}/sign-in", data=sample, timeout=30, allow_redirects=False).status_code
            == 303
        )
        tokens.append(browser.cookies["session"])
    for token, status in zip(tokens, (303, 200), strict=True):
        answer = requests.get(
            f"{portal_server.url}/password", cookies={"session": token}, timeout=30, allow_redirects=False
        )
        signed_in = answer.headers.get("Location") == "/account"  # a sample user has no password to change
        assert signed_in is (status == 200)


@pytest.mark.parametrize(
    "path", ["/attachment/a%00b", "/sign-in?next=a%00b", "/first-password?user=a%00b", "/coverage?city=a%00b", "/%00"]
)
def test_a_nul_in_an_address_is_no_error_of_ours(portal_server: Server, path: str) -> None:
    assert requests.get(portal_server.url + path, timeout=30, allow_redirects=False).status_code in {200, 400, 404}


def test_a_nul_in_a_form_is_a_wrong_name(portal_server: Server) -> None:
    for form in (
        {"sample": "a\0b"},
        {"username": "a\0b", "password": "a\0b"},
        {"username": "\ud800".encode("utf-8", "surrogatepass")},
    ):
        answer = requests.post(
            f"{portal_server.url}/sign-in", data=form, headers={"Origin": portal_server.url}, timeout=30
        )
        assert answer.status_code == 401


def test_a_form_of_another_site_is_told_in_the_readers_language(portal_server: Server) -> None:
    for language, words in (("en", "sent from another site"), ("zh", "从别的网站")):
        headers = {"Origin": "https://elsewhere.example", "Accept-Language": language}
        answer = requests.post(f"{portal_server.url}/sign-in", data={"username": "x"}, headers=headers, timeout=30)
        assert answer.status_code == 403 and words in answer.text


def test_a_number_of_thousands_of_digits_is_no_error_of_ours(portal_server: Server) -> None:
    huge = "9" * 5000
    with opened(portal_server, "find") as page:
        page.draw("find", f"lon=120.98&lat=31.38&accuracy={huge}")
        assert "Something went wrong" not in page.drawn and "系统出了问题" not in page.drawn
    host = urlsplit(portal_server.url).netloc
    told = raw(portal_server, f"POST /sign-in HTTP/1.1\nHost: {host}\nContent-Length: {huge}")
    assert told.startswith((b"HTTP/1.1 400", b"HTTP/1.1 413")), told[:200]
