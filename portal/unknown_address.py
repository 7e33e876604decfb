"""Addresses that there are not: 404, as a page for people and as problem details for programs.

Streamlit answers whatever nobody else does with the document of a page. So this route, the last of ours, takes what
Streamlit itself would not know either.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send
from streamlit import file_util

from portal.api.inquiry import spoken_to
from portal.api.problem import problem
from portal.api.routes import INTERFACE_PATHS
from portal.navigation import ENTRIES
from portal.plain_page import plain_page

_FALLBACK = "static-assets"
"""The name of the route by which Streamlit serves its files, and its document in place of those that there are not."""
_DOCUMENT = "index.html"
_PAGES = frozenset(f"/{entry.name}" for entry in ENTRIES)


@cache
def _files() -> frozenset[str]:
    """Return the addresses of Streamlit's own files."""
    folder = Path(file_util.get_static_dir())
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return frozenset(f"/{name}" for name in files if name != _DOCUMENT)


class UnknownAddress(BaseRoute):
    """Matches the HTTP requests that no other route of the application takes."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether nothing of Streamlit's answers this address."""
        if scope["type"] != "http" or scope["path"] in _files():
            return Match.NONE, {}
        others = (one for one in scope["app"].routes if one is not self and getattr(one, "name", "") != _FALLBACK)
        if any(one.matches(scope)[0] is not Match.NONE for one in others):
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer that there is nothing; a page's address with a slash at its end leads to the page."""
        request = Request(scope)
        bare = scope["path"].rstrip("/")
        if bare in _PAGES and scope["method"] in {"GET", "HEAD"}:
            query = f"?{request.url.query}" if request.url.query else ""
            await RedirectResponse(bare + query, 308)(scope, receive, send)
            return
        await (await run_in_threadpool(_nothing_here, request))(scope, receive, send)


def _nothing_here(request: Request) -> Response:
    accepted = request.headers.get("accept", "")
    # The router lets no mount match a path with a line break in it.
    of_interface = request.url.path.startswith(INTERFACE_PATHS)
    if of_interface or ("json" in accepted and "html" not in accepted):
        return problem(spoken_to(request), 404)
    return plain_page(request, "not_found.html", 404)


routes: list[BaseRoute] = [UnknownAddress()]
