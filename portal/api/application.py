"""What every HTTP interface has in common: strict routes, problem details, HEAD, and compression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.openapi import Examples, describe_truly
from portal.api.problem import answer_with_problems, of_failure
from portal.api.rate_limit import RateLimit
from portal.api.strict_route import StrictRoute
from portal.failure import Failures

COMPRESS_FROM = 1000
"""Bytes; a shorter answer is sent as it is."""
EXPOSED = (
    *("ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"),
    *("X-Request-Code", "X-Request-ID"),
)
"""The headers that a script of another site may read."""

NONE: Examples = {}


class HeadAsGet:
    """ASGI middleware that answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, without_body)


def create_api(
    title: str,
    version: str,
    description: str,
    *,
    root_path: str = "",
    examples: Examples = NONE,
    errors: Callable[[ASGIApp], ASGIApp] | None = None,
    **options: Any,
) -> FastAPI:
    """Return an interface without routes yet.

    ``title``, ``version``, ``description``: of its OpenAPI document. ``root_path``: where the interface is mounted.
    ``examples``: answers, by operation and language. ``errors``: ASGI middleware that gives problem details another
    shape, where a standard has its own. ``options``: of ``FastAPI``. Pages of documentation are our own
    (``portal.api.documentation``): FastAPI's load scripts from elsewhere.
    """
    api = FastAPI(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": root_path}] if root_path else None,
        root_path_in_servers=False,
        **options,
    )
    describe_truly(api, examples)
    api.router.route_class = StrictRoute
    api.router.redirect_slashes = False
    answer_with_problems(api)
    api.add_middleware(RateLimit)
    api.add_middleware(Failures, answer=of_failure)
    if errors is not None:
        api.add_middleware(errors)
    api.add_middleware(GZipMiddleware, minimum_size=COMPRESS_FROM)
    api.add_middleware(HeadAsGet)
    # Any site's script may ask: what a browser's cookies say counts for no interface.
    api.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=EXPOSED
    )
    return api
