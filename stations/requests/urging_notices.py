"""Notices of urging, by the outbox: to whom it is addressed, and of the answer to the office that urged.

Offices are told where they want alerts (``AlertContact``), a station's stewards by the e-mail address of their account.
A notice names the request and the station, never whose it is or what anybody wrote. Who has no address sees it at the
work desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import AlertContact
from stations.language import N_, Language
from stations.notices.channel import Channel
from stations.notices.channels.email import CHANNEL as EMAIL
from stations.notices.outbox import enqueue
from stations.requests.service_request import ServiceRequest
from stations.requests.stewards import stewards_of

_LANGUAGE = Language("zh_CN")  # offices and stations are written to in Chinese
_STATION = "station"


def tell_of_urging(
    session: Session, request: ServiceRequest, urging: int, addressee: str, due_on: date, now: datetime
) -> None:
    """Tell the one urged. ``addressee``: ``station``, or the level of an office."""
    say = _LANGUAGE.translate
    told = say(
        N_("You are urged about request {number} at {station}; answer by {day}."),
        number=request.number,
        station=request.station.name,
        day=_LANGUAGE.format_date(due_on),
    )
    _tell(session, request, urging, addressee, say(N_("Urged: request {number}"), number=request.number), told, now)


def tell_of_answer(session: Session, request: ServiceRequest, urging: int, level: str, now: datetime) -> None:
    """Tell the office at ``level`` that its urging was answered."""
    say = _LANGUAGE.translate
    told = say(
        N_("Your urging about request {number} at {station} was answered."),
        number=request.number,
        station=request.station.name,
    )
    _tell(session, request, urging, level, say(N_("Answered: request {number}"), number=request.number), told, now)


def _tell(
    session: Session, request: ServiceRequest, urging: int, whom: str, subject: str, told: str, now: datetime
) -> None:
    text = f"{told}\n{_LANGUAGE.translate(N_('Open it at the work desk of the portal.'))}"
    for place, (channel, address) in enumerate(dict.fromkeys(_addresses(session, request, whom))):
        enqueue(
            session,
            key=f"urging/{request.number}/{urging}/{whom}/{place}",
            channel=channel,
            address=address,
            subject=subject,
            text=text,
            data={"subject": request.number, "kind": "urging", "to": whom, "station": request.station.code},
            now=now,
            sample=request.sample,
        )


def _addresses(session: Session, request: ServiceRequest, whom: str) -> Iterator[tuple[Channel, str]]:
    if whom == _STATION:
        yield from ((EMAIL, user.email) for user in stewards_of(session, request.station) if user.email)
        return
    area = getattr(request.station.area, whom)
    contacts: Iterable[AlertContact] = session.scalars(
        select(AlertContact).where(AlertContact.area_code == area).order_by(AlertContact.channel)
    )
    yield from ((one.channel, one.address) for one in contacts)
