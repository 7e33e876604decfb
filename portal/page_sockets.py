"""Websockets: only pages of this server open one, and only what pages send is read.

Streamlit takes any page of the visitor's own machine for one of ours, and ends with an error in the log where a text
comes in place of a message.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stations.security_events import EventKind, tally

_REFUSED, _NO_MESSAGE = 1008, 1003
"""Codes of RFC 6455, 7.4.1: against our rules; a kind of data that is not taken."""


class PageSockets:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a websocket on if a page of ours opens it, or a program that has no pages; end it at the first text."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            tally.add(EventKind.FOREIGN_FORMS)
            await send({"type": "websocket.close", "code": _REFUSED})
            return

        async def receive_messages() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                await send({"type": "websocket.close", "code": _NO_MESSAGE})
                return {"type": "websocket.disconnect", "code": _NO_MESSAGE}
            return message

        await self._app(scope, receive_messages, send)
