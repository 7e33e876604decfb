"""Telling the responsible administrator of a coverage alert, by the outbox.

Where an office wants to be told is kept by area (``AlertContact``): an adcode of a county or city, or
the province's. An alert goes to the area of the role that its rule names; where that area has left no
address, to the next level up, so that it reaches somebody. Alerts about samples never leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.access.roles import AreaKind, Role
from stations.audit import log
from stations.coverage.alerts import AlertKind, CoverageAlert, area_of
from stations.database import Base, choice
from stations.errors import InvalidInput
from stations.language import N_, Language
from stations.notices.address import ADDRESS_LIMIT, check_address
from stations.notices.outbox import Channel, Notice, enqueue
from stations.places.counties import City, County

_LEVELS: Sequence[tuple[Role, AreaKind]] = (
    (Role.COUNTY, AreaKind.COUNTY),
    (Role.CITY, AreaKind.CITY),
    (Role.PROVINCE, AreaKind.PROVINCE),
)

_LANGUAGE = Language("zh_CN")  # offices are written to in Chinese

_TEXTS: dict[AlertKind, str] = {
    AlertKind.UNCOVERED: N_("{city} {county} has had no active quality station since {date} ({days} days)."),
    AlertKind.ENDING: N_("{city} {county} will have no active quality station from {date} ({days} days ahead)."),
}
_SUBJECT = N_("Coverage alerts: {count}")


class AlertContact(Base):
    """Where the office of an area is told of alerts, for each channel at most one address."""

    __tablename__ = "alert_contact"

    area_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"), primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_LIMIT))


def set_contact(
    session: Session, area_code: str, channel: str, address: str, *, by: str, now: datetime
) -> AlertContact | None:
    """Keep where the office of an area is told; an empty address takes it away, and None is given.

    Raises:
        InvalidInput: the area or the channel does not exist, or the address is none of the channel's.
    """
    if channel not in list(Channel):
        raise InvalidInput(
            "channel", N_("“{value}” is not a channel; use one of: {known}"), value=channel, known=", ".join(Channel)
        )
    known = session.get(County, area_code) or session.get(City, area_code)
    if known is None and not _is_province(session, area_code):
        raise InvalidInput("area", N_("“{area}” is not the adcode of the province, a city or a county"), area=area_code)
    kept = session.get(AlertContact, (area_code, Channel(channel)))
    if not address:
        if kept is not None:
            session.delete(kept)
        _note(session, area_code, channel, "remove_alert_contact", by, now)
        return None
    checked = check_address("address", Channel(channel), address)
    if kept is None:
        kept = AlertContact(area_code=area_code, channel=Channel(channel))
        session.add(kept)
    kept.address = checked
    _note(session, area_code, channel, "set_alert_contact", by, now)
    return kept


def _is_province(session: Session, code: str) -> bool:
    some_city = session.scalar(select(City.adcode).limit(1))
    return some_city is not None and code == f"{some_city[:2]}0000"


def _note(session: Session, area_code: str, channel: str, action: str, by: str, now: datetime) -> None:
    log.record(
        session, at=now, actor=by, action=action, subject_kind="alert_contact", subject=area_code, channel=channel
    )


def contacts_for(session: Session, alert: CoverageAlert) -> list[AlertContact]:
    """Who is told of an alert: the area of its rule's role, or the next level up that left an address;
    nobody where no level has."""
    area = area_of(alert)
    roles = [role for role, _ in _LEVELS]
    for _, kind in _LEVELS[roles.index(alert.rule.role) :]:
        found = session.scalars(
            select(AlertContact).where(AlertContact.area_code == getattr(area, kind)).order_by(AlertContact.channel)
        ).all()
        if found:
            return list(found)
    return []


def enqueue_alerts(session: Session, alerts: Sequence[CoverageAlert], *, now: datetime) -> list[Notice]:
    """Put notices of alerts into the outbox, in the transaction that raised them: one to each address,
    naming all that concern it. The same alerts make no second notice. Those about samples are left out.
    """
    told: dict[AlertContact, list[CoverageAlert]] = {}
    for alert in alerts:
        for contact in contacts_for(session, alert) if not alert.sample else ():
            told.setdefault(contact, []).append(alert)
    notices = []
    for contact, concerned in told.items():
        codes = [alert.code for alert in concerned]
        name = sha256(" ".join(codes).encode()).hexdigest()[:16]
        notices.append(
            enqueue(
                session,
                key=f"coverage-alerts/{contact.area_code}/{contact.channel}/{name}",
                channel=contact.channel,
                address=contact.address,
                subject=_LANGUAGE.translate(_SUBJECT, count=len(concerned)),
                text="\n".join(alert_in_words(alert, _LANGUAGE) for alert in concerned),
                data={"subject": name, "kind": "coverage_alerts", "area": contact.area_code, "alerts": codes},
                now=now,
                sample=False,
            )
        )
    return notices


def alert_in_words(alert: CoverageAlert, language: Language) -> str:
    """What an alert says, in a sentence."""
    return language.translate(
        _TEXTS[alert.rule.kind],
        city=language.pick(alert.county.city.name, alert.county.city.name_en),
        county=language.pick(alert.county.name, alert.county.name_en),
        date=language.format_date(alert.since),
        days=abs((alert.raised_on - alert.since).days),
    )
