"""Notices to the office of an area, by the outbox, that a request there is overdue.

The addresses are those that offices have entered for alerts (``AlertContact``). A notice says which request of which
station is overdue since when, but never whose it is or what it is about. A level without an address still sees the
request in its queue.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import AlertContact
from stations.language import N_, Language, day_in_china
from stations.notices.outbox import Notice, enqueue
from stations.requests.service_request import ServiceRequest
from stations.working_days import working_days_between

_LANGUAGE = Language("zh_CN")  # offices are written to in Chinese


def tell_offices(session: Session, request: ServiceRequest, level: str, due_on: date, now: datetime) -> list[Notice]:
    """Put a notice into the outbox for each address of the office at a level of the request's area. Return the notices.

    ``level``: ``county``, ``city`` or ``province``. ``due_on``: the deadline that has passed. There is one notice for
    each deadline and address.
    """
    area = getattr(request.station.area, level)
    contacts = session.scalars(
        select(AlertContact).where(AlertContact.area_code == area).order_by(AlertContact.channel)
    ).all()
    say = _LANGUAGE.translate
    told = say(
        N_("Request {number} at {station} was due on {day} and is {days} working days overdue."),
        number=request.number,
        station=request.station.name,
        day=_LANGUAGE.format_date(due_on),
        days=working_days_between(due_on, day_in_china(now)),
    )
    return [
        enqueue(
            session,
            key=f"escalation/{request.number}/{due_on:%Y%m%d}/{level}/{contact.channel.code}",
            channel=contact.channel,
            address=contact.address,
            subject=say(N_("Overdue request {number}"), number=request.number),
            text=f"{told}\n{say(N_('Open it at the work desk of the portal.'))}",
            data={
                "subject": request.number,
                "kind": "escalation",
                "level": level,
                "station": request.station.code,
                "due_on": due_on.isoformat(),
            },
            now=now,
            sample=request.sample,
        )
        for contact in contacts
    ]
