"""The addresses of all interfaces for programs."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from portal.api.documentation import documentation_route
from portal.api.interface import Interface
from portal.api.landing import landing_routes
from portal.api.v1 import interface as v1
from stations.language import N_

INTERFACES = (
    Interface(
        "/api/v1",
        v1.api,
        N_("Questions about coverage, stations and plans"),
        N_("What pages and commands answer, as JSON, CSV or Excel, and the life of a request."),
    ),
)
"""Each is listed at ``/api``, has its page of documentation, and is tried by the tests with what it describes."""

routes: list[BaseRoute] = [
    *(documentation_route(one) for one in INTERFACES),
    *(Mount(one.path, one.api) for one in INTERFACES),
    *landing_routes(INTERFACES),
]
