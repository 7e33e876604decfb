"""What changes where visitors come by TLS, as a proxy on this machine says; and by which names they may come."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from starlette.requests import HTTPConnection

from portal.host_cookies import HostCookies
from portal.server import COOKIES
from portal.settings import ONE_YEAR, read_settings
from stations.duty.roles import Role
from stations.errors import InvalidInput
from tests.portal.conftest import Server
from tests.portal.page_socket import opened
from tests.portal.people import PASSWORD, new_account

TLS = {"X-Forwarded-Proto": "https"}


def set_cookies(answer: requests.Response) -> list[str]:
    return answer.raw.headers.getlist("Set-Cookie")


def test_by_tls_no_cookie_is_ever_sent_on_plain_http(portal_server: Server) -> None:
    for path in ("/_stcore/health", "/", "/language/en", "/sign-in", "/request"):
        answer = requests.get(portal_server.url + path, headers=TLS, timeout=30, allow_redirects=False)
        assert all("; secure" in cookie.lower() for cookie in set_cookies(answer)), path
    streamlits = requests.get(f"{portal_server.url}/_stcore/health", headers=TLS, timeout=30)
    assert any(cookie.startswith("_streamlit_xsrf=") for cookie in set_cookies(streamlits))


def test_by_tls_the_cookie_is_the_hosts_own_and_one_without_the_prefix_does_not_count(portal_server: Server) -> None:
    form = {"username": new_account(portal_server, Role.COUNTY, "320583"), "password": PASSWORD, "next": "/account"}
    origin = {"Origin": portal_server.url}

    def post(path: str, **headers: str) -> requests.Response:
        return requests.post(
            portal_server.url + path, data=form, headers=origin | headers, timeout=30, allow_redirects=False
        )

    plain, tls = post("/sign-in"), post("/sign-in", **TLS)
    (cookie,) = set_cookies(tls)
    assert cookie.startswith("__Host-session=") and "Domain" not in cookie
    assert {"HttpOnly", "Path=/", "Secure", "SameSite=lax"} <= set(cookie.split("; "))
    assert set_cookies(plain)[0].startswith("session=") and "Secure" not in set_cookies(plain)[0]
    pair = cookie.partition(";")[0]
    token = pair.partition("=")[2]
    for sent, signed_in in ((pair, True), (f"session={token}", False), (f"session=x; {pair}; language=en", True)):
        answer = requests.get(
            f"{portal_server.url}/password", headers={"Cookie": sent, **TLS}, timeout=30, allow_redirects=False
        )
        assert (answer.status_code == 200) is signed_in, sent
    with opened(portal_server, "account", cookie=pair, **TLS) as page:
        assert form["username"] in page.drawn
    with opened(portal_server, "account", cookie=f"session={token}", **TLS) as page:
        assert form["username"] not in page.drawn
    left = post("/sign-out", Cookie=pair, **TLS)
    assert left.headers["Clear-Site-Data"] == '"storage"'
    gone = set_cookies(left)
    assert sorted(cookie.partition(";")[0] for cookie in gone) == ['__Host-session=""', '__Host-sign_in_step=""']
    assert all("Max-Age=0" in cookie and "Secure" in cookie and "Path=/" in cookie for cookie in gone)


@pytest.mark.parametrize("path", ["/language/en", "/samples/hidden", "/request"])
def test_every_cookie_of_ours_has_the_prefix(portal_server: Server, path: str) -> None:
    for headers, prefix in ((TLS, "__Host-"), ({}, "")):
        answer = requests.get(portal_server.url + path, headers=headers, timeout=30, allow_redirects=False)
        (cookie,) = set_cookies(answer)
        assert cookie.startswith(prefix) and cookie.removeprefix(prefix).partition("=")[0] in COOKIES


@pytest.mark.parametrize("scheme", ["https", "wss", "http", "ws"])
@pytest.mark.parametrize(
    ("sent", "by_tls"),
    [
        ("__Host-session=a", {"session": "a"}),
        ("session=a", {}),
        ("session=evil; __Host-session=a; other=b", {"session": "a", "other": "b"}),
        ("__Host-session=a; session=evil", {"session": "a"}),
        ("__Host-other=b;session =evil", {"__Host-other": "b"}),
        ("__host-session=a", {"__host-session": "a"}),
        ("", {}),
    ],
)
def test_pages_and_websockets_read_the_same_cookies(scheme: str, sent: str, by_tls: dict[str, str]) -> None:
    seen: list[dict[str, str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(HTTPConnection(scope).cookies)

    kind = "websocket" if scheme.startswith("ws") else "http"
    scope = {"type": kind, "scheme": scheme, "headers": [(b"cookie", sent.encode())]}
    run = HostCookies(app, names=["session"])(scope, None, None)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as other:  # the browser's tests leave a loop running in this thread
        other.submit(asyncio.run, run).result()  # type: ignore[arg-type]
    assert seen == [by_tls if scheme in {"https", "wss"} else HTTPConnection(scope).cookies]


def test_browsers_that_come_by_tls_are_told_to_stay_there(portal_server: Server) -> None:
    for path in ("/", "/sign-in", "/health", "/nothing-here", "/_stcore/health"):
        told = requests.get(portal_server.url + path, headers=TLS, timeout=30).headers
        assert told["Strict-Transport-Security"] == ONE_YEAR
        assert "Strict-Transport-Security" not in requests.get(portal_server.url + path, timeout=30).headers


@pytest.mark.parametrize("host", ["evil.example", "portal.example.com.evil.example", "evil.example:8501", "a b", ""])
def test_a_foreign_host_is_refused_where_the_names_are_set(strict_portal_server: Server, host: str) -> None:
    for path in ("/", "/sign-in", "/single-sign-on"):
        answer = requests.get(strict_portal_server.url + path, headers={"Host": host}, timeout=30)
        assert answer.status_code == 400 and "evil" not in answer.text
    for name in ("portal.example.com", "PORTAL.example.com:443", "localhost:1"):
        assert requests.get(f"{strict_portal_server.url}/health", headers={"Host": name}, timeout=30).ok
    socket = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Host": host}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = requests.get(f"{strict_portal_server.url}/_stcore/stream", headers=socket | key, timeout=30)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("environment", "allowed"),
    [
        ({"PUBLIC_URL": "https://portal.example.com:8443/"}, {"portal.example.com"}),
        (
            {"ALLOWED_HOSTS": " A.example.com, *.b.example ", "PUBLIC_URL": "https://c.example"},
            {"a.example.com", "*.b.example"},
        ),
    ],
)
def test_the_names_are_those_of_the_setting_or_of_the_public_address(
    environment: dict[str, str], allowed: set[str]
) -> None:
    assert set(read_settings(environment).allowed_hosts) == allowed | {"127.0.0.1", "localhost", "[::1]"}
    assert read_settings({}).allowed_hosts == ("*",)


@pytest.mark.parametrize("value", ["https://a.example", "a.example:443", "a b", "a.*.example", "a/b", "**"])
def test_what_is_no_host_is_told(value: str) -> None:
    with pytest.raises(InvalidInput, match="ALLOWED_HOSTS") as wrong:
        read_settings({"ALLOWED_HOSTS": f"ok.example,{value}"})
    assert wrong.value.field == "ALLOWED_HOSTS"


def test_how_long_tls_is_remembered_is_set_and_mistakes_are_told() -> None:
    assert read_settings({}).strict_transport == ONE_YEAR and read_settings({"HSTS": "off"}).strict_transport == ""
    longer = f"{ONE_YEAR}; includeSubDomains"
    assert read_settings({"HSTS": longer}).strict_transport == longer
    for wrong in ("1", "max-age=x", "max-age=1\r\nX: y"):
        with pytest.raises(InvalidInput, match="HSTS"):
            read_settings({"HSTS": wrong})
