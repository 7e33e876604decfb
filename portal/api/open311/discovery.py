"""Service discovery: which versions of Open311 there are, and where."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from portal.api.open311.parameters import Form, Ignored, answers
from portal.api.open311.rendering import render
from portal.api.strict_route import StrictRoute
from portal.publisher import publisher
from stations.notices.firm_address import public_url

CHANGED = "2026-11-30T00:00:00Z"
"""When the addresses or shapes last changed."""
_SHAPE = {"type": "object", "required": ["changeset", "contact", "key_service", "endpoints"]}

router = APIRouter(route_class=StrictRoute, tags=["open311"])


@router.get("/discovery.{form}", operation_id="discoverOpen311", response_class=Response, responses=answers(_SHAPE))
def get_discovery(request: Request, form: Form, _ignored: Ignored) -> Response:
    """Return the addresses of the interface, and whom to ask about it. 接口地址及联系方式。"""
    base = public_url() or str(request.base_url).rstrip("/").removesuffix("/open311")
    told = publisher()
    content = {
        "changeset": CHANGED,
        "contact": " ".join(filter(None, (told.name, told.hotline, told.email))) or base,
        "key_service": f"{base}/interface_keys",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": f"{base}/open311/v2",
                "changeset": CHANGED,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return render("discovery", content, form)
