"""Sending a test notice, to see whether a channel works before anybody depends on it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import Conflict, InvalidInput
from stations.language import N_, Language
from stations.notices.channel_table import read_channel
from stations.notices.parcel import NotSent, Parcel
from stations.notices.settings import NoticeSettings


def send_test_notice(
    session: Session,
    actor: Actor | None,
    settings: NoticeSettings,
    code: str,
    address: str,
    *,
    language: Language,
    now: datetime,
) -> None:
    """Send a test notice for a person at once, past the outbox, and log it.

    Raises:
        NotAllowed: it is outside the actor's duty.
        InvalidInput, Conflict: as in ``send_test_notice_as``.
    """
    actor = require(actor, Action.SEE_OPERATIONS, whole_province())
    send_test_notice_as(session, actor.username, settings, code, address, language=language, now=now)


def send_test_notice_as(
    session: Session, by: str, settings: NoticeSettings, code: str, address: str, *, language: Language, now: datetime
) -> None:
    """Send a test notice at once, and log that ``by`` did so. ``code``: of the channel.

    Raises:
        InvalidInput: there is no such channel here, or the address can't be one.
        Conflict: the other side did not take it; the message says why.
    """
    channel = read_channel("channel", code)
    if channel not in settings.ways:
        raise InvalidInput("channel", N_("This channel is not set up here"))
    read = channel.check_address("address", address)
    key = f"test-{secrets.token_hex(8)}"
    parcel = Parcel(
        id=0,
        lease="",
        key=key,
        channel=channel.code,
        address=read,
        subject=language.translate(N_("Test notice")),
        text=language.translate(N_("This is a test notice of the portal. Nothing needs to be done.")),
        data={"subject": key, "test": True},
        tries=1,
    )
    log.record(
        session,
        at=now,
        actor=by,
        action=AuditAction.SEND_TEST_NOTICE,
        subject_kind=AuditSubject.NOTICE,
        subject=key,
        channel=channel.code,
    )
    try:
        channel.sender(settings.ways[channel])(parcel, now)
    except NotSent as problem:
        raise Conflict(N_("The test notice was not taken: {reason}"), reason=str(problem)) from problem
