"""The outbox: every outgoing message is a row, written in the transaction of the action that it reports.

So no message reports something that did not happen, and none is lost. ``stations.notices.delivery`` sends the rows and
marks them. A notice about a sample record can be viewed but is never sent.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Integer, String, Text, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned, choice
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import Conflict, NotFound
from stations.language import N_, LabelledEnum
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_column
from stations.notices.parcel import Parcel
from stations.personal_data import PersonalData

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=48),
)
"""The wait after each failed attempt; after the last one the notice has failed."""

LEASE = timedelta(minutes=5)
"""How long a sender has a notice to itself: longer than an attempt can take, so that only a dead sender loses it."""

CODE_MESSAGE = ":confirm:"
"""Part of the key of every message with a code, and of no other."""

_KEY = re.compile(r"[A-Za-z0-9:_.@/-]{1,200}")


class NoticeState(LabelledEnum):
    """The state of a notice. ``WITHHELD``: it is about a sample record and is never sent."""

    WAITING = "waiting", N_("Waiting")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Failed")
    WITHHELD = "withheld", N_("Sample, never sent")


class Notice(Base, Versioned):
    """An outgoing message.

    ``key`` identifies its content and receiver; it is sent with the message, so that a receiver can drop a duplicate.
    ``data``: the content for programs. ``tries``: the number of attempts begun; ``next_try_at``: the earliest time of
    the next one. ``lease``: the token of the sender at work, until ``leased_until``.
    """

    __tablename__ = "notice"
    in_caches = False
    personal_data = PersonalData(
        columns=("address",),
        written=("text",),
        kept="to an office, without limit; of a subscription, a ledger or a request, as long as that",
        deleted_by=(
            "stations.notices.firm_address:forget_notices",
            "stations.notices.firm_address:forget_old_codes",
            "stations.requests.erasure:erase",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[Channel] = channel_column()
    address: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    state: Mapped[NoticeState] = mapped_column(choice(NoticeState, "state"), index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    lease: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(Boolean)


def enqueue(
    session: Session,
    *,
    key: str,
    channel: Channel,
    address: str,
    subject: str,
    text: str,
    data: dict[str, Any],
    now: datetime,
    sample: bool,
) -> Notice:
    """Put a notice into the outbox, in the transaction of the action that it reports, and return it.

    A second notice with the same ``key`` is not added: the first one is returned unchanged. ``address`` must have been
    checked (``stations.notices.address``). ``data`` must be plain JSON; its ``subject``, e.g. a tracking number,
    determines the secret that signs a call-back.

    Raises:
        ValueError: ``key`` is too long or contains characters not allowed in a header.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} can't be the key of a notice")
    before = session.scalar(select(Notice).where(Notice.key == key))
    if before is not None:
        return before
    notice = Notice(
        key=key,
        channel=channel,
        address=address,
        subject=subject,
        text=text,
        data=data,
        state=NoticeState.WITHHELD if sample else NoticeState.WAITING,
        tries=0,
        next_try_at=now,
        sample=sample,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError:
        # Another server wrote the same one at the same moment.
        before = session.scalar(select(Notice).where(Notice.key == key))
        if before is None:
            raise
        return before
    return notice


def claim(session: Session, channels: Collection[Channel], now: datetime) -> Parcel | None:
    """Claim the notice that has been due longest on one of ``channels``; None if none is due.

    The notices to one address are sent in the order in which they were written: while the first waits for its next
    attempt, the later ones wait behind it. So a receiver that was away gets all in order, and is asked for one only.
    Commit the transaction before sending. Several servers may call this at once: SQLite lets one transaction write at a
    time, PostgreSQL skips the rows locked by another one. An expired lease means that the sender died; the notice is
    then due again, and the attempt has been counted.
    """
    earlier = aliased(Notice)
    waits_behind = exists().where(
        earlier.state == NoticeState.WAITING,
        earlier.channel == Notice.channel,
        earlier.address == Notice.address,
        earlier.id < Notice.id,
    )
    notice = session.scalar(
        select(Notice)
        .where(
            Notice.state == NoticeState.WAITING,
            Notice.channel.in_(channels),
            Notice.next_try_at <= now,
            or_(Notice.leased_until.is_(None), Notice.leased_until <= now),
            ~waits_behind,
        )
        .order_by(Notice.next_try_at, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if notice is None:
        return None
    notice.lease, notice.leased_until = secrets.token_hex(16), now + LEASE
    notice.tries += 1
    _touch(notice, now)
    return Parcel(
        id=notice.id,
        lease=notice.lease,
        key=notice.key,
        channel=notice.channel.code,
        address=notice.address,
        subject=notice.subject,
        text=notice.text,
        data=notice.data,
        tries=notice.tries,
    )


def mark_sent(session: Session, parcel: Parcel, now: datetime) -> None:
    """Record that the parcel was sent. Does nothing if its lease has passed to another sender."""
    notice = _held(session, parcel)
    if notice is not None:
        notice.state, notice.sent_at, notice.last_error = NoticeState.SENT, now, None
        if CODE_MESSAGE in notice.key:  # nobody needs the code here any more
            notice.text, notice.subject = "", ""
            notice.data = {name: value for name, value in notice.data.items() if name != "code"}
        _release(notice, now)


def mark_failed(session: Session, parcel: Parcel, reason: str, now: datetime, *, for_good: bool = False) -> None:
    """Record a failed attempt: the notice is due again after ``BACK_OFF``, or has failed.

    It has failed after the last attempt, or if no further attempt can help (``for_good``).
    """
    notice = _held(session, parcel)
    if notice is None:
        return
    notice.last_error = reason[:300]
    if for_good or notice.tries > len(BACK_OFF):
        notice.state = NoticeState.FAILED
    else:
        notice.next_try_at = now + BACK_OFF[notice.tries - 1]
    _release(notice, now)


@dataclass(frozen=True)
class OutboxStanding:
    """The notices of one channel in one state: their number and the time of the oldest.

    ``configured``: whether this installation has the channel; otherwise its notices wait.
    """

    channel: Channel
    state: NoticeState
    count: int
    oldest: datetime
    configured: bool


def outbox_standing(session: Session, actor: Actor | None, configured: Collection[Channel]) -> list[OutboxStanding]:
    """Return ``count_notices`` for a person.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_NOTICES, whole_province())
    return count_notices(session, configured)


def count_notices(session: Session, configured: Collection[Channel]) -> list[OutboxStanding]:
    """Return the numbers of notices by channel and state. ``configured``: the channels that this installation has."""
    counted = session.execute(
        select(Notice.channel, Notice.state, func.count(), func.min(Notice.created_at))
        .group_by(Notice.channel, Notice.state)
        .order_by(Notice.channel, Notice.state)
    )
    return [OutboxStanding(*row, configured=row[0] in configured) for row in counted]


def list_failed(session: Session, actor: Actor | None, *, after_id: int = 0, limit: int = 50) -> list[Notice]:
    """Return one page of ``failed_notices`` for a person.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_NOTICES, whole_province())
    return failed_notices(session, after_id=after_id, limit=limit)


def failed_notices(session: Session, *, after_id: int = 0, limit: int = 50) -> list[Notice]:
    """Return one page of the failed notices, oldest first.

    ``after_id``: the id of the last one of the previous page.
    """
    failed = select(Notice).where(Notice.state == NoticeState.FAILED, Notice.id > after_id)
    return list(session.scalars(failed.order_by(Notice.id).limit(limit)))


def try_again(session: Session, actor: Actor | None, key: str, *, now: datetime) -> Notice:
    """Reset a failed notice, so that it is sent again with all attempts, and return it.

    Raises:
        NotAllowed: it is outside the actor's duty.
        NotFound: there is no such notice.
        Conflict: it has not failed.
    """
    actor = require(actor, Action.RETRY_NOTICES, whole_province())
    notice = session.scalar(select(Notice).where(Notice.key == key).with_for_update())
    if notice is None:
        raise NotFound(N_("There is no notice {key}"), key=key)
    if notice.state is not NoticeState.FAILED:
        raise Conflict(N_("This notice has not failed"))
    notice.state, notice.tries, notice.next_try_at = NoticeState.WAITING, 0, now
    _touch(notice, now)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.RETRY_NOTICE,
        subject_kind=AuditSubject.NOTICE,
        subject=key[:80],
    )
    return notice


def _held(session: Session, parcel: Parcel) -> Notice | None:
    mine = select(Notice).where(Notice.id == parcel.id, Notice.lease == parcel.lease)
    return session.scalar(mine.with_for_update())


def _release(notice: Notice, now: datetime) -> None:
    notice.lease = notice.leased_until = None
    _touch(notice, now)


def _touch(notice: Notice, now: datetime) -> None:
    notice.version += 1
    notice.updated_at = now
