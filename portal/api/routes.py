"""The addresses of all interfaces for programs."""

from __future__ import annotations

import re

from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.api.documentation import documentation_routes
from portal.api.downloads import interface as downloads
from portal.api.downloads import page as downloads_page
from portal.api.embed import pages as embed
from portal.api.hsds import interface as hsds
from portal.api.interface import Interface, described
from portal.api.landing import landing_routes
from portal.api.ogc import interface as ogc
from portal.api.ogc.links import ROOT as OGC
from portal.api.open311 import interface as open311
from portal.api.v1 import interface as v1
from stations.language import N_

INTERFACES = (
    described(
        "/api/v1",
        v1.api,
        N_("Questions about coverage, stations and plans"),
        N_("What pages and commands answer, as JSON, CSV or Excel, and the life of a request."),
    ),
    Interface(
        OGC,
        N_("Features for GIS programs (OGC API – Features)"),
        N_("Counties with their coverage, stations, centres and towns, for QGIS and other map programs."),
        f"{OGC}/api",
        f"{OGC}/api?f=html",
    ),
    described(
        "/open311",
        open311.api,
        N_("Requests in the shapes of Open311 (GeoReport v2)"),
        N_("The services that can be asked for, filing a request and following it, as JSON and XML."),
    ),
    described(
        "/downloads",
        downloads.api,
        N_("Open data as files"),
        N_("The registers and the coverage as CSV, Excel, GeoJSON, GeoPackage and GeoParquet, and their catalogue."),
    ),
    described(
        "/hsds",
        hsds.api,
        N_("Directory of services (HSDS of Open Referral)"),
        N_("Who runs the stations, where they are, and what each offers, in the form of other directories."),
    ),
)
"""Each is listed at ``/api``, and tried by the tests with requests that its OpenAPI document describes."""

INTERFACE_PATHS = ("/api/", *(f"{one.path}/" for one in INTERFACES))
"""What is below these is answered in the forms of programs."""

routes: list[BaseRoute] = [
    *documentation_routes(INTERFACES),
    Mount("/api/v1", v1.api),
    *ogc.routes,
    Mount("/open311", open311.api),
    *landing_routes(INTERFACES),
    *downloads_page.routes,
    *embed.routes,
    *hsds.routes,
]
for _mount in routes:
    if isinstance(_mount, Mount):  # by default a path with a line break lies under no mount, and gets a page's answer
        _mount.path_regex = re.compile(_mount.path_regex.pattern, re.DOTALL)


class InterfacesFirst:
    """ASGI middleware that answers what is below the addresses of the interfaces, past what only pages need."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._interfaces = Router(routes, default=app, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        to_interface = scope["type"] == "http" and scope["path"].startswith(INTERFACE_PATHS)
        await (self._interfaces if to_interface else self._app)(scope, receive, send)
