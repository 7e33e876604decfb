"""``/api``: every interface for programs, with where it is described; as JSON for programs, as a page for people."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from portal.api.inquiry import spoken_to
from portal.api.interface import Interface
from portal.api.problem import problem
from portal.plain_page import plain_page
from stations.province import portal_title

OPENAPI = "application/vnd.oai.openapi+json"


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks."""
    return "text/html" in request.headers.get("accept", "")


def landing_routes(interfaces: Sequence[Interface]) -> list[BaseRoute]:
    """Return the routes of ``/api``, and of what is below it and of no interface."""

    def landing(request: Request) -> Response:
        if wants_page(request):
            response: Response = plain_page(request, "interfaces.html", interfaces=interfaces)
        else:
            response = JSONResponse(_listed(request, interfaces))
        response.headers["Vary"] = "Accept, Accept-Language, Cookie"
        return response

    async def nothing(request: Request) -> Response:
        return await run_in_threadpool(problem, spoken_to(request), 404)

    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [Route("/api", landing), Route("/api/", landing), Route("/api/{rest:path}", nothing, methods=every)]


def _listed(request: Request, interfaces: Sequence[Interface]) -> dict[str, object]:
    say = spoken_to(request)
    base = str(request.base_url).rstrip("/")
    return {
        "title": say.pick(*portal_title()),
        "interfaces": [
            {
                "title": say.translate(one.title),
                "description": say.translate(one.told),
                "href": base + one.path,
                "links": [
                    {"rel": "service-desc", "type": OPENAPI, "href": base + one.specification},
                    {"rel": "service-doc", "type": "text/html", "href": base + one.documentation},
                ],
            }
            for one in interfaces
        ],
    }
