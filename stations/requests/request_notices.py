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
    lines = [
        say(N_("Request {number}: {happened}."), number=request.number, happened=happened),
        say(N_("It now stands at: {state}."), state=state),
        say(request.state.next_step(Party.FIRM)),
    ]
    if due_on is not None:
        lines.append(say(N_("The station has to act by {day}."), day=language.format_date(due_on)))
    lines.append(say(N_("Read more under “Track”, with your tracking number and code.")))
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
