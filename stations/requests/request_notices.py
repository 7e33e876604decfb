"""Notices to a firm of the steps of its request, by the channel that it chose, through the outbox.

A notice says what happened, what comes next and by when; never a reason, a result, a name or the code: those are read
on the page. It is in the language in which the firm filed. Nothing is told before the address is confirmed
(``notice_way``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.language import N_, Language, label
from stations.notices.channel import Channel
from stations.notices.firm_address import public_url
from stations.notices.outbox import enqueue
from stations.requests.deadlines import deadlines
from stations.requests.moves import MOVES
from stations.requests.service_request import RequestEvent, RequestMessage, ServiceRequest
from stations.requests.states import DueKind, Party
from stations.requests.words import step_in_words


def tell_of_step(session: Session, request: ServiceRequest, event: RequestEvent) -> None:
    """Put a notice of a step into the outbox, if the firm wants one."""
    channel = confirmed_channel(request)
    silent = event.move is not None and MOVES[event.move].silent
    if channel is None or silent or (event.source is not None and not _told_of(channel, event.party)):
        return
    say = Language(request.language)
    _enqueue(
        session,
        request,
        f"request:{request.number}:step:{event.position}",
        step_in_words(say, event),
        {
            "event": event.move.value if event.move else ("deliver_item" if event.item else "file"),
            "position": event.position,
            "service": event.item.service_code if event.item else None,
            "state": event.target.value,
        },
        event.at,
    )


def tell_of_message(session: Session, request: ServiceRequest, message: RequestMessage) -> None:
    """Put a notice of a message, without its text, into the outbox, if the firm wants one."""
    channel = confirmed_channel(request)
    if channel is None or not _told_of(channel, message.party):
        return
    session.flush()
    language = Language(request.language)
    told = {Party.STATION: N_("The station wrote to you"), Party.FIRM: N_("You wrote to the station")}
    _enqueue(
        session,
        request,
        f"request:{request.number}:message:{message.id}",
        language.translate(told[message.party]),
        {"event": "message", "by": message.party.value, "state": request.state.value},
        message.at,
    )


def told_elsewhere(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Tell the confirmed address, before it is changed, that notices go elsewhere from now on."""
    _warn(session, request, "elsewhere", N_("Notices of request {number} go elsewhere from now on."), now)


def tell_of_contact(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Tell the confirmed address that the firm's contact details were changed."""
    _warn(session, request, "contact", N_("The contact details of request {number} were changed."), now)


def tell_of_new_code(session: Session, request: ServiceRequest, now: datetime) -> None:
    """Tell the confirmed address that the request has another code."""
    _warn(session, request, "code", N_("Request {number} has a new code; the one before no longer opens it."), now)


def confirmed_channel(request: ServiceRequest) -> Channel | None:
    """Return the channel by which the firm is told; None if it wants no notices or has not confirmed its address."""
    return request.notice_channel if request.notice_confirmed_at is not None else None


def _told_of(channel: Channel, party: Party) -> bool:
    """Whether a firm gets notices of the steps of a party.

    People know what they did themselves; programs need every step to stay in sync. Everybody gets a notice of the
    filing.
    """
    return channel.read_by_programs or party is Party.STATION


def _enqueue(
    session: Session, request: ServiceRequest, key: str, happened: str, data: dict[str, Any], now: datetime
) -> None:
    channel, address = request.notice_channel, request.notice_address
    if channel is None or address is None:
        return
    language = Language(request.language)
    say = language.translate
    state = label(language, request.state)
    due_on = next((due.by.day for due in deadlines(request) if due.by and due.kind is not DueKind.TAKE_UP), None)
    lines = [say(N_("Your request {number}: {happened}."), number=request.number, happened=happened)]
    if request.state.turn is Party.FIRM:
        lines.append(say(N_("It is your turn now.")))
    elif due_on is not None:
        lines.append(say(N_("The station has to act by {day}."), day=language.format_date(due_on)))
    lines.append(_where_to_look(language, request))
    enqueue(
        session,
        key=key,
        channel=channel,
        address=address,
        subject=say(N_("Your request {number}: {state}"), number=request.number, state=state),
        text="\n".join(lines),
        data={
            "subject": request.number,
            "number": request.number,
            "at": now.isoformat(),
            "due_on": due_on.isoformat() if due_on else None,
            **data,
        },
        now=now,
        sample=request.sample,
    )


def _where_to_look(language: Language, request: ServiceRequest) -> str:
    base = public_url()
    if base:
        return language.translate(N_("See it: {link}"), link=f"{base}/track?number={request.number}")
    return language.translate(N_("See it on the page “Follow a request”."))


def _warn(session: Session, request: ServiceRequest, kind: str, happened: str, now: datetime) -> None:
    """Send the confirmed address what somebody did with the request, which the firm may not have done itself."""
    channel, address = confirmed_channel(request), request.notice_address
    if channel is None or address is None:
        return
    language = Language(request.language)
    say = language.translate
    told = say(happened, number=request.number)
    phone = request.station.phone
    lines = [
        told,
        say(N_("If that was not you, call the station: {phone}"), phone=phone)
        if phone
        else say(N_("If that was not you, tell the station.")),
    ]
    enqueue(
        session,
        key=f"request:{request.number}:{kind}:{now:%Y%m%d%H%M%S%f}",
        channel=channel,
        address=address,
        subject=told,
        text="\n".join(lines),
        data={"subject": request.number, "number": request.number, "event": f"{kind}_changed", "at": now.isoformat()},
        now=now,
        sample=request.sample,
    )
