"""Notices about a request to those who work at a desk: an office where it wants alerts, a station's stewards by e-mail.

A notice names the request and its station, never whose it is or what it is about. Who has no address sees the request
at the work desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import contacts_of
from stations.language import N_, Language
from stations.notices.channel import Channel
from stations.notices.outbox import Notice, enqueue
from stations.requests.service_request import ServiceRequest

DESK_LANGUAGE = Language("zh_CN")
"""Offices and stations are written to in Chinese."""
Addresses = Mapping[str, tuple[Channel, str]]
"""Channel and address, by what tells the notices to them apart."""


def office_addresses(session: Session, request: ServiceRequest, level: str) -> Addresses:
    """Return the addresses of the office at a level (``county``, ``city`` or ``province``) of the request's area, by
    the code of their channel.
    """
    area = getattr(request.station.area, level)
    return {one.channel.code: (one.channel, one.address) for one in contacts_of(session, area)}


def tell_at_desk(
    session: Session,
    request: ServiceRequest,
    addresses: Addresses,
    *,
    key: str,
    subject: str,
    told: str,
    data: Mapping[str, str],
    now: datetime,
) -> list[Notice]:
    """Put a notice into the outbox for each address. Return the notices.

    ``key``: what the notices are about, once; ``told``: in a sentence, in ``DESK_LANGUAGE``; ``data``: further facts.
    """
    text = f"{told}\n{DESK_LANGUAGE.translate(N_('Open it at the work desk of the portal.'))}"
    return [
        enqueue(
            session,
            key=f"{key}/{which}",
            channel=channel,
            address=address,
            subject=subject,
            text=text,
            data={"subject": request.number, **data, "station": request.station.code},
            now=now,
            sample=request.sample,
        )
        for which, (channel, address) in addresses.items()
    ]
