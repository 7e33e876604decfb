"""Notices of coverage alerts to the responsible offices, by way of the outbox.

Contact addresses are in ``stations.alerts.alert_contacts``. An alert goes to the office of the role that its rule
names; if that office has no address, to the next level up, so that somebody receives it. Alerts about sample
records are never sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from stations.alerts.alert_contacts import AlertContact, contacts_of
from stations.alerts.alert_rules import AlertKind
from stations.alerts.alerts import CoverageAlert, area_of
from stations.duty.roles import AreaKind, Role
from stations.language import N_, Language
from stations.notices.outbox import Notice, enqueue

_LEVELS: Sequence[tuple[Role, AreaKind]] = (
    (Role.COUNTY, AreaKind.COUNTY),
    (Role.CITY, AreaKind.CITY),
    (Role.PROVINCE, AreaKind.PROVINCE),
)

_LANGUAGE = Language("zh_CN")  # letters to offices are in Chinese

_TEXTS: dict[AlertKind, str] = {
    AlertKind.UNCOVERED: N_("{city} {county} has had no active quality station since {date} ({days} days)."),
    AlertKind.ENDING: N_("{city} {county} will have no active quality station from {date} ({days} days ahead)."),
}
_SUBJECT = N_("Coverage alerts: {count}")


def contacts_for(session: Session, alert: CoverageAlert) -> list[AlertContact]:
    """Return the contacts for an alert: those of the office of its rule's role, or of the next level up that has any;
    empty if no level has.
    """
    area = area_of(alert)
    roles = [role for role, _ in _LEVELS]
    for _, kind in _LEVELS[roles.index(alert.rule.role) :]:
        if found := contacts_of(session, getattr(area, kind)):
            return found
    return []


def enqueue_alerts(session: Session, alerts: Sequence[CoverageAlert], *, now: datetime) -> list[Notice]:
    """Put notices of alerts into the outbox, in the transaction that raised them.

    Each address receives one notice of all its alerts. The same alerts make no second notice. Alerts about samples
    are left out.
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
                key=f"coverage-alerts/{contact.area_code}/{contact.channel.code}/{name}",
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
    """Return an alert as a sentence."""
    return language.translate(
        _TEXTS[alert.rule.kind],
        city=language.pick(alert.county.city.name, alert.county.city.name_en),
        county=language.pick(alert.county.name, alert.county.name_en),
        date=language.format_date(alert.since),
        days=abs((alert.raised_on - alert.since).days),
    )
