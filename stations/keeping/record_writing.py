"""Writing checked states into the registry: the only module that adds, changes and locks single records.

Nothing here checks permissions; the callers do (``editing``, ``proposing``, ``double_merging``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, overload

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.errors import NotFound
from stations.language import N_
from stations.registry.record_history import ChangeKind, begin_history, note_change
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, put_state, state_of
from stations.registry.record_state import RecordState, without_settled
from stations.registry.record_terms import Terms
from stations.registry.station import Station

_NOT_THERE = {
    RecordKind.STATION: N_("There is no station {code}"),
    RecordKind.CENTRE: N_("There is no centre {code}"),
}


@overload
def hold_record(session: Session, kind: Literal[RecordKind.STATION], code: str) -> Station: ...
@overload
def hold_record(session: Session, kind: RecordKind, code: str) -> Record: ...
def hold_record(session: Session, kind: RecordKind, code: str) -> Record:
    """Return the record with this code, freshly read and locked until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    model = SHAPES[kind].model
    every: Select[Record] = select(model)
    statement = every.where(model.code == code).with_for_update(of=model)
    record = session.scalar(statement.execution_options(populate_existing=True))
    if record is None:
        raise NotFound(_NOT_THERE[kind], code=code)
    return record


def insert_record(
    session: Session,
    kind: RecordKind,
    code: str,
    state: RecordState,
    terms: Terms,
    *,
    sample: bool,
    actor: Actor,
    reason: str,
    now: datetime,
    proposal: str | None = None,
) -> Record:
    """Add a record with this state and begin its change history. Runs no query before the flush."""
    record = SHAPES[kind].model(code=code, sample=sample, version=1, created_at=now, updated_at=now)
    put_state(record, state, terms, by=actor.username, now=now)
    session.add(record)
    note_change(
        session,
        record,
        None,
        change=ChangeKind.ADDED,
        actor=actor,
        reason=reason,
        now=now,
        proposal=proposal,
    )
    return record


def update_record(
    session: Session,
    record: Record,
    state: RecordState,
    terms: Terms,
    *,
    change: ChangeKind,
    actor: Actor,
    reason: str,
    now: datetime,
    proposal: str | None = None,
    begun: bool = False,
) -> Record:
    """Write ``state`` to a locked record and add the change to its history.

    What was not understood of a field (``unread``) is dropped as soon as the field changes.

    ``begun``: its change history is known to have its first row (``begin_history``), which saves a query.
    """
    if not begun:
        begin_history(session, [record])
    before = state_of(record)
    state = without_settled(before, state)
    put_state(record, state, terms, by=actor.username, now=now)
    record.version += 1
    record.updated_at = now
    note_change(session, record, before, change=change, actor=actor, reason=reason, now=now, proposal=proposal)
    return record
