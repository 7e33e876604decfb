"""``/robots.txt``: search engines may read what is for everybody, and need not follow what is one visitor's own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from portal.navigation import ENTRIES

_OWN = frozenset({"account", "doubles", "instruments", "proposals", "record", "request", "subscribe", "track"})
"""Pages that show what the visitor has, or take what the visitor sends."""
_NOT_FOR_READING = ("/api/", "/_stcore/", "/language/", "/samples/", "/sign-in", "/attachment/")


def _robots(_request: Request) -> PlainTextResponse:
    closed = [f"/{entry.name}" for entry in ENTRIES if entry.actions or entry.name in _OWN]
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in (*closed, *_NOT_FOR_READING)), "Allow: /"]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "public, max-age=86400"})


routes: list[BaseRoute] = [Route("/robots.txt", _robots)]
