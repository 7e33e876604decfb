"""Notices to the office of an area, by the outbox, that a request there is overdue since when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from stations.language import N_, day_in_china
from stations.notices.outbox import Notice
from stations.requests.desk_notices import DESK_LANGUAGE, office_addresses, tell_at_desk
from stations.requests.service_request import ServiceRequest
from stations.working_days import working_days_between


def tell_offices(session: Session, request: ServiceRequest, level: str, due_on: date, now: datetime) -> list[Notice]:
    """Put a notice into the outbox for each address of the office at a level of the request's area. Return the notices.

    ``level``: ``county``, ``city`` or ``province``. ``due_on``: the deadline that has passed. There is one notice for
    each deadline and address.
    """
    say = DESK_LANGUAGE.translate
    return tell_at_desk(
        session,
        request,
        office_addresses(session, request, level),
        key=f"escalation/{request.number}/{due_on:%Y%m%d}/{level}",
        subject=say(N_("Overdue request {number}"), number=request.number),
        told=say(
            N_("Request {number} at {station} was due on {day} and is {days} working days overdue."),
            number=request.number,
            station=request.station.name,
            day=DESK_LANGUAGE.format_date(due_on),
            days=working_days_between(due_on, day_in_china(now)),
        ),
        data={"kind": "escalation", "level": level, "due_on": due_on.isoformat()},
        now=now,
    )
