"""What is noted of every request: its reference, how it was answered, and how long that took.

The reference is in the header ``X-Request-ID`` of the answer, in every line logged meanwhile, and on the page that
tells of a failure. A path may hold a tracking number, so the log has the class of the path.
"""

from __future__ import annotations

import logging
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.metrics import WEBSOCKETS, count_answer, refuses_upload, route_class
from stations.reference import begin_reference
from stations.security_events import EventKind, tally

HEADER = "X-Request-ID"
_QUIET = frozenset({"asset", "stream", "watch"})
"""Classes whose answers are not logged while they succeed."""
_log = logging.getLogger("portal.answers")


class AnswerWatch:
    """ASGI middleware; the outermost, so that it sees what the others answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under a reference."""
        if scope["type"] == "websocket":
            begin_reference()
            with WEBSOCKETS.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reference, began, status = begin_reference(), perf_counter(), 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = reference
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        finally:
            _note(scope["path"], scope["method"], status, perf_counter() - began)


def _note(path: str, method: str, status: int, seconds: float) -> None:
    count_answer(path, method, status, seconds)
    route = route_class(path)
    if refuses_upload(route, status):
        tally.add(EventKind.UPLOADS_REFUSED)
    elif status == 403 and method == "POST":
        tally.add(EventKind.FOREIGN_FORMS)
    if route in _QUIET and status < 400:
        return
    fields = {"route": route, "method": method, "status": status, "milliseconds": round(seconds * 1000)}
    _log.info("%s %s %s in %d ms", method, route, status, fields["milliseconds"], extra={"fields": fields})
