"""The outbox: every message that leaves is a row, written in the transaction of the action it tells of.

So none is told that did not happen, and none that happened is lost. ``stations.notices.delivery``
sends the rows and marks them. A notice of a sample record is kept to be looked at and never leaves.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Integer, String, Text, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.database import Base, Versioned, choice
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import Conflict, NotFound
from stations.language import N_, LabelledEnum
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS, channel_column
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
"""How long to wait after each failed try; after the last one the notice has failed."""

LEASE = timedelta(minutes=5)
"""How long a sender has a notice to itself; longer than a try can take, so that only a sender that
died loses it."""

_KEY = re.compile(r"[A-Za-z0-9:_.@/-]{1,200}")


class NoticeState(LabelledEnum):
    """What has become of a notice. ``WITHHELD``: it tells of a sample record and never leaves."""

    WAITING = "waiting", N_("Waiting")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Failed")
    WITHHELD = "withheld", N_("Sample, never sent")


class Notice(Base, Versioned):
    """A message on its way out.

    ``key`` names what it tells and to whom; it travels with the message, so that a receiver can drop
    a double. ``data``: the same in a form for programs. ``tries``: how often sending has begun;
    ``next_try_at``: not before then. ``lease``: held by the sender at work, until ``leased_until``.
    """

    __tablename__ = "notice"
    in_caches = False
    personal_data = PersonalData(
        columns=("address",),
        written=("text",),
        kept="without limit; of a subscription or a ledger, as long as that",
        deleted_by=("stations.firms.firm_address:forget_notices", "stations.firms.firm_address:forget_old_codes"),
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
    """Put a notice into the outbox, in the transaction of the action it tells of.

    A second notice with the same ``key`` is not taken: the first one is given back as it is.
    ``address`` is taken to be checked (``stations.notices.address``). ``data`` must be plain JSON; its
    ``subject``, e.g. a tracking number, says which secret signs a call-back.

    Raises:
        ValueError: ``key`` holds what can't stand in a header, or is too long.
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
    """Take the notice that has been due longest on one of ``channels`` for this sender alone; None
    where none is due. The transaction must be committed before anything is sent.

    Several servers may call this at once: SQLite lets one transaction write at a time, PostgreSQL
    skips the rows another one holds. A lease that ran out is a sender that died; the notice is then
    due again, and its try has been counted.
    """
    notice = session.scalar(
        select(Notice)
        .where(
            Notice.state == NoticeState.WAITING,
            Notice.channel.in_(channels),
            Notice.next_try_at <= now,
            or_(Notice.leased_until.is_(None), Notice.leased_until <= now),
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
    """Write down that the parcel arrived. Nothing, where its lease has passed on to another sender."""
    notice = _held(session, parcel)
    if notice is not None:
        notice.state, notice.sent_at, notice.last_error = NoticeState.SENT, now, None
        _release(notice, now)


def mark_failed(session: Session, parcel: Parcel, reason: str, now: datetime, *, for_good: bool = False) -> None:
    """Write down that a try failed: it is due again after ``BACK_OFF``, or has failed after the last
    try or where no further try can help (``for_good``)."""
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
    """How many notices of one channel are in one state, and since when the oldest of them stands.
    ``configured``: whether this installation has that channel; without it its notices wait."""

    channel: Channel
    state: NoticeState
    count: int
    oldest: datetime
    configured: bool


def outbox_standing(session: Session, actor: Actor | None, configured: Collection[Channel]) -> list[OutboxStanding]:
    """What waits, was sent or failed, by channel and state, for whoever keeps the installation.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_NOTICES, whole_province())
    counted = session.execute(
        select(Notice.channel, Notice.state, func.count(), func.min(Notice.created_at))
        .group_by(Notice.channel, Notice.state)
        .order_by(Notice.channel, Notice.state)
    )
    return [OutboxStanding(*row, configured=row[0] in configured) for row in counted]


def count_waiting(session: Session) -> dict[Channel, int]:
    """How many notices wait on each channel; every channel is named."""
    counted = session.execute(
        select(Notice.channel, func.count()).where(Notice.state == NoticeState.WAITING).group_by(Notice.channel)
    )
    return dict.fromkeys(CHANNELS, 0) | {channel: count for channel, count in counted}


def list_failed(session: Session, actor: Actor | None, *, after_id: int = 0, limit: int = 50) -> list[Notice]:
    """The notices that failed, the oldest first, a page at a time.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_NOTICES, whole_province())
    failed = select(Notice).where(Notice.state == NoticeState.FAILED, Notice.id > after_id)
    return list(session.scalars(failed.order_by(Notice.id).limit(limit)))


def try_again(session: Session, actor: Actor | None, key: str, *, now: datetime) -> Notice:
    """Let a notice that failed start over.

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
    log.record(session, at=now, actor=actor.username, action="retry_notice", subject_kind="notice", subject=key[:80])
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
