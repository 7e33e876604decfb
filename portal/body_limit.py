"""How much a request may send, and addresses that are not for visitors.

No form of ours is longer than a few kilobytes. Files that pages upload have limits of their own (``upload_gate``), and
so have the addresses of ``LARGER`` by which programs send much at once.
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.path_security import is_unsafe_path_pattern

from portal.answer_begun import WatchedSend
from portal.api.inquiry import spoken_to
from portal.api.problem import problem
from portal.api.routes import INTERFACE_PATHS
from portal.failure import refused
from portal.upload_gate import UPLOADS

LIMIT = 64 * 1024
"""Bytes of a request's body."""
BULK = 4 * 1024 * 1024
"""As many rows as a bulk change takes, each of some kilobytes."""
FILES = 32 * 1024 * 1024
"""Three files of the largest size that a request may have, and what is around them."""
LARGER: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"/api/v1/stations/bulk"), BULK),
    (re.compile(r"/api/v1/requests/[^/]+/(messages|answer|files)"), FILES),
)
"""The paths that take more, each with its bytes; the front machine passes on as much as any of them."""
_LENGTH = re.compile(r"[0-9]{1,18}")
_CLOSED = re.compile(r"/+_stcore/+(metrics|script-health-check)/*")
"""Streamlit's figures about memory and sessions, and an address that runs a page for everybody who asks."""


class _TooLarge(Exception):
    """More was sent than may be."""


def limit_of(path: str) -> int:
    """Return how many bytes a request to a path may send."""
    return next((limit for pattern, limit in LARGER if pattern.fullmatch(path)), LIMIT)


class BodyLimit:
    """ASGI middleware that refuses a body by its length before reading it, and counts what is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may be."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if scope["path"].startswith(INTERFACE_PATHS) and is_unsafe_path_pattern(scope["path"].lstrip("/")):
            # Streamlit would refuse it too, in a form that no program reads.
            await (await run_in_threadpool(problem, spoken_to(request), 400))(scope, receive, send)
            return
        if _CLOSED.fullmatch(scope["path"]):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        if scope["path"].startswith(UPLOADS) and scope["method"] == "PUT":
            await self._app(scope, receive, send)
            return
        limit, length = limit_of(scope["path"]), request.headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > limit:
            await (await _too_large(request))(scope, receive, send)
            return
        left, watched = limit, WatchedSend(send)

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _TooLarge
            return message

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if not watched.begun:
                await (await _too_large(request))(scope, receive, send)


async def _too_large(request: Request) -> Response:
    if request.url.path.startswith(INTERFACE_PATHS):
        response: Response = await run_in_threadpool(problem, spoken_to(request), 413)
    else:
        response = await refused(request, HTTPException(413))
    response.headers["Connection"] = "close"  # the rest is not read
    return response
