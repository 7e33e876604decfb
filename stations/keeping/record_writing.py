"""Writing checked states into the registry: the one place where records are made, changed and locked.

Nothing here asks whether the actor may; the actions that call it do (``editing``,
``proposing``, ``double_merging``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.duty.roles import Actor
from stations.errors import NotFound
from stations.language import N_
from stations.registry.record_history import ChangeKind, begin_history, note_change
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, put_state, state_of
from stations.registry.record_state import RecordState
from stations.registry.record_terms import Terms

_NOT_THERE = {
    RecordKind.STATION: N_("There is no station {code}"),
    RecordKind.CENTRE: N_("There is no centre {code}"),
}


def hold_record(session: Session, kind: RecordKind, code: str) -> Record:
    """The record of that code, locked until the transaction ends and read as it stands now.

    Raises:
        NotFound: there is none.
    """
    model = SHAPES[kind].model
    statement = select(model).where(model.code == code).with_for_update(of=model)
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
    """Add a record with that state and begin its history. Asks the database nothing before the flush."""
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
    """Make a held record hold ``state`` and note what changed. ``begun``: its history is known to have
    its first row (``begin_history``), so that nothing is asked about it."""
    if not begun:
        begin_history(session, [record])
    before = state_of(record)
    put_state(record, state, terms, by=actor.username, now=now)
    record.version += 1
    record.updated_at = now
    note_change(session, record, before, change=change, actor=actor, reason=reason, now=now, proposal=proposal)
    return record
