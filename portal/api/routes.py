"""The addresses of all interfaces for programs."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from portal.api.ogc import interface as ogc
from portal.api.v1 import interface as v1

routes: list[BaseRoute] = [Mount("/api/v1", v1.api), *ogc.routes]
