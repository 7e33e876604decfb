"""What an office writes itself on a month's bulletin: number, addressees, issuer, and what it asks next.

Kept for each month, apart for papers with and without sample records, with who wrote it last. The paper is Chinese, and
so are these texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, Problems
from stations.language import N_
from stations.personal_data import PersonalData

LIMITS = {"number": 40, "addressees": 200, "issuer": 40, "asked_next": 2000}
_IN_LOG = {"number": "document_number", "issuer": "issued_by"}
ADDRESSEES = "各设区市、县（市、区）市场监督管理局"
"""Whom the paper is sent to unless the office writes otherwise."""


@dataclass(frozen=True)
class Letter:
    """The texts: 发文字号, 主送机关, the issuing office, and what is asked next; empty ones are left out.

    ``written_by``: the name of who kept them last, ``written_at`` when; None if nobody has.
    """

    number: str = ""
    addressees: str = ADDRESSEES
    issuer: str = ""
    asked_next: str = ""
    written_by: str | None = None
    written_at: datetime | None = None
    version: int = 0


class BulletinLetter(Base, Versioned):
    """The texts kept for a month (its first day)."""

    __tablename__ = "bulletin_letter"
    __table_args__ = (UniqueConstraint("month", "samples"),)
    in_caches = False
    personal_data = PersonalData(columns=("written_by", "written_by_name"), written=("asked_next",))

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    samples: Mapped[bool]
    number: Mapped[str] = mapped_column(String(LIMITS["number"]))
    addressees: Mapped[str] = mapped_column(String(LIMITS["addressees"]))
    issuer: Mapped[str] = mapped_column(String(LIMITS["issuer"]))
    asked_next: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_by_name: Mapped[str] = mapped_column(String(80))


def letter_of(session: Session, month: date, *, samples: bool) -> Letter:
    """Return the texts kept for the month of a day; the usual ones if nobody has written any."""
    kept = _kept(session, month, samples)
    if kept is None:
        return Letter()
    return Letter(
        kept.number,
        kept.addressees,
        kept.issuer,
        kept.asked_next,
        kept.written_by_name,
        kept.updated_at,
        kept.version,
    )


def _kept(session: Session, month: date, samples: bool) -> BulletinLetter | None:
    return session.scalar(
        select(BulletinLetter).where(
            BulletinLetter.month == month.replace(day=1), BulletinLetter.samples.is_(samples)
        )
    )


def _logged(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts by the names that the log has words for."""
    return {_IN_LOG.get(name, name): text for name, text in texts.items()}


def keep_letter(
    session: Session, actor: Actor | None, month: date, letter: Letter, *, samples: bool, now: datetime
) -> Letter:
    """Keep the texts of a month's paper; ``letter.version`` is that which the writer saw.

    Raises:
        NotAllowed: nobody is signed in, or the actor's duty does not include bulletins.
        InvalidForm: a text is longer than ``LIMITS``.
        Conflict: somebody else has kept other texts since.
    """
    actor = require(actor, Action.SEND_BULLETIN, whole_province(sample=samples))
    problems = Problems()
    texts = {
        name: problems.attempt(
            read_text, name, getattr(letter, name), limit=limit, required=False
        )
        or ""
        for name, limit in LIMITS.items()
    }
    problems.stop()
    kept = _kept(session, month, samples)
    if (kept.version if kept else 0) != letter.version:
        raise Conflict(N_("Somebody has kept other texts for this month meanwhile; look at them again"))
    before = {name: getattr(kept, name) for name in LIMITS} if kept else {}
    if kept is None:
        kept = BulletinLetter(month=month.replace(day=1), samples=samples, version=0, created_at=now)
        session.add(kept)
    for name, text in texts.items():
        setattr(kept, name, text)
    kept.written_by, kept.written_by_name, kept.updated_at = actor.username, actor.name, now
    kept.version += 1
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.WRITE_BULLETIN,
        subject_kind=AuditSubject.BULLETIN,
        subject=f"{month:%Y-%m}",
        before=_logged(before),
        after=_logged(texts),
    )
    return replace(letter, **texts, written_by=actor.name, written_at=now, version=kept.version)
