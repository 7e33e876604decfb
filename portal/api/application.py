"""What every HTTP interface has in common: strict parameters, problem details, HEAD, and compression."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, get_args, get_origin

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.openapi import Examples, describe_truly
from portal.api.problem import answer_with_problems, of_failure
from portal.api.rate_limit import RateLimit
from portal.failure import Failures

COMPRESS_FROM = 1000
"""Bytes; a shorter answer is sent as it is."""
EXPOSED = (
    *("ETag", "Idempotent-Replayed", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"),
    *("X-Request-Code", "X-Request-ID"),
)
"""The headers that a script of another site may read."""

NONE: Examples = {}


class StrictRoute(APIRoute):
    """A route that refuses parameters it does not know, or gets twice, so that a misspelt filter never answers for
    everything; and NUL, which not every database can be asked about.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the check before it."""
        handle = super().get_route_handler()
        several = {each.alias: _takes_several(each.field_info.annotation) for each in _query_parameters(self)}

        async def strict(request: Request) -> Response:
            faults = [
                {"type": "unprintable", "loc": (place, name), "input": ""}
                for place, values in (("path", request.path_params), ("query", request.query_params))
                for name, value in values.items()
                if "\0" in str(value)
            ]
            for name, value in request.query_params.items():
                if name not in several and not self.takes_any:
                    faults.append({"type": "extra_forbidden", "loc": ("query", name), "input": value})
                elif not several.get(name, True) and len(request.query_params.getlist(name)) > 1:
                    faults.append({"type": "given_twice", "loc": ("query", name), "input": value})
            if faults:
                raise RequestValidationError(faults)
            return await handle(request)

        return strict

    @property
    def takes_any(self) -> bool:
        """Whether further parameters are read by the route itself."""
        return bool((self.openapi_extra or {}).get("x-further-parameters"))


def _query_parameters(route: APIRoute) -> list[Any]:
    found, waiting = [], [route.dependant]
    while waiting:
        one = waiting.pop()
        found.extend(one.query_params)
        waiting.extend(one.dependencies)
    return found


def _takes_several(annotation: Any) -> bool:
    """Whether a parameter of this type may be repeated."""
    return get_origin(annotation) is list or any(get_origin(one) is list for one in get_args(annotation))


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
