"""oEmbed 1.0 (https://oembed.com): which small page stands for a page of ours that another site has a link to."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portal.api.inquiry import spoken_to
from portal.api.problem import problem
from portal.embeddable import SMALLEST, WIDEST, embeddable
from portal.own_address import own_address
from stations.errors import InvalidInput
from stations.language import N_
from stations.province import portal_title
from stations.readers.numbers import read_whole_number

CACHE_S = 3600
MOST_PIXELS = 100_000


def _pixels(name: str, written: str | None, otherwise: int) -> int:
    return read_whole_number(name, written, 1, MOST_PIXELS) if written else otherwise


def oembed(request: Request) -> Response:
    """Answer which small page stands for the page at ``url``."""
    query, spoken, base = request.query_params, spoken_to(request), own_address(request)
    form = query.get("format", "json")
    if form not in {"json", "xml"}:
        return problem(spoken, 501)
    try:
        most_wide = _pixels("maxwidth", query.get("maxwidth"), 600)
        most_high = _pixels("maxheight", query.get("maxheight"), 0)
    except InvalidInput as error:
        told = spoken.translate(error.message, **error.params)
        return problem(spoken, 400, told, errors=[{"in": "query", "name": error.field, "detail": told}])
    found = embeddable(query.get("url", ""), base)
    if found is None:
        told = spoken.translate(N_("“url” is not a page of this portal that can be embedded"))
        return problem(spoken, 404, told, errors=[{"in": "query", "name": "url", "detail": told}])
    one, parameters = found
    width = max(SMALLEST, min(most_wide, WIDEST))
    answer: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": spoken.translate(one.title),
        "provider_name": spoken.pick(*portal_title()),
        "provider_url": f"{base}/",
        "cache_age": CACHE_S,
        "width": width,
        "height": min(one.height(width), most_high) if most_high else one.height(width),
        "html": one.code(base, parameters, spoken, width, most_high),
    }
    headers = {
        "Cache-Control": f"public, max-age={CACHE_S}",
        "Vary": "Accept-Language",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if form == "json":
        return JSONResponse(answer, headers=headers)
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = str(value)
    return Response(
        tostring(root, encoding="utf-8", xml_declaration=True), headers=headers, media_type="text/xml; charset=utf-8"
    )
