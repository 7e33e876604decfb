"""The addresses of all interfaces for programs."""

from __future__ import annotations

import re

from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from portal.api.ogc import interface as ogc
from portal.api.open311 import interface as open311
from portal.api.v1 import interface as v1


class Whole(Mount):
    """All that is below an address, whatever it is: Starlette's own leaves out what has a line break in it."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


routes: list[BaseRoute] = [
    Whole("/api/v1", v1.api),
    *ogc.routes,
    Whole("/open311/v2", open311.api),
    Whole("/open311", open311.directory),
]
