"""The addresses of all interfaces for programs."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from portal.api.downloads import page as downloads
from portal.api.embed import pages as embed
from portal.api.hsds import interface as hsds
from portal.api.ogc import interface as ogc
from portal.api.v1 import interface as v1

routes: list[BaseRoute] = [
    Mount("/api/v1", v1.api),
    *ogc.routes,
    *downloads.routes,
    *embed.routes,
    *hsds.routes,
]
