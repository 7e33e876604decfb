"""The links of an answer, in its body and in its header ``Link`` (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from stations.notices.firm_address import public_url

ROOT = "/ogc"
JSON, GEOJSON, HTML, SCHEMA = "application/json", "application/geo+json", "text/html", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"

Link = dict[str, str]


def base_of(request: Request) -> str:
    """Return the address of the interface, without a slash at its end: below ``PUBLIC_URL``, or as it was asked for."""
    return (public_url() or f"{request.url.scheme}://{request.url.netloc}") + ROOT


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """Return a link as OGC API has it."""
    made = {"href": href, "rel": rel, "type": media_type}
    if title:
        made["title"] = title
    return made


def address(base: str, *parts: str, **parameters: Any) -> str:
    """Return the address of a resource; parameters that are empty are left out."""
    path = "/".join([base, *(quote(part, safe="") for part in parts)])
    return with_parameters(path, {name: value for name, value in parameters.items() if value})


def with_parameters(path: str, parameters: Mapping[str, Any]) -> str:
    """Return a path with parameters."""
    return f"{path}?{urlencode(parameters, safe=':/,', quote_via=quote)}" if parameters else path


def header_of(links: Iterable[Link]) -> dict[str, str]:
    """Return the header ``Link``."""
    return {"Link": ", ".join(f'<{one["href"]}>; rel="{one["rel"]}"; type="{_quoted(one["type"])}"' for one in links)}


def _quoted(text: str) -> str:
    return text.replace('"', "'")
