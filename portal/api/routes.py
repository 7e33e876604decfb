"""The addresses of all interfaces for programs."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from portal.api.ogc import interface as ogc
from portal.api.open311 import interface as open311
from portal.api.v1 import interface as v1

routes: list[BaseRoute] = [
    Mount("/api/v1", v1.api),
    *ogc.routes,
    Mount("/open311/v2", open311.api),
    Mount("/open311", open311.directory),
]
