"""“My requests”: opening a firm's requests again by the telephone or e-mail address it confirmed, without its code.

A code of six digits is sent there; who types it in the browser that asked for it has the contact's requests open in
that browser. Whether a contact has requests is told to nobody else: asking is answered alike, and a code that is not
sent is made and counted like one that is.

A request belongs to a contact that was confirmed for it. A request of the same firm (credit code) that names the same
contact belongs to it as well; one of another firm does not, because its number may be mistyped.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.database import transaction
from stations.entered_text import read_text
from stations.errors import InvalidInput, LimitReached
from stations.language import N_, Language, LanguageCode
from stations.notices.address import channel_of_contact, check_address
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.notices.firm_address import MOST_CODES, public_url
from stations.notices.outbox import CODE_MESSAGE, enqueue
from stations.readers.email_address import ADDRESS_LIMIT
from stations.readers.telephone import line_of
from stations.requests.code_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, count_wrong_try, is_closed_to
from stations.requests.code_session import keep_open
from stations.requests.one_time_code import COUNTED_FOR, VALID_FOR, codes_lately, new_one_time_code, try_code
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import secret_text


@dataclass(frozen=True)
class Contact:
    """Where a firm can be reached: an address of a channel, as it is stored."""

    channel: Channel
    address: str

    @property
    def purpose(self) -> str:
        """What a code sent there is for."""
        return f"requests of {self.channel.code} {self.address}"


def channels_of_contacts(configured: Collection[Channel]) -> list[Channel]:
    """Return the configured channels by which a person can be asked for a code."""
    return [channel for channel in CHANNELS if channel in configured and channel.contact]


def read_contact(typed: str, configured: Collection[Channel]) -> Contact:
    """Return the contact that was typed: an e-mail address if it has an @, else a mobile number.

    Raises:
        InvalidInput: it is neither, or nothing is sent there from this installation (field ``contact``).
    """
    text = read_text("contact", typed, limit=ADDRESS_LIMIT)
    channel = channel_of_contact(text)
    address = check_address("contact", channel, text)
    if channel not in configured:
        raise InvalidInput(
            "contact",
            N_("No code can be sent to “{value}” from here; write the other one you confirmed, or call the station"),
            value=text,
        )
    return Contact(channel, address.lower())  # no mail server in use tells Wang@ from wang@


def ask_for_code(
    engine: Engine, contact: Contact, *, browser: str, client: str, language: LanguageCode, now: datetime
) -> None:
    """Send a contact a code, if it has requests; nothing reveals whether it has.

    ``browser``: the token of the browser in which the code can be typed. ``client``: its network address.

    Raises:
        LimitReached: too many codes were asked for this contact, or from this network (field ``contact``).
    """
    with transaction(engine) as session:
        asked = codes_lately(session, now, COUNTED_FOR, purpose=contact.purpose)
        from_here = codes_lately(session, now, CLOSED_FOR, client=client)
        if asked >= MOST_CODES:
            raise LimitReached(
                "contact",
                N_("{count} codes were asked for this within a day; use the newest, or call the station"),
                count=MOST_CODES,
            )
        if from_here >= TRIES_BEFORE_CLOSING or is_closed_to(session, client, now):
            raise LimitReached("contact", N_("Too many codes were asked for from here; try again in a while"))
        code = new_one_time_code(session, contact.purpose, now, holder=browser, client=client)
        if requests_of(session, contact):
            _send(session, contact, code, language, now)


def open_requests_of(
    engine: Engine, contact: Contact, typed: str, *, browser: str, client: str, now: datetime
) -> list[str]:
    """Open every request of a contact in the browser that asked for the code; return their numbers, newest first.

    Raises:
        InvalidInput: the code is wrong or no longer valid, or this client is closed out (field ``recovery_code``).
    """
    with transaction(engine) as session:
        right = not is_closed_to(session, client, now) and try_code(
            session, contact.purpose, typed, now, holder=browser
        )
        if not right:
            count_wrong_try(session, contact.purpose, client, now)
        found = requests_of(session, contact) if right else []
        for request in reversed(found):  # the newest is opened last, and so shown first
            keep_open(session, browser, request, now)
            log.record(
                session,
                at=now,
                actor=SystemActor.FIRM,
                action=AuditAction.RECOVER_ACCESS,
                subject_kind=AuditSubject.SERVICE_REQUEST,
                subject=request.number,
                channel=contact.channel.code,
            )
    if not found:
        raise InvalidInput(
            "recovery_code",
            N_("This is not the code that was sent, or its {minutes} minutes are over; look at the newest message"),
            minutes=VALID_FOR.seconds // 60,
        )
    return [request.number for request in found]


def requests_of(session: Session, contact: Contact) -> list[ServiceRequest]:
    """Return the requests of a contact (see the module), newest first; none of samples, to which nothing is sent."""
    real = ServiceRequest.erased_at.is_(None) & ServiceRequest.sample.is_(False)
    confirmed = session.scalars(
        select(ServiceRequest).where(
            real,
            ServiceRequest.notice_channel == contact.channel,
            func.lower(ServiceRequest.notice_address) == contact.address,
            ServiceRequest.notice_confirmed_at.is_not(None),
        )
    ).all()
    firms = {request.credit_code for request in confirmed}
    of_firms = session.scalars(select(ServiceRequest).where(real, ServiceRequest.credit_code.in_(firms)))
    known = {request.id for request in confirmed}
    mine = [*confirmed, *(one for one in of_firms if one.id not in known and _names(one, contact))]
    return sorted(mine, key=lambda request: request.id, reverse=True)


def _names(request: ServiceRequest, contact: Contact) -> bool:
    if contact.channel.contact == "phone":
        return line_of(request.phone) == line_of(contact.address)
    return (request.email or "").lower() == contact.address


def _send(session: Session, contact: Contact, code: str, language: LanguageCode, now: datetime) -> None:
    say = Language(language).translate
    lines = [
        say(
            N_("{code} opens your requests on the page “Follow a request”, for {minutes} minutes."),
            code=code,
            minutes=VALID_FOR.seconds // 60,
        ),
        *([f"{public_url()}/track?recover=1"] if public_url() else []),
        say(N_("Tell it to nobody. If you did not ask for it, do nothing.")),
    ]
    enqueue(
        session,
        key=f"recover:{secret_text(12)}{CODE_MESSAGE}",
        channel=contact.channel,
        address=contact.address,
        subject=say(N_("Your code is {code}"), code=code),
        text="\n".join(lines),
        data={"subject": "recover", "kind": "recover_requests"},
        now=now,
        sample=False,
    )
