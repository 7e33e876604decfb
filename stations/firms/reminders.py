"""The daily job for firms: reminders of due instruments, notices of opened services, deletion of expired data.

It may run at any time and on several servers at once. Each ledger and each subscription has its own transaction
(``one_by_one``), which locks the row, finds what was not sent yet, and writes the message together with the record of
it. So nothing is sent twice, a job that is interrupted loses nothing, and a bad record holds up nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Select, and_, case, or_, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.catalogue.service import Service
from stations.database import reading, transaction
from stations.firms.instruments import Instrument, InstrumentLedger
from stations.firms.ledgers import delete_ledger, notice_key
from stations.firms.reminder_days import remind_days
from stations.firms.subscriptions import (
    Subscription,
    county_name,
    first_station,
    forget,
    service_name,
    way_to_end,
)
from stations.language import N_, Language, day_in_china
from stations.notices.firm_address import forget_old_codes, public_url
from stations.notices.outbox import enqueue
from stations.one_by_one import one_by_one
from stations.registry.station import Station
from stations.retention import kept_for

ACTOR = SystemActor.REMINDERS.value
"""The actor in the audit log for deleted expired data."""

NAMED = 20
"""How many instruments a message names; the ledger has all."""


@dataclass(frozen=True)
class Reminded:
    """The result of the job: numbers of messages to ledgers, of instruments in them, of notices of openings, and of
    deleted records.
    """

    on: date
    ledgers: int = 0
    instruments: int = 0
    openings: int = 0
    deleted: int = 0


def send_reminders(engine: Engine, on: date, *, now: datetime) -> Reminded:
    """Send the reminders and notices of the day ``on``, and delete data that expired before ``now``."""
    deleted = _delete_kept_too_long(engine, now)

    def remind(session: Session, ledger_id: int) -> int:
        return _remind(session, ledger_id, on, now)

    def tell(session: Session, one: tuple[int, int]) -> bool:
        return _tell_opening(session, *one, now)

    told = one_by_one(engine, "ledger with due instruments", _due_ledgers(engine, on), remind)
    opened = one_by_one(engine, "subscription to an opening", _openings(engine, on), tell)
    return Reminded(on, sum(count > 0 for count in told), sum(told), sum(opened), deleted)


def _stage(on: date) -> ColumnElement[int]:
    """Return the reminder rule of an instrument on a day, as SQL: the fewest days that reach its due day."""
    return case(
        *((Instrument.due_on <= on + timedelta(days=days), days) for days in sorted(remind_days())),
        else_=None,
    )


def _to_tell(on: date) -> Select[Instrument]:
    """Return the query of instruments due by a rule for which no reminder of that due day was sent."""
    return (
        select(Instrument)
        .join(InstrumentLedger)
        .where(
            Instrument.due_on <= on + timedelta(days=remind_days()[0]),
            or_(
                Instrument.reminded_on.is_(None),
                Instrument.reminded_on != Instrument.due_on,
                Instrument.reminded_days > _stage(on),
            ),
            InstrumentLedger.address_confirmed_at.is_not(None),
        )
    )


def _due_ledgers(engine: Engine, on: date) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(_to_tell(on).with_only_columns(Instrument.ledger_id).distinct()))


def _remind(session: Session, ledger_id: int, on: date, now: datetime) -> int:
    """Enqueue one message for all due instruments of a ledger. Return their number."""
    ledger = session.scalar(
        select(InstrumentLedger).where(InstrumentLedger.id == ledger_id).with_for_update(skip_locked=True)
    )
    if ledger is None or ledger.address_confirmed_at is None:
        return 0  # deleted in the meantime, or being handled by another server
    of_ledger = _to_tell(on).where(Instrument.ledger_id == ledger_id).order_by(Instrument.due_on, Instrument.id)
    due = [(one, one.due_on) for one in session.scalars(of_ledger) if one.due_on is not None]
    channel, address = ledger.notice_channel, ledger.notice_address
    if not due or channel is None or address is None:
        return 0
    for instrument, due_on in due:
        instrument.reminded_on = due_on
        instrument.reminded_days = min(days for days in remind_days() if (due_on - on).days <= days)
    language = Language(ledger.language)
    say = language.translate
    overdue = sum(due_on <= on for _, due_on in due)
    lines = [
        language.ngettext(
            "{count} instrument of your ledger {number}:",
            "{count} instruments of your ledger {number}:",
            len(due),
            number=ledger.number,
        )
    ]
    lines += [
        say(
            N_("{due}: {name}, number {number}"),
            due=language.format_date(due_on),
            name=one.name,
            number=one.number,
        )
        for one, due_on in due[:NAMED]
    ]
    if len(due) > NAMED:
        lines.append(say(N_("… and {count} more"), count=len(due) - NAMED))
    where = f"{public_url()}/instruments" if public_url() else say(N_("on the page “My ledger”"))
    lines.append(say(N_("Ask for their verification in one step: {where}"), where=where))
    lines.append(say(N_("There you also end these reminders.")))
    enqueue(
        session,
        key=notice_key(ledger, f"{on.isoformat()}:{due[0][0].code}"),
        channel=channel,
        address=address,
        subject=language.ngettext(
            "Verification due: {count} instrument, {overdue} overdue",
            "Verification due: {count} instruments, {overdue} overdue",
            len(due),
            overdue=overdue,
        ),
        text="\n".join(lines),
        data={
            "subject": ledger.number,
            "kind": "instruments_due",
            "instruments": [{"code": one.code, "due_on": due_on.isoformat()} for one, due_on in due],
        },
        now=now,
        sample=ledger.sample,
    )
    return len(due)


def _openings(engine: Engine, on: date) -> list[tuple[int, int]]:
    """Return (subscription id, station id) for subscriptions whose service a station of the county now offers."""
    waiting = and_(Subscription.confirmed_at.is_not(None), Subscription.told_at.is_(None))
    found: list[tuple[int, int]] = []
    with reading(engine) as session:
        pairs = select(Subscription.county_adcode, Subscription.service_code).where(waiting).distinct()
        for county, service in session.execute(pairs).all():
            of_pair = (Subscription.county_adcode == county) & (Subscription.service_code == service)
            station = first_station(session, county, session.get_one(Service, service), on)
            if station is not None:
                ids = session.scalars(select(Subscription.id).where(waiting, of_pair).order_by(Subscription.id))
                found += [(one, station.id) for one in ids]
    return found


def _tell_opening(session: Session, subscription_id: int, station_id: int, now: datetime) -> bool:
    subscription = session.scalar(
        select(Subscription)
        .where(
            Subscription.id == subscription_id,
            Subscription.confirmed_at.is_not(None),
            Subscription.told_at.is_(None),
        )
        .with_for_update(skip_locked=True)
    )
    if subscription is None:
        return False  # ended in the meantime, or handled by another server
    station = session.get_one(Station, station_id)
    language = Language(subscription.language)
    say = language.translate
    service, county = service_name(subscription, language), county_name(subscription, language)
    lines = [
        say(
            N_("{station} in {county} offers “{service}” now."),
            station=language.pick(station.name, station.name_en),
            county=county,
            service=service,
        ),
        " ".join(part for part in (station.address, station.phone) if part),
    ]
    if public_url():
        lines.append(f"{public_url()}/station?code={station.code}")
    lines.append(
        say(
            N_("You are told this once. To delete your address at once: {way}"),
            way=way_to_end(subscription, language),
        )
    )
    enqueue(
        session,
        key=f"{subscription.code}:opened:{day_in_china(now):%Y%m%d}",
        channel=subscription.channel,
        address=subscription.address,
        subject=say(N_("“{service}” has opened in {county}"), service=service, county=county),
        text="\n".join(lines),
        data={
            "subject": subscription.code,
            "kind": "service_opened",
            "service": subscription.service_code,
            "county": subscription.county_adcode,
            "station": station.code,
        },
        now=now,
        sample=False,
    )
    subscription.told_at = subscription.updated_at = now
    return True


def _delete_kept_too_long(engine: Engine, now: datetime) -> int:
    """Delete expired subscriptions and ledgers (``stations.retention``). Return their number."""
    over = or_(
        and_(Subscription.confirmed_at.is_(None), Subscription.asked_at < now - kept_for("unconfirmed")),
        Subscription.told_at < now - kept_for("told"),
        Subscription.updated_at < now - kept_for("subscription"),
    )
    unused = and_(InstrumentLedger.sample.is_(False), InstrumentLedger.opened_at < now - kept_for("ledger"))

    def drop_subscription(session: Session, subscription_id: int) -> bool | None:
        mine = select(Subscription).where(over, Subscription.id == subscription_id).with_for_update()
        subscription = session.scalar(mine)
        if subscription is None:
            return None  # ended or used meanwhile
        forget(session, subscription)
        log.record(
            session,
            at=now,
            actor=ACTOR,
            action=AuditAction.DELETE_UNUSED,
            subject_kind=AuditSubject.SUBSCRIPTION,
            subject=subscription.code,
        )
        return True

    def drop_ledger(session: Session, ledger_id: int) -> bool | None:
        ledger = session.scalar(
            select(InstrumentLedger).where(unused, InstrumentLedger.id == ledger_id).with_for_update()
        )
        if ledger is None:
            return None
        delete_ledger(session, ledger, now=now, actor=ACTOR)
        return True

    with transaction(engine) as session:
        forget_old_codes(session, now - kept_for("unconfirmed"))
        subscriptions = session.scalars(select(Subscription.id).where(over)).all()
        ledgers = session.scalars(select(InstrumentLedger.id).where(unused)).all()
    deleted = one_by_one(engine, "expired subscription", subscriptions, drop_subscription)
    deleted += one_by_one(engine, "expired ledger", ledgers, drop_ledger)
    return len(deleted)
