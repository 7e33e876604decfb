"""Slowing down those who guess passwords, and nobody else.

Failed sign-ins are counted by the network they come from. Whoever has failed ``GUESSES_OF_ONE_NAME`` times with one
name is no longer heard for that name, and after ``GUESSES`` failures for no name; the owner of the name still signs in
from everywhere else. An account is never locked: a stranger who only guesses must not be able to keep its owner out.
Against guesses from many networks stand the length of passwords and the few that are checked at a time
(``secret_hash``). The people of an office share an address, so the second limit is higher.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.client_network import hash_network
from stations.database import Base
from stations.personal_data import PersonalData
from stations.secret_hash import hash_token
from stations.security_events import EventKind, note_events

GUESSES_OF_ONE_NAME = 5
GUESSES = 30
SHUT_OUT_FOR = timedelta(minutes=15)


class FailedSignIn(Base):
    """One failed sign-in. The network it came from and the name that was typed are stored as hashes."""

    __tablename__ = "failed_sign_in"
    in_caches = False
    personal_data = PersonalData(
        columns=("client_hash", "name_hash"),
        kept="until a sign-in fails after SHUT_OUT_FOR",
        deleted_by=("stations.accounts.sign_in_guard:note_failure",),
    )
    __table_args__ = (Index(None, "client_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_hash: Mapped[str] = mapped_column(String(64))
    name_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Guesser:
    """Who may be guessing, and what: the hashes under which failures are counted."""

    client_hash: str
    name_hash: str

    @classmethod
    def at(cls, address: str, name: str) -> Guesser:
        """Return the one at a network address who types a name."""
        return cls(hash_network(address), hash_token(name))

    @classmethod
    def signed_in(cls, code: str, name: str) -> Guesser:
        """Return the one in a signed-in browser, whatever address it has. ``code``: of the sign-in."""
        return cls(hash_token(f"sign-in {code}"), hash_token(name))

    @classmethod
    def of_one_time_code(cls, address: str, name: str) -> Guesser:
        """Return the one at a network address who tries one-time codes of a name."""
        return cls.at(address, f"one-time code of {name}")

    @classmethod
    def of_second_factor(cls, address: str, name: str) -> Guesser:
        """Return the one at a network address who tries second factors of a name.

        Counted by the name first: a code is only six digits, so guesses from many networks are counted together, up to
        ``GUESSES``, and ``GUESSES_OF_ONE_NAME`` from one. Only who knows the password gets so far, so no stranger can
        keep the owner out.
        """
        return cls(hash_token(f"second factor of {name}"), hash_network(address))


def is_shut_out(session: Session, guesser: Guesser, now: datetime) -> bool:
    """Whether the guesser is not heard because of failures within ``SHUT_OUT_FOR``."""
    names = list(session.scalars(select(FailedSignIn.name_hash).where(_lately(guesser, now)).limit(GUESSES)))
    return len(names) >= GUESSES or names.count(guesser.name_hash) >= GUESSES_OF_ONE_NAME


def note_failure(session: Session, guesser: Guesser, now: datetime) -> None:
    """Record a failed sign-in, and delete expired records."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - SHUT_OUT_FOR))
    session.add(FailedSignIn(client_hash=guesser.client_hash, name_hash=guesser.name_hash, at=now))
    session.flush()
    lately = _lately(guesser, now)
    count = select(func.count()).select_from(FailedSignIn).where(lately)
    of_name = session.scalar(count.where(FailedSignIn.name_hash == guesser.name_hash))
    if of_name == GUESSES_OF_ONE_NAME or session.scalar(count) == GUESSES:
        log.record(
            session,
            at=now,
            actor=SystemActor.NOBODY,
            action=AuditAction.SHUT_OUT,
            subject_kind=AuditSubject.CLIENT,
            subject=guesser.client_hash[:16],
        )
        note_events(session, EventKind.GUESSING, now)


def forget_failures(session: Session, guesser: Guesser) -> None:
    """Delete the guesser's failures with this name: it was the owner who mistyped."""
    session.execute(
        delete(FailedSignIn).where(
            FailedSignIn.client_hash == guesser.client_hash, FailedSignIn.name_hash == guesser.name_hash
        )
    )


def shut_out_until(session: Session, name: str, now: datetime) -> datetime | None:
    """Return until when somebody is not heard for this name, by password or second factor; None if nobody is kept out.

    It can be the owner, or a stranger somewhere else.
    """
    failures = session.execute(
        select(FailedSignIn.client_hash, FailedSignIn.name_hash, FailedSignIn.at)
        .where(_of_name(name), FailedSignIn.at > now - SHUT_OUT_FOR)
        .order_by(FailedSignIn.at.desc())
    )
    counts: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], datetime] = {}
    for client_hash, name_hash, at in failures:
        guesser = client_hash, name_hash
        counts[guesser] += 1
        if counts[guesser] == GUESSES_OF_ONE_NAME:
            last[guesser] = at  # once this one is too old, four are left
    return max((at + SHUT_OUT_FOR for at in last.values()), default=None)


def let_in_again(session: Session, name: str) -> None:
    """Delete all failures with this name, wherever they came from."""
    session.execute(delete(FailedSignIn).where(_of_name(name)))


def _of_name(name: str) -> ColumnElement[bool]:
    """Return the condition that a failure is one with this name: its password, one-time code or second factor."""
    tried = {Guesser.at("", name).name_hash, Guesser.of_one_time_code("", name).name_hash}
    second_factor = Guesser.of_second_factor("", name).client_hash
    return FailedSignIn.name_hash.in_(tried) | (FailedSignIn.client_hash == second_factor)


def _lately(guesser: Guesser, now: datetime) -> ColumnElement[bool]:
    return (FailedSignIn.client_hash == guesser.client_hash) & (FailedSignIn.at > now - SHUT_OUT_FOR)
