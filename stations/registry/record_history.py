"""The history of a registry record, field by field: who changed what, when, from what to what, and why.

Each saved change is one row that holds the fields it changed, before and after. The first row of a
record holds all of it, so that the rows from the start rebuild the record, and its state at any
version. Rows are only ever added; a record that was loaded, not entered, gets its first row when
somebody changes it for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice
from stations.duty.roles import Actor
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.registry.record_json import FieldChangesColumn, state_from_values
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record, kind_of, state_of
from stations.registry.record_state import FieldChanges, FieldValue, RecordState, differences

LOADED_BY = "reference data"
_AT_ONCE = 500  # codes in one question; SQLite takes a limited number of parameters


class ChangeKind(LabelledEnum):
    """What was done to a record."""

    LOADED = "loaded", N_("Loaded, as it stood before its first change")
    ADDED = "added", N_("Added to the registry")
    EDITED = "edited", N_("Edited")
    STATUS = "status_changed", N_("Status changed")
    CORRECTED = "history_corrected", N_("History of status corrected")
    MERGED = "merged", N_("Another record merged into it")
    MERGED_AWAY = "merged_away", N_("Merged into another record")


class RecordChange(Base):
    """One saved change. ``version``: the record's after it; ``fields``: those that it
    changed; ``proposal``: the code of the proposal it came from; ``other``:
    that of the record merged into it, or that it was merged into."""

    __tablename__ = "record_change"
    in_caches = False
    personal_data = PersonalData(columns=("actor", "actor_name"), written=("reason",))
    __table_args__ = (UniqueConstraint("kind", "code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    change: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, "change"))
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    actor_name: Mapped[str] = mapped_column(String(80))
    fields: Mapped[FieldChanges] = mapped_column(FieldChangesColumn)
    reason: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(String(40))
    other: Mapped[str | None] = mapped_column(String(40))


@event.listens_for(RecordChange, "before_update")
@event.listens_for(RecordChange, "before_delete")
def _refuse(_mapper: Any, _connection: Any, change: RecordChange) -> None:
    raise PermissionError(f"change {change.id} of the registry can't be changed or removed")


def begin_history(session: Session, records: Iterable[Record]) -> None:
    """Write the first row of those records that have none yet: as they stand, loaded.

    To be called before a change; one question for many records.
    """
    by_kind: dict[RecordKind, dict[str, Record]] = {}
    for record in records:
        by_kind.setdefault(kind_of(record), {})[record.code] = record
    for kind, by_code in by_kind.items():
        begun: set[str] = set()
        every = list(by_code)
        for start in range(0, len(every), _AT_ONCE):
            codes = every[start : start + _AT_ONCE]
            known = select(RecordChange.code).where(RecordChange.kind == kind, RecordChange.code.in_(codes))
            begun.update(session.scalars(known.distinct()))
        session.add_all(
            RecordChange(
                kind=kind,
                code=code,
                version=record.version,
                change=ChangeKind.LOADED,
                at=record.created_at,
                actor=LOADED_BY,
                actor_name=LOADED_BY,
                fields=differences(None, state_of(record)),
                reason="",
            )
            for code, record in by_code.items()
            if code not in begun
        )


def note_change(
    session: Session,
    record: Record,
    before: RecordState | None,
    *,
    change: ChangeKind,
    actor: Actor,
    reason: str,
    now: datetime,
    proposal: str | None = None,
) -> RecordChange:
    """Write down what became of a record that held ``before`` (None: it was added); the record carries its
    new version."""
    kind = kind_of(record)
    noted = RecordChange(
        kind=kind,
        code=record.code,
        version=record.version,
        change=change,
        at=now,
        actor=actor.username,
        actor_name=actor.name,
        fields=differences(before, state_of(record)),
        reason=reason,
        proposal=proposal,
    )
    session.add(noted)
    return noted


def list_changes(
    session: Session, kind: RecordKind, codes: Sequence[str], *, before_id: int | None = None, limit: int = 50
) -> list[RecordChange]:
    """The changes of a record, newest first, a page at a time (``before_id``: the last one of the page
    before). ``codes``: its code, and those of the records that were merged into it."""
    statement = select(RecordChange).where(RecordChange.kind == kind, RecordChange.code.in_(codes))
    if before_id is not None:
        statement = statement.where(RecordChange.id < before_id)
    return list(session.scalars(statement.order_by(RecordChange.id.desc()).limit(limit)))


def state_at(session: Session, kind: RecordKind, code: str, version: int) -> RecordState | None:
    """What a record held at a version, rebuilt from its history; None where that does not reach back."""
    statement = select(RecordChange).where(
        RecordChange.kind == kind, RecordChange.code == code, RecordChange.version <= version
    )
    changes = list(session.scalars(statement.order_by(RecordChange.version)))
    return rebuild(kind, changes) if changes else None


def rebuild(kind: RecordKind, changes: Iterable[RecordChange]) -> RecordState | None:
    """The state that changes, oldest first and from the start, lead to; None where they end with no record."""
    held: dict[str, FieldValue] = {}
    for change in changes:
        held |= {field: one.after for field, one in change.fields.items()}
    return state_from_values(held, kind)
