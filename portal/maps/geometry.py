"""The outlines of the counties as a resource: sent once, compressed, then cached by the browser.

``/geo/counties-<fingerprint>.geojson?crs=wgs84|gcj02|bd09``. The fingerprint is that of the content, so a response
never becomes stale; an old address redirects to the current one.
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
from portal.assets import CACHE_FOR_EVER, fingerprint


@dataclass(frozen=True)
class _Geometry:
    content: bytes
    compressed: bytes
    fingerprint: str


@cache
def _geometry(crs: str) -> _Geometry:
    content = county_layer().map_geojson(crs)
    return _Geometry(content, gzip.compress(content, 9, mtime=0), fingerprint(content))


def geometry_url(crs: str = "wgs84") -> str:
    """Return the address of the county outlines in ``crs`` (GeoJSON, one feature per county, ``properties.adcode``)."""
    return f"/geo/counties-{_geometry(crs).fingerprint}.geojson?crs={crs}"


def _counties(request: Request) -> Response:
    crs = request.query_params.get("crs", "wgs84")
    if crs not in CRS:
        raise HTTPException(400, f"crs is one of {', '.join(CRS)}")
    geometry = _geometry(crs)
    if request.path_params["fingerprint"] != geometry.fingerprint:
        return RedirectResponse(geometry_url(crs), status_code=307, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": CACHE_FOR_EVER, "Vary": "Accept-Encoding"}
    content = geometry.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = geometry.compressed, "gzip"
    return Response(content, media_type="application/geo+json", headers=headers)


routes: list[BaseRoute] = [Route("/geo/counties-{fingerprint}.geojson", _counties)]
