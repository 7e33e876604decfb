"""The layers of a map as resources: sent once, compressed, then cached by the browser.

``/geo/counties-<fingerprint>.geojson?crs=wgs84|gcj02|bd09``; ``/geo/surroundings-<fingerprint>.geojson``, always in
WGS-84. The fingerprint is that of the content, so a response never becomes stale; an old address redirects to the
current one.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from geo.coordinates import CRS
from geo.counties import county_layer
from geo.surroundings import surroundings_geojson
from portal.assets import CACHE_FOR_EVER, fingerprint


@dataclass(frozen=True)
class Geometry:
    """The content of an address, plain and compressed, and its fingerprint."""

    content: bytes
    compressed: bytes
    fingerprint: str


@cache
def _counties(crs: str) -> Geometry:
    return packed(county_layer().map_geojson(crs))


@cache
def _surroundings() -> Geometry:
    return packed(surroundings_geojson())


def packed(content: bytes) -> Geometry:
    """Return content ready to be sent."""
    return Geometry(content, gzip.compress(content, 9, mtime=0), fingerprint(content))


def geometry_url(crs: str = "wgs84") -> str:
    """Return the address of the county outlines in ``crs`` (GeoJSON, one feature per county, ``properties.adcode``)."""
    return f"/geo/counties-{_counties(crs).fingerprint}.geojson?crs={crs}"


def surroundings_url() -> str:
    """Return the address of what lies around and above the counties (GeoJSON, see ``geo.surroundings``)."""
    return f"/geo/surroundings-{_surroundings().fingerprint}.geojson"


def _send_counties(request: Request) -> Response:
    crs = request.query_params.get("crs", "wgs84")
    if crs not in CRS:
        raise HTTPException(400, f"crs is one of {', '.join(CRS)}")
    return send(request, _counties(crs), geometry_url(crs))


def _send_surroundings(request: Request) -> Response:
    return send(request, _surroundings(), surroundings_url())


def send(request: Request, geometry: Geometry, current: str) -> Response:
    """Return the response with a geometry; where another fingerprint was asked for, one that leads to ``current``."""
    if request.path_params["fingerprint"] != geometry.fingerprint:
        return RedirectResponse(current, status_code=307, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": CACHE_FOR_EVER, "Vary": "Accept-Encoding"}
    content = geometry.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = geometry.compressed, "gzip"
    return Response(content, media_type="application/geo+json", headers=headers)


routes: list[BaseRoute] = [
    Route("/geo/counties-{fingerprint}.geojson", _send_counties),
    Route("/geo/surroundings-{fingerprint}.geojson", _send_surroundings),
]
