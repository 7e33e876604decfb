"""Queries in ASCII, as addresses must be (RFC 3986): what a client sent beyond it is percent-encoded.

Whatever reads an address, our code or a library, may then take it for text.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_BEYOND = re.compile(rb"[^\x21-\x7e]")


class AsciiQuery:
    """ASGI middleware that passes requests on with such a query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if _BEYOND.search(query := scope.get("query_string", b"")):
            scope = {**scope, "query_string": _BEYOND.sub(lambda byte: b"%%%02X" % byte[0][0], query)}
        await self._app(scope, receive, send)
