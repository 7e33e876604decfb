"""Handing a request over to another station, with a reason that the firm can read.

The answering station hands it over; from then on the other station answers, and starts as with a new request. The first
station's arrangements (steward, institutions) end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.duty.roles import Action, Actor, signed_in
from stations.errors import InvalidInput
from stations.language import N_, day_in_china
from stations.registry.nearest_stations import FoundStation, missing_services, nearest_stations
from stations.registry.station import Station, Status, get_status
from stations.requests.answering_office import tell_office
from stations.requests.handling import hold_for_answer
from stations.requests.moves import MoveName, check_move
from stations.requests.routing_record import reroute
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.states import Party
from stations.requests.steps import take_step

CANDIDATES = 30


def transfer(
    session: Session,
    actor: Actor | None,
    number: str,
    station_code: str,
    *,
    version: int,
    note: str,
    now: datetime,
) -> ServiceRequest:
    """Hand a request over to the station with this code.

    Raises:
        NotFound, NotAllowed, Conflict: as for every step of a station.
        InvalidInput: no reason is given (field ``note``), or the station (field ``station_code``) does not exist, is
            the same, is not in operation today or does not offer every service. A sample request can go only to a
            sample station, and others only to stations that are not samples.
    """
    request = hold_for_answer(session, actor, number, version, Action.TRANSFER_REQUESTS)
    actor = signed_in(actor)
    check_move(MoveName.TRANSFER, Party.STATION, request.state, note)
    station = read_taker(session, request, request.items, station_code, day_in_china(now))
    reroute(session, request, station, day_in_china(now))
    for item in request.items:
        item.performer = None
    take_step(session, request, MoveName.TRANSFER, Party.STATION, actor.username, note, now, station=station)
    tell_office(session, request, now)
    return request


def stations_to_take(
    session: Session, request: ServiceRequest, today: date, items: Sequence[RequestItem] | None = None
) -> list[FoundStation]:
    """Return the stations that could take over the request, or some ``items`` of it, nearest to the firm first."""
    found = nearest_stations(
        session,
        *request.place,
        as_of=today,
        samples=request.sample,
        services=sorted({item.service_code for item in (request.items if items is None else items)}),
        k=CANDIDATES,
    )
    return [one for one in found if one.station.sample == request.sample and one.station.id != request.station_id]


def stations_to_take_all(session: Session, requests: Sequence[ServiceRequest], today: date) -> list[FoundStation]:
    """Return the stations that offer what all of these requests ask for, nearest to the first one's firm first; none
    for no requests, or for samples among others.
    """
    if not requests or len({request.sample for request in requests}) > 1:
        return []
    return stations_to_take(session, requests[0], today, [item for request in requests for item in request.items])


def read_taker(
    session: Session, request: ServiceRequest, items: Sequence[RequestItem], code: str, today: date
) -> Station:
    """Return the station with this code if it can take over these items of the request.

    Raises:
        InvalidInput: it can't (field ``station_code``), see ``transfer``.
    """
    station = session.scalar(select(Station).where(Station.code == code, Station.sample == request.sample))
    if station is None:
        raise InvalidInput("station_code", N_("Choose the station that is to take it over"))
    if station.id == request.station_id:
        raise InvalidInput("station_code", N_("“{name}” answers this request already"), name=station.name)
    if get_status(session, station, today) is not Status.ACTIVE:
        raise InvalidInput(
            "station_code", N_("“{name}” is not in operation today; choose another station"), name=station.name
        )
    missing = missing_services(station, [item.service for item in items], today)
    if missing:
        raise InvalidInput(
            "station_code",
            N_("“{name}” does not offer “{service}”; choose another station"),
            name=station.name,
            service=missing[0].name_zh,
        )
    return station
