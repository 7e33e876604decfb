"""Where the office of an area is told of coverage alerts and of overdue requests.

An office stands for the area of its adcode: the province's, a city's or a county's. The province keeps
any office's contact; a city or a county its own only, so a city does not keep those of its counties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.accounts.duty_choices import AreaChoice
from stations.audit import log
from stations.database import Base
from stations.duty.roles import PROVINCE_ADCODE, Action, Actor, Area, AreaKind, require
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed
from stations.language import N_
from stations.notices.address import ADDRESS_LIMIT, check_address
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_column, read_channel
from stations.personal_data import PersonalData
from stations.places.counties import City, County, list_cities, list_counties


class AlertContact(Base):
    """Where the office of an area is told, for each channel at most one address."""

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
    """An office, what its area is called, and its address for each channel that it left one for."""

    area: AreaChoice
    addresses: Mapping[Channel, str]


def set_contact(
    session: Session, area_code: str, channel: str, address: str, *, by: str, now: datetime
) -> AlertContact | None:
    """Keep where the office of an area is told, for who works on the server itself; an empty address
    takes it away, and None is given.

    Raises:
        InvalidInput: the area or the channel does not exist, or the address is none of the channel's.
    """
    way = read_channel("channel", channel)
    _kind_of(session, area_code)
    checked = check_address("address", way, address) if address else ""
    return _keep(session, area_code, way, checked, by, now)


def list_offices(session: Session, actor: Actor | None) -> list[Office]:
    """The offices whose contacts the actor keeps: the province's, then cities and counties by adcode.

    Raises:
        NotAllowed: nobody is signed in.
    """
    if actor is None:
        raise NotAllowed(N_("Sign in first"))
    areas = [AreaChoice(AreaKind.PROVINCE, PROVINCE_ADCODE)]
    areas += [AreaChoice(AreaKind.CITY, city.adcode, city.name, city.name_en) for city in list_cities(session)]
    areas += [AreaChoice(AreaKind.COUNTY, one.adcode, one.name, one.name_en) for one in list_counties(session)]
    mine = [one for one in areas if actor.may(Action.EDIT_ALERT_CONTACTS, _area(one.kind, one.code))]
    addresses: dict[str, dict[Channel, str]] = {}
    for contact in session.scalars(select(AlertContact).order_by(AlertContact.channel)):
        addresses.setdefault(contact.area_code, {})[contact.channel] = contact.address
    return [Office(one, addresses.get(one.code, {})) for one in mine]


def save_office(
    session: Session,
    actor: Actor | None,
    area_code: str,
    addresses: Mapping[Channel, str],
    *,
    seen: Mapping[Channel, str],
    now: datetime,
) -> None:
    """Keep where the office of an area is told by each channel of ``addresses``; an empty one takes it
    away. ``seen``: what stood there when the actor began to write.

    Raises:
        NotAllowed: the office is not the actor's to speak for.
        InvalidInput: there is no such area.
        InvalidForm: an address is none of its channel's; each problem's field is the channel.
        Conflict: somebody has changed an address since the actor saw it.
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
    """Where an office's contact lies: in the area itself, and not in the wider ones but the province, so
    that no city's duty holds its counties' offices."""
    return Area(PROVINCE_ADCODE, **({} if kind is AreaKind.PROVINCE else {kind.value: code}))


def _kind_of(session: Session, code: str) -> AreaKind:
    if session.get(County, code):
        return AreaKind.COUNTY
    if session.get(City, code):
        return AreaKind.CITY
    if code != PROVINCE_ADCODE:
        raise InvalidInput("area", N_("“{area}” is not the adcode of the province, a city or a county"), area=code)
    return AreaKind.PROVINCE


def _keep(
    session: Session, area_code: str, channel: Channel, address: str, by: str, now: datetime
) -> AlertContact | None:
    kept = session.get(AlertContact, (area_code, channel))
    if address and kept is None:
        kept = AlertContact(area_code=area_code, channel=channel)
        session.add(kept)
    if address:
        kept.address = address
    elif kept is not None:
        session.delete(kept)
    # The address itself is personal data, and stays out of a log that nothing is ever removed from.
    log.record(
        session,
        at=now,
        actor=by,
        action="set_alert_contact" if address else "remove_alert_contact",
        subject_kind="alert_contact",
        subject=area_code,
        channel=channel.code,
    )
    return kept if address else None
