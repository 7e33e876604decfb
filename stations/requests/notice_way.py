"""Where a firm is told of each step of its request: choosing the address, and confirming that it is the reader's own.

An address that a firm names may be mistyped or somebody else's. It gets one message with a code; nothing else is sent
there until the code, or the link in that message, comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail, SystemActor
from stations.errors import InvalidInput, NotFound
from stations.language import N_, Language, LanguageCode
from stations.notices.address import check_address, read_way
from stations.notices.channel import Channel
from stations.notices.firm_address import (
    check_room_for_code,
    new_proof,
    proves,
    public_url,
)
from stations.notices.outbox import CODE_MESSAGE, enqueue
from stations.requests.one_time_code import VALID_FOR, new_one_time_code, try_code
from stations.requests.request_notices import tell_of_step, told_elsewhere
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import read_code


def read_notice_way(channel: str, address: str) -> tuple[Channel | None, str | None]:
    """Return the channel and address for notices, checked; both None if the firm wants no notices.

    Raises:
        InvalidInput: ``notice_channel`` is not the code of a channel, or ``notice_address`` is not an address of it.
    """
    return read_way(channel, address) if channel else (None, None)


def own_address(channel: Channel, given: Mapping[str, str]) -> str | None:
    """Return the firm's own address for a channel as it is stored; None if it gave none that the channel can use.

    ``given``: its telephone and e-mail address, as typed, by field.
    """
    typed = given.get(channel.contact, "")
    if not typed.strip():
        return None
    try:
        return check_address("notice_address", channel, typed)
    except InvalidInput:
        return None


def choose_notice_way(
    session: Session, request: ServiceRequest, channel: str, address: str, language: LanguageCode, *, now: datetime
) -> None:
    """Change where future notices go. The caller has checked that this is the request's firm.

    Another address has to be confirmed; so has the same one, with a new code, if it is not confirmed yet.

    Raises:
        InvalidInput: as in ``read_notice_way``, or the address got too many codes today.
    """
    way = read_notice_way(channel, address)
    request.language = Language(language).code
    request.updated_at = now
    if way != (request.notice_channel, request.notice_address):
        told_elsewhere(session, request, now)
    change_notice_way(session, request, way, now)
    _note(session, request, AuditAction.CHOOSE_NOTICE_WAY, now, channel=channel)


def change_notice_way(
    session: Session, request: ServiceRequest, way: tuple[Channel | None, str | None], now: datetime
) -> None:
    """Send notices by another way from now on, once it is confirmed.

    Raises:
        InvalidInput: the new address got too many codes today (field ``notice_address``).
    """
    channel, address = way
    if way == (request.notice_channel, request.notice_address) and request.notice_confirmed_at is not None:
        return
    if address is not None:
        check_room_for_code(session, address, now)
    request.notice_channel, request.notice_address = channel, address
    ask_to_confirm(session, request, now)


def ask_to_confirm(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Send the address of a request a new code, if it got fewer than are allowed in a day.

    Without room for one, ``notice_proof`` stays empty: the firm asks for it later, on the tracking page.
    """
    request.notice_proof = request.notice_confirmed_at = None
    channel, address = request.notice_channel, request.notice_address
    if channel is None or address is None:
        return
    try:
        check_room_for_code(session, address, now)
    except InvalidInput:
        return
    request.notice_proof = proof = new_proof()
    code = new_one_time_code(session, _purpose(request), now)
    say = Language(request.language).translate
    lines = [
        say(
            N_("{code} is your code for notices of request {number}, for {minutes} minutes."),
            code=code,
            number=request.number,
            minutes=VALID_FOR.seconds // 60,
        )
    ]
    if base := public_url():
        lines.append(say(N_("Or open this link: {link}"), link=f"{base}/track?confirm={proof}"))
    lines.append(say(N_("If you did not ask for it, do nothing: nothing more will come.")))
    enqueue(
        session,
        key=f"request:{request.number}{CODE_MESSAGE}{proof[:5]}",
        channel=channel,
        address=address,
        subject=say(N_("Confirm this address for notices")),
        text="\n".join(lines),
        data={"subject": request.number, "kind": "confirm_address", "code": proof},
        now=now,
        sample=request.sample,
    )


def try_notice_code(session: Session, request: ServiceRequest, typed: str, *, now: datetime) -> bool:
    """Confirm the address with the six digits that were sent there; return whether they were right.

    A wrong code counts, so the transaction has to be committed either way.
    """
    if not try_code(session, _purpose(request), typed, now):
        return False
    _confirm_family(session, request, now)
    return True


def confirm_notice_address(session: Session, request: ServiceRequest, typed: str, *, now: datetime) -> None:
    """Confirm the address with the code in the link that was sent there; a second call changes nothing.

    Raises:
        InvalidInput: the code is wrong (field ``notice_code``).
    """
    if not proves(typed, request.notice_proof):
        raise InvalidInput("notice_code", N_("This is not the code that was sent; look at the newest message"))
    _confirm_family(session, request, now)


def _confirm_family(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Confirm the address of a request and of all its parts that have the same: one code is sent for them."""
    for one in request.family:
        if (one.notice_channel, one.notice_address) == (request.notice_channel, request.notice_address):
            _confirm(session, one, now)


def _confirm(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Note that the address is confirmed. What happened meanwhile is told: to people how the request stands, to
    programs every step.
    """
    if request.notice_confirmed_at is not None or request.notice_channel is None:
        return
    request.notice_confirmed_at = request.updated_at = now
    _note(session, request, AuditAction.CONFIRM_ADDRESS, now)
    for event in request.events if request.notice_channel.read_by_programs else request.events[-1:]:
        tell_of_step(session, request, event)


def _purpose(request: ServiceRequest) -> str:
    return f"notices of {request.family[0].number} to {request.notice_address}"


def find_by_notice_code(session: Session, typed: str) -> ServiceRequest:
    """Return the request whose address got this code, from a link in a message. It proves nothing but that.

    Raises:
        NotFound: there is none (any more).
    """
    proof = read_code(typed)
    found = session.scalar(select(ServiceRequest).where(ServiceRequest.notice_proof == proof)) if proof else None
    if found is None:
        raise NotFound(N_("No request waits for this code; the newest message may have another"))
    return found


def refuse_notices(session: Session, request: ServiceRequest, *, now: datetime) -> None:
    """Forget the address of a request: its reader wants nothing."""
    request.notice_channel = request.notice_address = request.notice_proof = request.notice_confirmed_at = None
    request.updated_at = now
    _note(session, request, AuditAction.CHOOSE_NOTICE_WAY, now, channel="")


def _note(
    session: Session, request: ServiceRequest, action: AuditAction, now: datetime, /, **detail: Unpack[Detail]
) -> None:
    log.record(
        session,
        at=now,
        actor=SystemActor.FIRM,
        action=action,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        **detail,
    )
