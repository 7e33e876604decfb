"""A request as the system of an office works on it: what its key may read of it, and what can be done next."""

from __future__ import annotations

from typing import Any

from stations.answers.own_request import own_request
from stations.registry.nearest_stations import FoundStation
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import ShownRequest
from stations.requests.states import Party


def listed_request(request: ServiceRequest) -> dict[str, Any]:
    """Return what a list says of a request: nothing about people."""
    return {
        "number": request.number,
        "state": request.state.value,
        "version": request.version,
        "station": request.station.code,
        "county": request.county_adcode,
        "services": [item.service_code for item in request.items],
        "filed_at": request.created_at.isoformat(),
        "updated_at": request.updated_at.isoformat(),
        "due_on": request.due_on.isoformat() if request.due_on else None,
        "sample": request.sample,
        "link": link_of(request),
    }


def link_of(request: ServiceRequest) -> str:
    """Return the address at which the system of an office reads a request."""
    return f"/api/v1/desk/requests/{request.number}"


def desk_request(request: ServiceRequest, shown: ShownRequest) -> dict[str, Any]:
    """Return a whole request; ``shown``: as its reader may see it."""
    whole = own_request(shown, (), None)
    del whole["files"], whole["rating"], whole["consent"]
    return {**listed_request(request), **whole, "steps": steps_since(request, 0), "possible": possible_moves(request)}


def steps_since(request: ServiceRequest, version: int) -> list[dict[str, Any]]:
    """Return the steps after a version of a request, each with the version that it made."""
    first = request.version - len(request.events)
    return [
        {
            "version": first + number,
            "at": event.at.isoformat(),
            "by": event.party.value,
            "key": event.actor.startswith("key:"),
            "move": event.move.value if event.move else None,
            "service": event.item.service_code if event.item else None,
            "state": event.target.value,
        }
        for number, event in enumerate(request.events, start=1)
        if first + number > version
    ]


def possible_moves(request: ServiceRequest) -> list[str]:
    """Return the moves that a station can make now: by themselves, or handing the request over."""
    return [
        move.name.value
        for move in MOVES.values()
        if (move.alone or move.name is MoveName.TRANSFER)
        and Party.STATION in move.parties
        and request.state in move.sources
    ]


def taker_data(found: FoundStation) -> dict[str, Any]:
    """Return a station that could take a request over, with its distance from the firm."""
    return {
        "code": found.station.code,
        "name": found.station.name,
        "county": found.station.county_adcode,
        "distance_m": None if found.told_m is None else round(found.told_m),
    }
