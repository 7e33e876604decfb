"""Subscriptions of firms to the opening of a service in a county that has none, without an account.

An address is used once it is confirmed (``stations.notices.firm_address``). Openings are not reported by the code
that edits the registry; instead ``stations.firms.reminders`` checks the dated registry each day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.catalogue.service import Service, get_services
from stations.database import Base, Versioned
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound
from stations.language import DEFAULT_LANGUAGE, N_, Language, LanguageCode
from stations.notices.address import read_way
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS, channel_column
from stations.notices.firm_address import check_room_for_code, forget_notices, new_proof, public_url
from stations.notices.outbox import CODE_MESSAGE, enqueue
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.registry.nearest_stations import covers
from stations.registry.station import Station, Status, offered_on, status_on
from stations.requests.consent import Purpose, current_consent
from stations.requests.one_time_code import VALID_FOR, new_one_time_code
from stations.secret_codes import read_code, secret_text


class Subscription(Base, Versioned):
    """A subscription of an address to the opening of a service in a county.

    ``proof``: the code in links of messages, for confirming and ending the subscription. It is stored in clear because
    every such message contains it and it allows nothing else. ``asked_at``: when the address was asked to confirm, None
    while it is only a wish (``stations.firms.wishes``). ``told_at``: when the notice of opening was sent, which happens
    once.
    """

    __tablename__ = "subscription"
    in_caches = False
    personal_data = PersonalData(
        columns=("address",),
        kept="until it is ended, or its days in retention.csv are over",
        deleted_by=("stations.firms.subscriptions:forget",),
    )
    __table_args__ = (
        UniqueConstraint("county_adcode", "service_code", "channel", "address"),
        CheckConstraint("told_at IS NULL OR confirmed_at IS NOT NULL", name="told"),
        Index(None, "county_adcode", "service_code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"))
    service_code: Mapped[str] = mapped_column(ForeignKey("service.code"))
    channel: Mapped[Channel] = channel_column()
    address: Mapped[str] = mapped_column(String(500))
    language: Mapped[LanguageCode] = mapped_column(String(10), default=DEFAULT_LANGUAGE)
    proof: Mapped[str] = mapped_column(String(40), unique=True)
    consented_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    county: Mapped[County] = relationship()
    service: Mapped[Service] = relationship()


@dataclass(frozen=True)
class SubscriptionForm:
    """The entered values. ``notice_channel``, ``notice_address``: where to send the notice."""

    county_adcode: str
    service_code: str
    notice_channel: str
    notice_address: str
    consent: bool
    language: LanguageCode


def first_station(
    session: Session, county_adcode: str, service: Service, as_of: date, *, samples: bool = False
) -> Station | None:
    """Return a station of the county that offers the service (or, if its record names only groups, its group) on a
    day, or None.

    Nobody is notified of sample stations, so they count only with ``samples``.
    """
    status = status_on(as_of).subquery()
    return session.scalar(
        select(Station)
        .join(status, status.c.station_id == Station.id)
        .where(
            status.c.status == Status.ACTIVE,
            *(() if samples else (Station.sample.is_(False),)),
            Station.county_adcode == county_adcode,
            Station.offers.any(covers(service) & offered_on(as_of)),
        )
        .order_by(Station.code)
        .limit(1)
    )


def subscribe(
    session: Session,
    form: SubscriptionForm,
    *,
    now: datetime,
    today: date,
    configured: Collection[Channel] = CHANNELS,
) -> None:
    """Store a subscription, and send its address a confirmation code.

    ``configured``: the channels of this installation. An address of another is kept as a wish, and asked to confirm
    once its channel is set up (``stations.firms.wishes``).

    Returns nothing, so that nobody can learn what an address has subscribed to. A repeated subscription sends the
    code again if it is not confirmed yet, and does nothing if it is.

    Raises:
        InvalidForm: one problem for each wrong field.
        InvalidInput: the address got too many codes today.
        Conflict: a station of the county offers the service already.
    """
    problems: list[InvalidInput] = []
    service = way = None
    if not form.county_adcode or session.get(County, form.county_adcode) is None:
        problems.append(InvalidInput("county_adcode", N_("Choose the county your firm is in")))
    try:
        (service,) = get_services(session, [form.service_code]) if form.service_code else (None,)
    except InvalidInput:
        service = None
    if service is None:
        problems.append(InvalidInput("service_code", N_("Choose a service")))
    try:
        way = read_way(form.notice_channel, form.notice_address)
    except InvalidInput as problem:
        problems.append(problem)
    if not form.consent:
        problems.append(InvalidInput("consent", N_("You can be told only if you agree that the address is kept")))
    if problems or service is None or way is None:
        raise InvalidForm(problems)
    station = first_station(session, form.county_adcode, service, today)
    if station is not None:
        raise Conflict(N_("“{name}” in this county offers it already; you need not wait"), name=station.name)
    channel, address = way
    subscription = session.scalar(
        select(Subscription)
        .where(
            Subscription.county_adcode == form.county_adcode,
            Subscription.service_code == service.code,
            Subscription.channel == channel,
            Subscription.address == address,
        )
        .with_for_update()
    )
    fresh = False
    if subscription is None:
        subscription = Subscription(
            code=f"N-{secret_text(12)}",
            county_adcode=form.county_adcode,
            service_code=service.code,
            channel=channel,
            address=address,
            proof=new_proof(),
            created_at=now,
        )
        fresh = True
    elif subscription.confirmed_at is not None and subscription.told_at is None:
        return
    elif subscription.told_at is not None:
        # The service opened, was reported and has closed again: start a new subscription.
        subscription.confirmed_at = subscription.told_at = subscription.asked_at = None
        subscription.proof = new_proof()
    subscription.language, subscription.updated_at = Language(form.language).code, now
    subscription.consented_at, subscription.consent_version = now, current_consent(Purpose.SUBSCRIPTION).version
    if fresh:
        try:
            with session.begin_nested():
                session.add(subscription)
        except IntegrityError:
            return  # two requests at once; the other one sends the code
    session.flush()
    if channel in configured:
        check_room_for_code(session, address, now)
        _send_code(session, subscription, now)
    _note(session, subscription, AuditAction.SUBSCRIBE, now)


def ask_to_confirm(session: Session, subscription: Subscription, now: datetime) -> bool:
    """Send the address of a subscription a code; return whether it had not got too many of late."""
    try:
        check_room_for_code(session, subscription.address, now)
    except InvalidInput:
        return False
    _send_code(session, subscription, now)
    return True


def code_purpose(channel: Channel, address: str) -> str:
    """Return what the codes of six digits for an address prove: all its subscriptions have the same."""
    return f"subscriptions of {channel.code} {address}"


def _send_code(session: Session, subscription: Subscription, now: datetime) -> None:
    subscription.asked_at = now
    channel, address = subscription.channel, subscription.address
    code = new_one_time_code(session, code_purpose(channel, address), now)
    language = Language(subscription.language)
    say = language.translate
    told = {
        "code": code,
        "service": service_name(subscription, language),
        "county": county_name(subscription, language),
        "minutes": VALID_FOR.seconds // 60,
    }
    base = public_url()
    lines = [
        say(
            N_("{code} is your code to be told here when “{service}” opens in {county}, for {minutes} minutes."), **told
        ),
        say(N_("Or open this link: {link}"), link=f"{base}/subscribe?code={subscription.proof}")
        if base
        else say(N_("Type it on the page “Tell me when it opens”; later, ask there for a new one.")),
        say(N_("If you did not ask for it, do nothing: nothing more will come, and the address is deleted.")),
    ]
    enqueue(
        session,
        key=f"{subscription.code}{CODE_MESSAGE}{secret_text(8)}",
        channel=channel,
        address=address,
        subject=say(N_("Confirm this address")),
        text="\n".join(lines),
        data={"subject": subscription.code, "kind": "confirm_address", "code": subscription.proof},
        now=now,
        sample=False,
    )


def way_to_end(subscription: Subscription, language: Language) -> str:
    """Return how to end a subscription: a link if ``PUBLIC_URL`` is set, else the page on which to do it."""
    if base := public_url():
        return f"{base}/subscribe?code={subscription.proof}"
    return language.translate(N_("on the page “Tell me when it opens”, with a code sent to this address"))


def service_name(subscription: Subscription, language: Language) -> str:
    """Return the name of the subscribed service."""
    return language.pick(subscription.service.name_zh, subscription.service.name_en)


def county_name(subscription: Subscription, language: Language) -> str:
    """Return the name of the subscribed county."""
    return language.pick(subscription.county.name, subscription.county.name_en)


def find_subscription(session: Session, typed: str) -> Subscription:
    """Return the subscription with a typed code, or one from a link.

    Raises:
        NotFound: there is none (any more).
    """
    found = session.scalar(select(Subscription).where(Subscription.proof == read_code(typed)))
    if found is None:
        raise NotFound(N_("No subscription has this code; it may have ended, or the newest message has another"))
    return found


def confirm(session: Session, typed: str, *, now: datetime) -> Subscription:
    """Confirm the address; a second call changes nothing.

    Raises:
        NotFound: as ``find_subscription``.
    """
    subscription = find_subscription(session, typed)
    confirm_found(session, subscription, now)
    return subscription


def confirm_found(session: Session, subscription: Subscription, now: datetime) -> None:
    """Confirm the address of a subscription, unless that was done before."""
    if subscription.confirmed_at is None:
        subscription.confirmed_at = subscription.updated_at = now
        _note(session, subscription, AuditAction.CONFIRM_ADDRESS, now)


def end(session: Session, typed: str, *, now: datetime) -> None:
    """Delete a subscription with its address and the messages to it, permanently.

    Raises:
        NotFound: as ``find_subscription``.
    """
    subscription = find_subscription(session, typed)
    forget(session, subscription)
    _note(session, subscription, AuditAction.END_SUBSCRIPTION, now)


def end_again(session: Session, subscription: Subscription, *, actor: str, now: datetime) -> None:
    """End a subscription that had been ended before an older backup was restored. ``actor``: for the log."""
    forget(session, subscription)
    _note(session, subscription, AuditAction.END_SUBSCRIPTION, now, actor)


def forget(session: Session, subscription: Subscription) -> None:
    """Delete a subscription and the messages to its address."""
    forget_notices(session, f"{subscription.code}:")
    session.delete(subscription)
    session.flush()


def _note(
    session: Session, subscription: Subscription, action: AuditAction, now: datetime, actor: str = SystemActor.FIRM
) -> None:
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject_kind=AuditSubject.SUBSCRIPTION,
        subject=subscription.code,
        service=subscription.service_code,
        county=subscription.county_adcode,
    )
