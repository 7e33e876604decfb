"""Notices to a firm of the steps of its request, by the channel that it chose, through the outbox.

A notice says what happened, what comes next and by when; never a reason, a result, a name or the code: those are read
on the page. It is in the language in which the firm filed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.language import N_, Language, LanguageCode, label
from stations.notices.address import read_way
from stations.notices.channel import Channel
from stations.notices.outbox import enqueue
from stations.requests.deadlines import deadlines
from stations.requests.moves import MoveName
from stations.requests.service_request import RequestEvent, RequestMessage, ServiceRequest
from stations.requests.states import Party
from stations.requests.words import step_in_words

_SILENT = frozenset({MoveName.ASSIGN})
"""Steps that the firm sees on the page but gets no notice of."""


def read_notice_way(channel: str, address: str) -> tuple[Channel | None, str | None]:
    """Return the channel and address for notices, checked; both None if the firm wants no notices.

    Raises:
        InvalidInput: ``notice_channel`` is not the code of a channel, or ``notice_address`` is not an address of it.
    """
    return read_way(channel, address) if channel else (None, None)


def choose_notice_way(
    session: Session, request: ServiceRequest, channel: str, address: str, language: LanguageCode, *, now: datetime
) -> None:
    """Change the channel and address of future notices. The caller has checked that this is the request's firm.

    Raises:
        InvalidInput: as in ``read_notice_way``.
    """
    request.notice_channel, request.notice_address = read_notice_way(channel, address)
    request.language = Language(language).code
    request.updated_at = now
    log.record(
        session,
        at=now,
        actor=SystemActor.FIRM,
        action=AuditAction.CHOOSE_NOTICE_WAY,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        channel=channel,
    )


def tell_of_step(session: Session, request: ServiceRequest, event: RequestEvent) -> None:
    """Put a notice of a step into the outbox, if the firm wants one."""
    channel = request.notice_channel
    if channel is None or event.move in _SILENT or (event.source is not None and not _told_of(channel, event.party)):
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
    if request.notice_channel is None or not _told_of(request.notice_channel, message.party):
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
    due_on = next((due.by.day for due in deadlines(request) if due.by is not None), None)
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
            "due_on": request.due_on.isoformat() if request.due_on else None,
            **data,
        },
        now=now,
        sample=request.sample,
    )
