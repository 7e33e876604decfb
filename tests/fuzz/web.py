"""HTTP: every route of the portal but the pages' own websocket, with any method, query, headers, cookies and body."""

from __future__ import annotations

import asyncio
import os
import re
from functools import cache
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, quote_plus, unquote

from hypothesis import strategies as st
from starlette.types import Message
from streamlit.starlette import App

import portal.storage
from portal.api.ogc import interface as ogc
from portal.api.ogc.fresh_revision import FreshRevision
from portal.server import COOKIES, create_app, routes
from portal.settings import read_settings
from tests.fuzz.target import Target, database, rows_of
from tests.fuzz.texts import ANY_TEXT

_PARAMETER = re.compile(r"\{[^}]*\}")
PATHS = sorted({getattr(route, "path", "/") for route in routes})
FIELDS = ("username", "password", "next", "sample", "code", "user", "new", "again", "repeat", "state", "token", "to")
GUARDS = frozenset({"failed_sign_in"})
"""What a refused request may write: that it was refused."""
SHUT_OUT = GUARDS | {"audit_entry", "audit_head.position"}
"""The same where one more wrong guess shuts a network out, which stands in the audit log."""
TOLD = SHUT_OUT | {"security_event"}
"""The same the first time on a day; after that the event of that day is counted up."""
KINDS = (
    *(
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
    ),
    *("text/plain", ""),
)
METHODS = ("GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
HEADERS = (
    *("Range", "If-None-Match", "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Sec-Fetch-Site"),
    *("Accept-Encoding", "Host"),
)
_SIGN = st.characters(codec="utf-8", exclude_characters="\r\n\0")
_HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a request."""
    path = _PARAMETER.sub(lambda _: draw(st.text(_SIGN, max_size=30)), draw(st.sampled_from([*PATHS, "/", "/no-such"])))
    own, cookies = draw(st.booleans()), draw(st.lists(st.sampled_from(COOKIES), max_size=3))
    form = st.dictionaries(st.sampled_from(FIELDS), ANY_TEXT.map(lambda text: text[:3000]), max_size=5)
    body = draw(st.one_of(form.map(_encoded), st.binary(max_size=200)))
    return {
        "method": draw(st.sampled_from(METHODS)),
        "path": quote(path or "/"),
        "query": draw(st.one_of(form.map(_encoded), st.binary(max_size=40))),
        "body": body,
        "headers": {
            "Content-Type": draw(st.sampled_from(KINDS)),
            "Accept-Language": draw(st.one_of(st.sampled_from(("zh-CN", "en", "xx;q=x")), _HEADER)),
            **({"Origin": "http://testserver"} if own else {"Origin": draw(_HEADER)}),
            "Cookie": "; ".join(f"{name}={draw(_HEADER)}" for name in cookies),
            **draw(st.dictionaries(st.sampled_from(HEADERS), _HEADER, max_size=2)),
        },
    }


def _encoded(form: dict[str, str]) -> bytes:
    return "&".join(
        f"{name}={quote_plus(text.encode('utf-8', 'surrogatepass'))}" for name, text in form.items()
    ).encode()


@cache
def app() -> App:
    """Return the real application, in this process, without its background jobs."""
    os.environ["DATABASE_URL"] = str(database().url)
    for cached in (portal.storage.domain_settings, portal.storage.engine):
        cached.cache_clear()
    portal.storage.engine()
    return create_app(read_settings({}))


_of_this_loop = FreshRevision()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop of all requests, as of a server; a browser of other tests may run one in this thread."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, daemon=True).start()
    return loop


async def _answer(request: dict[str, Any]) -> tuple[int, bytes]:
    headers = [(name.lower().encode(), value.encode("latin-1", "ignore")) for name, value in request["headers"].items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request["method"],
        "scheme": "http",
        "path": unquote(request["path"]),
        "raw_path": request["path"].encode(),
        "query_string": request["query"],
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"content-length", b"%d" % len(request["body"])), *headers],
        "client": ("127.0.0.1", 40000),
        "server": ("testserver", 80),
    }
    sent = iter([{"type": "http.request", "body": request["body"], "more_body": False}])
    status, told, never = 0, b"", asyncio.Event()

    async def receive() -> Message:
        for message in sent:
            return message
        return await never.wait()  # type: ignore[return-value]

    async def send(message: Message) -> None:
        nonlocal status, told
        status = message.get("status", status)
        told += message.get("body", b"")

    await app()(scope, receive, send)
    return status, told


def check(request: dict[str, Any], writes: frozenset[str] = frozenset()) -> None:
    """Send a request, which must be answered. ``writes``: the tables that it may change though it is refused."""
    before = rows_of(database())
    with patch.object(ogc, "fresh_revision", _of_this_loop):
        status, told = asyncio.run_coroutine_threadsafe(_answer(request), _loop()).result()
    assert 0 < status < 500, (status, told[-300:])
    assert b"Traceback" not in told and b"Internal Server Error" not in told
    if status >= 400:
        after = rows_of(database())
        changed = {name for name in after if after[name] != before[name]} - writes
        assert changed <= GUARDS or changed in (SHUT_OUT, TOLD), changed


WEB = [Target("HTTP requests", requests(), check, short=100)]
