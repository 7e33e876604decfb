"""Scripts and styles, all served by this server: nothing is fetched from other hosts.

``/assets/<package>/<file>`` serves the map libraries from their XStatic packages and our own files from
``portal/static``. ``asset_url`` adds a fingerprint of the file's content; an address with the current fingerprint is
cached for a year.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from xstatic.pkg import leaflet, leaflet_markercluster

from portal import theme

PACKAGES: dict[str, Path] = {
    "leaflet": Path(leaflet.BASE_DIR),
    "leaflet.markercluster": Path(leaflet_markercluster.BASE_DIR),
    "portal": Path(__file__).resolve().parent / "static",
}
THEME = "theme.css"
CACHE_FOR_EVER = "public, max-age=31536000, immutable"
CACHE_NEVER_UNASKED = "no-cache"


def fingerprint(content: bytes) -> str:
    """Return a short hash of the content: 16 hexadecimal digits of its SHA-256."""
    return sha256(content).hexdigest()[:16]


@cache
def _file_fingerprint(name: str) -> str:
    if name == THEME:
        return fingerprint(theme.style_sheet().encode())
    package, _, path = name.partition("/")
    return fingerprint((PACKAGES[package] / path).read_bytes())


def asset_url(name: str) -> str:
    """Return the address of an asset, such as ``leaflet/leaflet.js``, ``portal/portal.css`` or ``theme.css``.

    Raises:
        KeyError: the package is not one of ``PACKAGES``.
        FileNotFoundError: the package has no such file.
    """
    return f"/assets/{name}?v={_file_fingerprint(name)}"


class _Package(StaticFiles):
    """The files of one package, cached for a year if the address carries the current fingerprint."""

    def __init__(self, name: str, directory: Path) -> None:
        super().__init__(directory=directory)
        self._name = name

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        current = response.status_code in {200, 304} and asked == [_file_fingerprint(f"{self._name}/{path}")]
        response.headers["Cache-Control"] = CACHE_FOR_EVER if current else CACHE_NEVER_UNASKED
        return response


def _theme(request: Request) -> Response:
    current = request.query_params.get("v") == _file_fingerprint(THEME)
    return Response(
        theme.style_sheet(),
        media_type="text/css",
        headers={"Cache-Control": CACHE_FOR_EVER if current else CACHE_NEVER_UNASKED},
    )


def _unknown(request: Request) -> Response:
    """Answer 404 for an unknown package, which would otherwise be answered with the document of the pages."""
    raise HTTPException(404)


routes: list[BaseRoute] = [
    Route(f"/assets/{THEME}", _theme),
    *(Mount(f"/assets/{name}", app=_Package(name, directory)) for name, directory in PACKAGES.items()),
    Mount("/assets", routes=[Route("/{path:path}", _unknown)]),
]
