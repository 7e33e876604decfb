"""What programs send: every address of the interfaces with any parameters, keys, headers and bodies.

The addresses and the names of what they take are read from the interfaces' own OpenAPI documents, so a new one is tried
without a line here. Who sends has every right, or no key; how often they may ask is tested elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from portal.api import rate_limit
from portal.api.ogc.links import ROOT
from portal.api.ogc.openapi import document
from portal.api.routes import INTERFACES
from tests.fuzz.filters import filters
from tests.fuzz.target import Target, database
from tests.fuzz.texts import ANY_TEXT
from tests.fuzz.web import check
from tests.portal.api.partners import EVERYTHING, new_key

_METHODS = ("get", "put", "post", "delete")
_WORDS = """320583 320500 320000 S-3201-001 SAMPLE-S-001 metrology.calibration 120.98 31.38 120.98,31.38 119,31,121,33 0
1 -1 2 100 99999999999999999999 1e309 nan 2026-11-24 2026-11 2025-01-01/2026-01-01 ../2026-01-01 wgs84 gcj02 json csv
geojson xlsx html zh_CN en stations counties centres towns roads straight each all name -code true false
http://www.opengis.net/def/crs/EPSG/0/4326 http://www.opengis.net/def/crs/OGC/1.3/CRS84 active accept planned"""
WORDS = tuple(_WORDS.split())
_KEYS = ('"8e03978e-40d5-43e8-bc93-6894a57f9324"', "1f0e3dad99908345f7439f8ffabdffc4", '"short"', '"a\\"b"', "")
_PAGES = (
    ("/embed/coverage", ("lang", "county", "city", "theme", "sample", "width")),
    ("/embed/nearest", ("lang", "county", "lon", "lat", "sample")),
    ("/embed/station", ("lang", "code", "sample")),
    ("/oembed", ("url", "format", "maxwidth", "maxheight", "lang")),
)
"""What has no OpenAPI document: parts of other sites' pages."""
_ROW = "id code version name address county services source status settle chains place hours phone"
ROW = tuple(_ROW.split())
WRITES = frozenset({"idempotency_key"})
"""What a refused request may leave: that its key was seen."""


@dataclass(frozen=True)
class Operation:
    """An address with the names of its parameters and of the members of its body. ``kinds``: of the body."""

    method: str
    path: str
    parameters: tuple[str, ...]
    members: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def _operations(base: str, described: Mapping[str, Any]) -> list[Operation]:
    found = []
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            if method in _METHODS:
                asked = [_resolved(described, parameter) for parameter in one.get("parameters", ())]
                bodies = one.get("requestBody", {}).get("content", {})
                shapes = [_resolved(described, body["schema"]) for body in bodies.values()]
                members = {name for shape in shapes for name in shape.get("properties", {})}
                names = tuple(parameter["name"] for parameter in asked if parameter["in"] == "query")
                found.append(Operation(method.upper(), base + path, names, tuple(sorted(members)), tuple(bodies)))
    return found


def _resolved(described: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = described if "$ref" in one else one
    for step in one.get("$ref", "#").split("/")[1:]:
        found = found[step]
    return found  # type: ignore[no-any-return]


OPERATIONS = (
    *(operation for one in INTERFACES if one.api is not None for operation in _operations(one.path, one.api.openapi())),
    *_operations(ROOT, document(ROOT)),
    *(Operation("GET", path, names) for path, names in _PAGES),
)
_TEXT = ANY_TEXT.map(lambda text: text[:2000].encode("utf-8", "ignore").decode())
_WRITTEN = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), _TEXT)
_PLAIN = st.one_of(_WRITTEN, st.integers(), st.floats(), st.none(), st.booleans())


