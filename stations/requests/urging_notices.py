"""Notices of urging, by the outbox: to whom it is addressed, and of the answer to the office that urged; never with
what anybody wrote.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from stations.language import N_
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.requests.desk_notices import DESK_LANGUAGE, office_addresses, tell_at_desk
from stations.requests.service_request import ServiceRequest
from stations.requests.stewards import stewards_of

_STATION = "station"


def tell_of_urging(
    session: Session, request: ServiceRequest, urging: int, addressee: str, due_on: date, now: datetime
) -> None:
    """Tell the one urged. ``addressee``: ``station``, or the level of an office."""
    say = DESK_LANGUAGE.translate
    told = say(
        N_("You are urged about request {number} at {station}; answer by {day}."),
        number=request.number,
        station=request.station.name,
        day=DESK_LANGUAGE.format_date(due_on),
    )
    _tell(session, request, urging, addressee, say(N_("Urged: request {number}"), number=request.number), told, now)


def tell_of_answer(session: Session, request: ServiceRequest, urging: int, level: str, now: datetime) -> None:
    """Tell the office at ``level`` that its urging was answered."""
    say = DESK_LANGUAGE.translate
    told = say(
        N_("Your urging about request {number} at {station} was answered."),
        number=request.number,
        station=request.station.name,
    )
    _tell(session, request, urging, level, say(N_("Answered: request {number}"), number=request.number), told, now)


def _tell(
    session: Session, request: ServiceRequest, urging: int, whom: str, subject: str, told: str, now: datetime
) -> None:
    if whom == _STATION:
        found = [(EMAIL, user.email) for user in stewards_of(session, request.station) if user.email]
    else:
        found = list(office_addresses(session, request, whom).values())
    tell_at_desk(
        session,
        request,
        {str(place): address for place, address in enumerate(dict.fromkeys(found))},
        key=f"urging/{request.number}/{urging}/{whom}",
        subject=subject,
        told=told,
        data={"kind": "urging", "to": whom},
        now=now,
    )
