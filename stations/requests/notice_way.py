"""Where a firm is told of each step of its request: choosing the address, and confirming that it is the reader's own.

An address that a firm names may be mistyped or somebody else's. It gets one message with a code; nothing else is sent
there until the code, or the link in that message, comes back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail, SystemActor
from stations.errors import InvalidInput, NotFound
from stations.language import N_, Language, LanguageCode
from stations.notices.address import read_way
from stations.notices.channel import Channel
from stations.notices.firm_address import (
    CODE_MESSAGE,
    check_room_for_code,
    new_proof,
    proves,
    public_url,
    written,
)
from stations.notices.outbox import enqueue
from stations.requests.request_notices import tell_of_step
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import read_code


def read_notice_way(channel: str, address: str) -> tuple[Channel | None, str | None]:
    """Return the channel and address for notices, checked; both None if the firm wants no notices.

    Raises:
        InvalidInput: ``notice_channel`` is not the code of a channel, or ``notice_address`` is not an address of it.
    """
    return read_way(channel, address) if channel else (None, None)


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
    if way != (request.notice_channel, request.notice_address) or request.notice_confirmed_at is None:
        if way[1] is not None:
            check_room_for_code(session, way[1], now)
        request.notice_channel, request.notice_address = way
        ask_to_confirm(session, request, now)
    _note(session, request, AuditAction.CHOOSE_NOTICE_WAY, now, channel=channel)


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
    say = Language(request.language).translate
    base = public_url()
    way = (
        f"{base}/track?confirm={proof}"
        if base
        else say(N_("code {code}, on the page “Track”, at your request"), code=written(proof))
    )
    enqueue(
        session,
        key=f"request:{request.number}{CODE_MESSAGE}{proof[:5]}",
        channel=channel,
        address=address,
        subject=say(N_("Confirm this address for notices")),
        text="\n".join(
            (
                say(N_("Somebody wants to be told here of each step of request {number}."), number=request.number),
                say(N_("If that was you, confirm this address: {way}"), way=way),
                say(N_("If not, do nothing: nothing more will come.")),
            )
        ),
        data={"subject": request.number, "kind": "confirm_address", "code": proof},
        now=now,
        sample=request.sample,
    )


def confirm_notice_address(session: Session, request: ServiceRequest, typed: str, *, now: datetime) -> None:
    """Confirm the address with the code that was sent there; a second call changes nothing.

    What happened meanwhile is told: to people how the request stands, to programs every step.

    Raises:
        InvalidInput: the code is wrong (field ``notice_code``).
    """
    if not proves(typed, request.notice_proof):
        raise InvalidInput("notice_code", N_("This is not the code that was sent; look at the newest message"))
    if request.notice_confirmed_at is not None or request.notice_channel is None:
        return
    request.notice_confirmed_at = request.updated_at = now
    _note(session, request, AuditAction.CONFIRM_ADDRESS, now)
    for event in request.events if request.notice_channel.read_by_programs else request.events[-1:]:
        tell_of_step(session, request, event)


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