def _values(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Return what may stand for a member of a body: a plain value, a list, or members again."""
    name = st.one_of(st.sampled_from(names), st.text(max_size=3)) if names else st.text(max_size=3)
    return st.recursive(
        _PLAIN,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(name, inner, max_size=3)),
        max_leaves=4,
    )


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a station as a system writes it: mostly with what it needs, some of it odd."""
    right: dict[str, Any] = {
        "id": draw(st.sampled_from(["A-1", "A-2", "A-3"])),
        "name": "模糊测试小站",
        "address": "昆山市前进中路 8 号",
        "county": "昆山市",
        "services": ["metrology.calibration"],
        "source": "测试",
        "status": {"status": "active", "since": "2026-03"},
    }
    odd = draw(st.dictionaries(st.sampled_from(ROW), _values(ROW), max_size=3))
    return {**right, **odd} if draw(st.integers(0, 3)) else odd


@cache
def _bearer() -> str:
    return str(new_key(database(), *EVERYTHING, sample=True)["Authorization"])


@st.composite
def _headers(draw: st.DrawFn, kinds: tuple[str, ...]) -> dict[str, str]:
    headers = {"Accept-Language": draw(st.sampled_from(("zh-CN", "en"))), "Origin": "http://testserver"}
    headers["Content-Type"] = draw(st.sampled_from((*kinds * 3, "application/json", "text/plain", "")))
    if draw(st.integers(0, 2)):
        headers["Authorization"] = draw(st.sampled_from((*["the key"] * 5, "Bearer x", "Basic eA==")))
    odd = st.text(st.characters(max_codepoint=255), max_size=30)
    for name, values in (("Idempotency-Key", _KEYS), ("If-Match", ('"1"', "*", '"99"', "x"))):
        if draw(st.integers(0, 2)) == 0:
            headers[name] = draw(st.one_of(st.sampled_from(values), odd))
    return {name: "".join(sign for sign in value if sign.isprintable()) for name, value in headers.items()}


@st.composite
def _sent(draw: st.DrawFn, operation: Operation, body: bytes) -> dict[str, Any]:
    names = st.sampled_from((*operation.parameters, "no_such"))
    query = draw(st.dictionaries(names, _WRITTEN, max_size=4))
    if draw(st.integers(0, 3)):
        query.pop("no_such", None)
    if "filter" in operation.parameters and draw(st.booleans()):
        query["filter"], query["filter-lang"] = draw(filters())
    path = operation.path
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + quote(draw(_WRITTEN)[:200] or "x", safe="") + rest.partition("}")[2]
    return {
        "method": operation.method,
        "path": path,
        "query": urlencode(query, errors="replace").encode(),
        "body": body[:60_000],
        "headers": draw(_headers(operation.kinds)),
    }


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a request to any interface."""
    operation = draw(st.sampled_from(OPERATIONS))
    told = draw(st.dictionaries(st.sampled_from(operation.members or ("x",)), _values(operation.members), max_size=6))
    as_form = urlencode(told, errors="replace").encode()
    body = draw(st.one_of(st.sampled_from([json.dumps(told).encode(), as_form]), st.binary()))
    return draw(_sent(operation, body if operation.method in {"POST", "PUT"} else b""))


@st.composite
def bulk_changes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw many changes at once, as one body or a line each, under a key or not."""
    operation = next(one for one in OPERATIONS if one.path.endswith("/stations/bulk"))
    written = draw(st.lists(st.one_of(rows(), rows(), _values(ROW)), max_size=4))
    lines = "\n".join(map(json.dumps, written)).encode()
    whole = json.dumps({"rows": written}).encode()
    return draw(_sent(operation, draw(st.sampled_from([lines, whole, whole, json.dumps(written).encode()]))))


async def _without_limit(_request: object) -> rate_limit.Quota:
    return rate_limit.Quota("", None, None)


def _check(request: dict[str, Any]) -> None:
    headers = dict(request["headers"])
    if headers.get("Authorization") == "the key":
        headers["Authorization"] = _bearer()
    with patch.object(rate_limit, "quota_of", _without_limit):
        check({**request, "headers": headers}, WRITES)


PROGRAMS = [
    Target("requests of programs", requests(), _check, short=100),
    Target("bulk changes", bulk_changes(), _check, short=40),
]
