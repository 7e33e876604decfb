"""Asking stations and their offices to confirm records, by way of the outbox: once when it is due soon, once when late.

The stewards of a station are asked at the e-mail address of their account; its office at its alert contacts, or the
next office up that has any. Nothing is sent about sample stations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User
from stations.alerts.alert_contacts import AlertContact, contacts_by_area
from stations.duty.roles import Role
from stations.keeping.confirming import DueStation, due_stations
from stations.language import N_, Language
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_of
from stations.notices.firm_address import public_url
from stations.notices.outbox import Notice, enqueue
from stations.registry.confirmation import Confirmed

_LANGUAGE = Language("zh_CN")  # letters to offices are in Chinese
_SUBJECT = N_("Please confirm the record of {station}")
_TEXTS: dict[Confirmed, str] = {
    Confirmed.SOON: N_("Please look whether the record of {station} is still right and confirm it by {date}. {link}"),
    Confirmed.OVERDUE: N_(
        "The record of {station} was to be confirmed by {date}. Please look at it and confirm it. {link}"
    ),
}


def ask_for_confirmations(session: Session, today: date, *, now: datetime) -> list[Notice]:
    """Put what is to be asked on a day into the outbox; asked before, nothing is added. Return the notices."""
    due = due_stations(session, today, samples=False)
    offices = contacts_by_area(session)
    stewards = _stewards(session)
    return [
        _ask(session, one, channel, address, now)
        for one in due
        for channel, address in _addresses(one, offices, stewards)
    ]


def _stewards(session: Session) -> dict[str, list[str]]:
    """Return the e-mail addresses of the stewards in use, by the code of their station."""
    rows = session.execute(
        select(Duty.area_code, User.email)
        .join(User, User.id == Duty.user_id)
        .where(Duty.role == Role.STATION, User.active, ~User.sample)
        .order_by(User.username)
    )
    found: dict[str, list[str]] = {}
    for code, email in rows:
        if email:
            found.setdefault(code, []).append(email)
    return found


def _addresses(
    one: DueStation, offices: Mapping[str, Sequence[AlertContact]], stewards: dict[str, list[str]]
) -> Iterator[tuple[Channel, str]]:
    for email in stewards.get(one.station.code, ()):
        yield channel_of("email"), email
    area = one.station.area
    for code in (area.county, area.city, area.province):
        if code and code in offices:
            yield from ((contact.channel, contact.address) for contact in offices[code])
            return


def _ask(session: Session, one: DueStation, channel: Channel, address: str, now: datetime) -> Notice:
    station, due = one.station, one.confirmation.due_on
    named = sha256(f"{channel.code} {address}".encode()).hexdigest()[:16]
    words = {
        "station": station.name,
        "date": _LANGUAGE.format_date(due),
        "link": f"{public_url()}/record?kind=station&code={station.code}" if public_url() else "",
    }
    return enqueue(
        session,
        key=f"confirm/{station.code}/{due:%Y%m%d}/{one.standing.value}/{named}",
        channel=channel,
        address=address,
        subject=_LANGUAGE.translate(_SUBJECT, **words),
        text=_LANGUAGE.translate(_TEXTS[one.standing], **words).strip(),
        data={"subject": station.code, "kind": "confirm_record", "station": station.code, "due_on": due.isoformat()},
        now=now,
        sample=False,
    )
