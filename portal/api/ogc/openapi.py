"""The OpenAPI 3.0 document of the interface, written from the tables of parameters and collections.

Descriptions are in English and Chinese beside each other, whatever is asked for: programs are written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from portal import language
from portal.api.ogc import documents
from portal.api.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from portal.api.ogc.parameters import COMMON, CRS, DATETIME, ITEMS, SAMPLE, Parameter
from portal.api.problem import MEDIA_TYPE as PROBLEM
from stations.features.collection import Collection
from stations.features.collections import COLLECTIONS
from stations.features.properties import Kind, Property
from stations.language import LANGUAGES, N_
from stations.province import portal_title

VERSION = "1.0.0"
_ERRORS = {"400": N_("A parameter can't be used; the answer names it."), "404": N_("There is no such resource.")}


def both(message: str) -> str:
    """Return a message in every language, the first one first."""
    english, *others = sorted(LANGUAGES, key=lambda code: code != "en")
    return " / ".join(language.speak(code).translate(message) for code in (english, *others))


@cache
def document(base: str) -> dict[str, Any]:
    """Return the document of the interface at an address."""
    paths: dict[str, Any] = {
        "/": _get("getLandingPage", N_("Landing page"), {JSON: {}, HTML: {}}),
        "/conformance": _get("getConformance", N_("What of the standard is met"), {JSON: {}, HTML: {}}),
        "/api": _get("getApi", N_("OpenAPI document"), {OPENAPI: {}, HTML: {}}),
        "/collections": _get("getCollections", N_("The collections"), {JSON: {}, HTML: {}}, [SAMPLE]),
    }
    for one in COLLECTIONS.values():
        paths.update(_of_collection(one))
    zh, en = portal_title()
    return {
        "openapi": "3.0.3",
        "info": {
            "title": language.speak("en").translate(documents.TITLE, portal=en),
            "description": both(documents.DESCRIPTION) + f" ({zh})",
            "version": VERSION,
        },
        "servers": [{"url": base}],
        "tags": [{"name": one.id, "description": both(one.title)} for one in COLLECTIONS.values()],
        "paths": paths,
        "components": {
            "parameters": {one.name: _parameter(one) for one in (*COMMON, SAMPLE, CRS, DATETIME, *ITEMS)},
            "schemas": {"problem": _PROBLEM, "links": _LINKS},
            "responses": {
                code: {"description": both(told), "content": {PROBLEM: _SCHEMA_OF_PROBLEM}}
                for code, told in _ERRORS.items()
            },
        },
    }


_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reference": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {name: {"type": "string"} for name in ("in", "name", "detail")},
            },
        },
    },
}
_SCHEMA_OF_PROBLEM = {"schema": {"$ref": "#/components/schemas/problem"}}
_LINKS: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
}


def _of_collection(one: Collection[Any]) -> dict[str, Any]:
    path, name = f"/collections/{one.id}", one.id.capitalize()
    tag = one.id
    days = [DATETIME] if one.dated else []
    feature = {"schema": _feature(one)}
    identifier = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": both(N_("Identifier of the feature")),
        "schema": {"type": "string"},
    }
    named = [_by_property(each) for each in one.properties if each.name != "sample"]
    described = _get(f"describe{name}", one.description, {JSON: {}, HTML: {}}, [SAMPLE], tag=tag)
    queryables = _get(f"get{name}Queryables", N_("Properties to filter by"), {SCHEMA: {}, HTML: {}}, tag=tag)
    schema = _get(f"get{name}Schema", N_("Schema of its features"), {SCHEMA: {}, HTML: {}}, tag=tag)
    items = _get(
        f"get{name}",
        one.title,
        {GEOJSON: {"schema": _features(one)}, HTML: {}},
        [SAMPLE, CRS, *days, *ITEMS],
        further=named,
        tag=tag,
    )
    item = _get(
        f"get{name}Feature",
        one.title,
        {GEOJSON: feature, HTML: {}},
        [SAMPLE, CRS, *days],
        further=[identifier],
        tag=tag,
        errors=("400", "404"),
    )
    return {
        path: described,
        f"{path}/queryables": queryables,
        f"{path}/schema": schema,
        f"{path}/items": items,
        f"{path}/items/{{featureId}}": item,
    }


def _get(
    operation: str,
    summary: str,
    content: Mapping[str, Any],
    parameters: Iterable[Parameter] = (),
    *,
    further: Iterable[Mapping[str, Any]] = (),
    tag: str = "",
    errors: Iterable[str] = ("400",),
) -> dict[str, Any]:
    forms = {form: one or {"schema": {"type": "string" if form == HTML else "object"}} for form, one in content.items()}
    described: dict[str, Any] = {
        "operationId": operation,
        "summary": both(summary),
        "parameters": [
            *further,
            *({"$ref": f"#/components/parameters/{one.name}"} for one in (*COMMON, *parameters)),
        ],
        "responses": {
            "200": {"description": both(summary), "content": forms},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in errors},
        },
    }
    if tag:
        described["tags"] = [tag]
    return {"get": described}


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "description": both(one.description),
        "required": False,
        "schema": dict(one.schema),
        **one.more,
    }


def _by_property(one: Property[Any]) -> dict[str, Any]:
    schema = _BY_KIND.get(one.kind, {"type": "string"})
    return {
        "name": one.name,
        "in": "query",
        "description": both(one.title),
        "required": False,
        "schema": {**schema, "enum": list(one.choices)} if one.choices else schema,
    }


_BY_KIND: Mapping[Kind, Mapping[str, Any]] = {
    Kind.WHOLE: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
}


def _feature(one: Collection[Any]) -> dict[str, Any]:
    english = language.speak("en")
    properties = {each.name: {**each.schema(english), "title": both(each.title)} for each in one.properties}
    for schema in properties.values():
        schema["nullable"] = True
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    geometry = {
        "type": "object",
        "nullable": True,
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": [one.geometry]},
            "coordinates": {"type": "array", "items": {}},
        },
    }
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": geometry,
            "properties": {"type": "object", "properties": properties},
            "links": {"$ref": "#/components/schemas/links"},
        },
    }


def _features(one: Collection[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": _feature(one)},
            "links": {"$ref": "#/components/schemas/links"},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    }
