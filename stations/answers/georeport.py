"""Services and requests in the shapes of Open311 GeoReport v2."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from stations.catalogue.service import Service
from stations.language import CHINA_TIME, N_, Language, label
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL, State

CLOSED = frozenset(state for state in State if state in FINAL or state.facts.done)
"""States that the standard calls closed: nothing is left to be done."""
STATES = {"open": frozenset(State) - CLOSED, "closed": CLOSED}


def service_as_data(service: Service, language: Language) -> dict[str, Any]:
    """Return a service of the catalogue; its ``group`` must be loaded."""
    return {
        "service_code": service.code,
        "service_name": language.pick(service.name_zh, service.name_en),
        "description": language.pick(service.performer_zh, service.performer_en) or None,
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in service.keywords) or None,
        "group": language.pick(service.parent.name_zh, service.parent.name_en) if service.parent else None,
    }


def request_as_data(request: ServiceRequest, language: Language, *, own: bool) -> dict[str, Any]:
    """Return a request. ``own``: to its firm, with what it wrote and its place; to others only where its county is."""
    first = request.items[0].service
    due = [item.due_on for item in request.items if item.due_on and not item.delivered_at]
    expected = max(due, default=request.due_on)
    place = request.place if own else (request.county.lon, request.county.lat)
    names = [language.pick(item.service.name_zh, item.service.name_en) for item in request.items]
    described = "\n".join(filter(None, (request.product, request.description))) if own else language.comma.join(names)
    return {
        "service_request_id": request.number,
        "status": "closed" if request.state in CLOSED else "open",
        "status_notes": label(language, request.state),
        "service_name": language.pick(first.name_zh, first.name_en),
        "service_code": first.code,
        "description": described[:_DESCRIPTION_LIMIT],
        "agency_responsible": language.pick(request.station.name, request.station.name_en),
        "service_notice": language.translate(SAMPLE) if request.sample else None,
        "requested_datetime": _instant(request.created_at),
        "updated_datetime": _instant(request.updated_at),
        "expected_datetime": _instant(datetime.combine(expected, time(23, 59, 59), CHINA_TIME)) if expected else None,
        "address": language.pick(request.county.name, request.county.name_en),
        "address_id": request.county_adcode,
        "zipcode": None,
        "lat": place[1],
        "long": place[0],
        "media_url": None,
    }


SAMPLE = N_("Sample (invented) record: nobody answers for real.")
_DESCRIPTION_LIMIT = 4000
"""Characters, by the standard."""


def _instant(at: datetime) -> str:
    return at.astimezone(CHINA_TIME).isoformat(timespec="seconds")
