"""The documents about the interface and its collections, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.api.ogc.asking import Asking
from portal.api.ogc.conformance import CONFORMS_TO
from portal.api.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Link, address, link
from stations.features.collection import Collection
from stations.features.filter_values import GEOMETRY
from stations.features.reference_systems import CRS84, REFERENCE_SYSTEMS
from stations.features.snapshot import Box
from stations.language import N_
from stations.province import portal_title

_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_GEOMETRY_FORMAT = {"MultiPolygon": "geometry-multipolygon", "Point": "geometry-point"}

TITLE = N_("{portal}: features for GIS programs")
DESCRIPTION = N_(
    "Counties with their coverage, service stations, centres and towns by OGC API – Features, for QGIS, ArcGIS, GDAL "
    "and other programs."
)


def title_of(asked: Asking) -> str:
    """Return the title of the interface."""
    return asked.language.translate(TITLE, portal=asked.language.pick(*portal_title()))


def both_forms(asked: Asking, media_type: str, *path: str, **parameters: str) -> list[Link]:
    """Return the links of a document to itself and to its other form."""
    say = asked.language.translate
    forms = {"json": (media_type, say(N_("This document as JSON"))), "html": (HTML, say(N_("This document as a page")))}
    return [
        link(
            address(asked.base, *path, **{**asked.carried, **parameters, "f": form}),
            "self" if form == asked.form else "alternate",
            kind,
            title,
        )
        for form, (kind, title) in forms.items()
    ]


def landing(asked: Asking) -> dict[str, Any]:
    """Return the landing page."""
    say, to = asked.language.translate, asked.carried
    links = [
        *both_forms(asked, JSON, ""),
        link(address(asked.base, "api", **to, f="json"), "service-desc", OPENAPI, say(N_("OpenAPI document"))),
        link(address(asked.base, "api", **to, f="html"), "service-doc", HTML, say(N_("The parameters explained"))),
        link(address(asked.base, "conformance", **to), "conformance", JSON, say(N_("What of the standard is met"))),
        link(address(asked.base, "collections", **to), "data", JSON, say(N_("The collections"))),
    ]
    links.append({**links[-2], "rel": f"{_REL}conformance"})
    links.append({**links[-2], "rel": f"{_REL}data"})
    return {"title": title_of(asked), "description": say(DESCRIPTION), "links": links}


def conformance(asked: Asking) -> dict[str, Any]:
    """Return the classes of requirements that are met."""
    return {"conformsTo": list(CONFORMS_TO), "links": both_forms(asked, JSON, "conformance")}


def collections(asked: Asking, described: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the list of collections."""
    return {
        "title": title_of(asked),
        "crs": [system.uri for system in REFERENCE_SYSTEMS],
        "links": both_forms(asked, JSON, "collections"),
        "collections": list(described),
    }


def collection(asked: Asking, one: Collection[Any], bounds: Box | None, first_day: date | None) -> dict[str, Any]:
    """Return the description of a collection. ``bounds``: of its features; ``first_day``: known of any of them."""
    say, to = asked.language.translate, asked.carried
    here = ("collections", one.id)
    items = {form: address(asked.base, *here, "items", **to, f=form) for form in ("json", "html")}
    extent: dict[str, Any] = {}
    if bounds is not None:
        extent["spatial"] = {"bbox": [list(bounds)], "crs": CRS84.uri}
    if one.dated:
        start = None if first_day is None else f"{first_day.isoformat()}T00:00:00Z"
        extent["temporal"] = {
            "interval": [[start, None]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return {
        "id": one.id,
        "title": say(one.title),
        "description": say(one.description),
        "extent": extent,
        "itemType": "feature",
        "crs": [system.uri for system in REFERENCE_SYSTEMS],
        "storageCrs": CRS84.uri,
        "links": [
            *both_forms(asked, JSON, *here),
            link(items["json"], "items", GEOJSON, say(N_("Its features as GeoJSON"))),
            link(items["html"], "items", HTML, say(N_("Its features as a page"))),
            link(
                address(asked.base, *here, "queryables", **to),
                f"{_REL}queryables",
                SCHEMA,
                say(N_("Properties to filter by")),
            ),
            link(
                address(asked.base, *here, "schema", **to),
                f"{_REL}schema",
                SCHEMA,
                say(N_("Schema of its features")),
            ),
        ],
    }


def described(asked: Asking, one: Collection[Any], *path: str) -> dict[str, Any]:
    """Return the JSON schema of a collection's properties: what can be filtered by is all that features have."""
    properties: dict[str, Any] = {name.name: name.schema(asked.language) for name in one.properties}
    properties[GEOMETRY] = {
        "title": asked.language.translate(N_("Place")),
        "format": _GEOMETRY_FORMAT[one.geometry],
        "x-ogc-role": "primary-geometry",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address(asked.base, "collections", one.id, *path),
        "type": "object",
        "title": asked.language.translate(one.title),
        "properties": properties,
        "additionalProperties": False,
    }

