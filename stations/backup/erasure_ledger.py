"""Erasures are done again after a backup of before them was restored.

What was erased since a backup stands in it still. So a small file beside the backups, or beside the database where
there are none (``settings.erasure_list_file``), lists every erasure that somebody asked for, with the number of its
record and the time: no personal data. The file outlives the database. Whatever it lists and the database still holds is
erased again; what the database knows of and the file does not is added to it. What is erased because its time is over
needs no list: the rule still holds after a restore.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from stations.audit.log import AuditEntry
from stations.audit.vocabulary import SystemActor
from stations.backup.placing import scratch, sync, writing
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.firms.instruments import InstrumentLedger
from stations.firms.ledgers import delete_ledger
from stations.firms.subscriptions import Subscription, end_again
from stations.language import N_
from stations.requests.erasure import erase
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.states import Party
from stations.requests.steps import take_step


@dataclass(frozen=True, order=True)
class Erasure:
    """One erasure. ``at``: ISO 8601, in UTC; ``action``: as in the audit log; ``subject``: the record's number."""

    at: str
    action: str
    subject: str

    @property
    def key(self) -> tuple[str, str]:
        """What was erased; only its first erasure is listed."""
        return self.action, self.subject


def _erase_request(session: Session, number: str, now: datetime) -> bool:
    request = session.scalar(select(ServiceRequest).where(ServiceRequest.number == number).with_for_update())
    if request is None or request.erased_at is not None:
        return False
    if request.state in MOVES[MoveName.CANCEL].sources:  # it was ended after the backup; nobody waits for it any more
        take_step(session, request, MoveName.CANCEL, Party.FIRM, "firm", "", now)
    erase(session, request, actor=SystemActor.PORTAL, now=now)
    return True


def _delete_ledger(session: Session, number: str, now: datetime) -> bool:
    ledger = session.scalar(select(InstrumentLedger).where(InstrumentLedger.number == number).with_for_update())
    if ledger is None:
        return False
    delete_ledger(session, ledger, now=now, actor=SystemActor.PORTAL)
    return True


def _end_subscription(session: Session, code: str, now: datetime) -> bool:
    subscription = session.scalar(select(Subscription).where(Subscription.code == code).with_for_update())
    if subscription is None:
        return False
    end_again(session, subscription, actor=SystemActor.PORTAL, now=now)
    return True


@dataclass(frozen=True)
class Again:
    """How records of one kind are erased again.

    ``number``: the column by which the list names them. ``erasable``: which of them are not erased yet. ``erase``:
    erases one if it is still there, and returns whether it was.
    """

    number: InstrumentedAttribute[str]
    erasable: ColumnElement[bool]
    erase: Callable[[Session, str, datetime], bool]


AGAIN: Mapping[str, Again] = {
    "erase_request": Again(ServiceRequest.number, ServiceRequest.erased_at.is_(None), _erase_request),
    "delete_ledger": Again(InstrumentLedger.number, true(), _delete_ledger),
    "end_subscription": Again(Subscription.code, true(), _end_subscription),
}
"""By the action of the audit log."""
_AT_ONCE = 500  # so many records are asked for in one query


def keep_erasures(engine: Engine, file: Path, now: datetime) -> int:
    """Erase again what a file lists and the database holds, and add to the file what it does not list.

    Return how many records were erased again. Any number of servers may do this at once.

    Raises:
        InvalidInput: the file can't be read or written; what could be read was not acted on.
    """
    listed = read_erasures(file)
    again = erase_again(engine, listed, now)
    known = {one.key for one in listed}
    fresh = [one for one in _erasures_of(engine) if one.key not in known]
    if fresh:
        _write(file, [*listed, *fresh])
    return again


def erase_again(engine: Engine, listed: Iterable[Erasure], now: datetime) -> int:
    """Erase what is listed and still there, each record in a transaction of its own. Return how many there were."""
    done = 0
    for one in _still_there(engine, sorted(listed)):
        with transaction(engine) as session:
            done += AGAIN[one.action].erase(session, one.subject, now)
    return done


def read_erasures(file: Path) -> list[Erasure]:
    """Return what a file lists; [] if it is not there.

    Raises:
        InvalidInput: it can't be read, or a line of it is no erasure.
    """
    try:
        content = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as problem:
        message = N_("“{path}” can't be read: {reason}")
        raise InvalidInput("file", message, path=str(file), reason=type(problem).__name__) from problem
    return [_read_row(file, line, row) for line, row in enumerate(csv.reader(io.StringIO(content)), start=1)]


def _read_row(file: Path, line: int, row: list[str]) -> Erasure:
    try:
        at, action, subject = row
        datetime.fromisoformat(at)
    except ValueError:
        action = subject = ""
    if action not in AGAIN or not subject:
        raise InvalidInput(
            "file",
            N_("Line {line} of “{path}” is no erasure: {row}"),
            line=line,
            path=str(file),
            row=",".join(row),
        )
    return Erasure(at, action, subject)


def _still_there(engine: Engine, listed: Sequence[Erasure]) -> list[Erasure]:
    """Return those of the listed erasures whose record could be erased, in the same order."""
    there: set[tuple[str, str]] = set()
    with reading(engine) as session:
        for action, again in AGAIN.items():
            subjects = [one.subject for one in listed if one.action == action]
            for begin in range(0, len(subjects), _AT_ONCE):
                named = again.number.in_(subjects[begin : begin + _AT_ONCE])
                found = session.scalars(select(again.number).where(named, again.erasable))
                there |= {(action, subject) for subject in found}
    return [one for one in listed if one.key in there]


def _erasures_of(engine: Engine) -> list[Erasure]:
    """Return the erasures of a database, from its audit log; of each record the first."""
    with reading(engine) as session:
        rows = session.execute(
            select(AuditEntry.at, AuditEntry.action, AuditEntry.subject)
            .where(AuditEntry.action.in_(AGAIN))
            .order_by(AuditEntry.id)
        ).all()
    first: dict[tuple[str, str], Erasure] = {}
    for at, action, subject in rows:
        first.setdefault((action, subject), Erasure(at.isoformat(), action, subject))
    return list(first.values())


def _write(file: Path, erasures: Iterable[Erasure]) -> None:
    folder = file.parent
    with writing(file):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with scratch(folder) as beside:
            new = beside / file.name
            with new.open("w", encoding="utf-8", newline="") as written:
                csv.writer(written, lineterminator="\n").writerows(
                    (one.at, one.action, one.subject) for one in sorted(set(erasures))
                )
            new.chmod(0o600)
            sync(new)
            os.replace(new, file)
        sync(folder)
