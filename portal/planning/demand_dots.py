"""The places of a demand layer as dots of a map, sent once and cached by the browser.

``/geo/demand-<fingerprint>.json?layer=grid&weights=population&samples=0&crs=wgs84``: a list of [longitude, latitude,
radius in pixels]; the area of a dot is in proportion to the demand there.
"""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import orjson
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo.coordinates import CRS, from_wgs84
from portal.language import _
from portal.maps.dots import Dots
from portal.maps.geometry import Geometry, packed, send
from portal.maps.standing_map import crs_of
from portal.settings import settings
from portal.storage import domain_settings, engine
from portal.theme import DOT_COLOUR
from stations.database import reading
from stations.errors import DomainError
from stations.planning.demand import DemandLayer, demand_of
from stations.registry.registry_snapshot import registry_snapshot

LARGEST, SMALLEST = 11.0, 0.7
"""Radius in pixels of the place with most demand, and the least."""


def demand_dots(session: Session, layer: str, weighting: str, *, samples: bool) -> Dots | None:
    """Return the dots of a layer for a map; None for the counties, which are the map itself."""
    if layer == DemandLayer.COUNTIES:
        return None
    crs = crs_of(settings())
    return Dots(
        _url(_dots(session, layer, weighting, samples, crs), layer, weighting, samples, crs),
        DOT_COLOUR,
        _("Where the demand is counted; the larger, the more"),
    )


def _dots(session: Session, layer: str, weighting: str, samples: bool, crs: str) -> Geometry:
    def make() -> Geometry:
        places = demand_of(session, layer, weighting, samples=samples).places
        weights = np.array([one.weight for one in places])
        lons, lats = from_wgs84([one.lon for one in places], [one.lat for one in places], crs)
        radii = np.maximum(SMALLEST, LARGEST * np.sqrt(weights / weights.max()))
        table = np.column_stack([np.round(lons, 4), np.round(lats, 4), np.round(radii, 1)])
        return packed(orjson.dumps(table[radii.argsort()[::-1]], option=orjson.OPT_SERIALIZE_NUMPY))

    return registry_snapshot(session).remembered(("demand dots", layer, weighting, samples, crs), make)


def _url(dots: Geometry, layer: str, weighting: str, samples: bool, crs: str) -> str:
    asked = urlencode({"layer": layer, "weights": weighting, "samples": int(samples), "crs": crs})
    return f"/geo/demand-{dots.fingerprint}.json?{asked}"


def _send_dots(request: Request) -> Response:
    asked = request.query_params
    layer, weighting = asked.get("layer", ""), asked.get("weights", "")
    crs = asked.get("crs", "wgs84")
    samples = asked.get("samples") == "1" and domain_settings().samples
    if crs not in CRS:
        raise HTTPException(400, f"crs is one of {', '.join(CRS)}")
    try:
        with reading(engine()) as session:
            dots = _dots(session, layer, weighting, samples, crs)
    except DomainError as problem:
        raise HTTPException(404, "no such layer of demand, or nothing on file for it") from problem
    return send(request, dots, _url(dots, layer, weighting, samples, crs))


routes: list[BaseRoute] = [Route("/geo/demand-{fingerprint}.json", _send_dots)]
