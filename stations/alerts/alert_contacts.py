"""Contact addresses of offices for coverage alerts and overdue requests.

An office belongs to the area of its adcode: the province, a city or a county. The province may edit every office's
contacts; a city or a county only its own, so a city can't edit those of its counties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from geo.province import province_in_use
from stations.accounts.duty_choices import AreaChoice
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base
from stations.duty.roles import Action, Actor, Area, AreaKind, require, signed_in
from stations.errors import Conflict, InvalidForm, InvalidInput
from stations.language import N_
from stations.notices.address import check_address
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_column, read_channel
from stations.personal_data import PersonalData
from stations.places.counties import City, County, list_cities, list_counties
from stations.readers.email_address import ADDRESS_LIMIT


class AlertContact(Base):
    """A contact address of the office of an area, at most one for each channel."""

    __tablename__ = "alert_contact"
    in_caches = False
    personal_data = PersonalData(
        columns=("address",),
        kept="until the office takes it away",
        deleted_by=("stations.alerts.alert_contacts:save_office",),
    )

    area_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    channel: Mapped[Channel] = channel_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_LIMIT))


@dataclass(frozen=True)
class Office:
    """An office: its area, and its address for each channel where it has one."""

    area: AreaChoice
    addresses: Mapping[Channel, str]


def set_contact(
    session: Session, area_code: str, channel: str, address: str, *, by: str, now: datetime
) -> AlertContact | None:
    """Set the contact address of an area's office, as the operator on the server. Return the contact, or None if an
    empty ``address`` removed it.

    Raises:
        InvalidInput: the area or the channel does not exist, or the address is not valid for the channel.
    """
    way = read_channel("channel", channel)
    _kind_of(session, area_code)
    checked = check_address("address", way, address) if address else ""
    return _keep(session, area_code, way, checked, by, now)


def list_offices(session: Session, actor: Actor | None) -> list[Office]:
    """Return the offices whose contacts the actor may edit, in the order of ``every_office``.

    Raises:
        NotAllowed: nobody is signed in.
    """
    actor = signed_in(actor)
    return [
        office
        for office in every_office(session)
        if actor.may(Action.EDIT_ALERT_CONTACTS, _area(office.area.kind, office.area.code))
    ]


def every_office(session: Session) -> list[Office]:
    """Return the province's office, then those of cities and counties by adcode."""
    areas = [AreaChoice(AreaKind.PROVINCE, province_in_use().adcode)]
    areas += [AreaChoice(AreaKind.CITY, city.adcode, city.name, city.name_en) for city in list_cities(session)]
    areas += [AreaChoice(AreaKind.COUNTY, one.adcode, one.name, one.name_en) for one in list_counties(session)]
    contacts = contacts_by_area(session)
    return [Office(one, {way.channel: way.address for way in contacts.get(one.code, ())}) for one in areas]


def contacts_by_area(session: Session) -> dict[str, list[AlertContact]]:
    """Return the contacts of every office that has any, by the adcode of its area, each in the order of channels."""
    contacts: dict[str, list[AlertContact]] = {}
    for contact in session.scalars(select(AlertContact).order_by(AlertContact.channel)):
        contacts.setdefault(contact.area_code, []).append(contact)
    return contacts


def contacts_of(session: Session, area_code: str | None) -> list[AlertContact]:
    """Return the contacts of the office of an area, in the order of channels; none where there is no such area."""
    mine = select(AlertContact).where(AlertContact.area_code == area_code).order_by(AlertContact.channel)
    return list(session.scalars(mine))


def save_office(
    session: Session,
    actor: Actor | None,
    area_code: str,
    addresses: Mapping[Channel, str],
    *,
    seen: Mapping[Channel, str],
    now: datetime,
) -> None:
    """Set the contact addresses of an area's office, one for each channel of ``addresses``.

    An empty address removes it. ``seen``: the addresses when the actor opened the form.

    Raises:
        NotAllowed: the actor may not edit this office.
        InvalidInput: there is no such area.
        InvalidForm: an address is not valid for its channel; the field of each problem is the channel.
        Conflict: somebody has changed an address since ``seen``.
    """
    actor = require(actor, Action.EDIT_ALERT_CONTACTS, _area(_kind_of(session, area_code), area_code))
    held = select(AlertContact).where(AlertContact.area_code == area_code).with_for_update()
    kept = {contact.channel: contact.address for contact in session.scalars(held)}
    if any(kept.get(channel, "") != seen.get(channel, "") for channel in addresses):
        raise Conflict(N_("Somebody has changed these addresses meanwhile; look at them again"))
    checked, problems = {}, []
    for channel, typed in addresses.items():
        try:
            checked[channel] = check_address(channel.code, channel, typed) if typed.strip() else ""
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    for channel, address in checked.items():
        if address != kept.get(channel, ""):
            _keep(session, area_code, channel, address, actor.username, now)


def _area(kind: AreaKind, code: str) -> Area:
    """Return the area of an office's contact: its own area within the province, without the levels between, so that a
    city's duty does not include the offices of its counties.
    """
    return Area(
        province_in_use().adcode,
        city=code if kind is AreaKind.CITY else None,
        county=code if kind is AreaKind.COUNTY else None,
    )


def _kind_of(session: Session, code: str) -> AreaKind:
    if session.get(County, code):
        return AreaKind.COUNTY
    if session.get(City, code):
        return AreaKind.CITY
    if code != province_in_use().adcode:
        raise InvalidInput(
            "area", N_("“{area}” is not the name or adcode of the province, a city or a county"), area=code
        )
    return AreaKind.PROVINCE


def _keep(
    session: Session, area_code: str, channel: Channel, address: str, by: str, now: datetime
) -> AlertContact | None:
    kept = session.get(AlertContact, (area_code, channel))
    if address:
        if kept is None:
            kept = AlertContact(area_code=area_code, channel=channel)
            session.add(kept)
        kept.address = address
    elif kept is not None:
        session.delete(kept)
    # The address is personal data, so it is not written to the log, from which nothing is ever removed.
    log.record(
        session,
        at=now,
        actor=by,
        action=AuditAction.SET_ALERT_CONTACT if address else AuditAction.REMOVE_ALERT_CONTACT,
        subject_kind=AuditSubject.ALERT_CONTACT,
        subject=area_code,
        channel=channel.code,
    )
    return kept if address else None
