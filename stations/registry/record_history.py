"""The change history of a registry record, field by field: who changed what, when, from what to what, and why.

Each saved change is one row with the changed fields, before and after. The first row of a record contains all its
fields, so that the rows rebuild the record's state at any version. Rows are only ever added. A record that came from
reference data gets its first row just before its first change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.changes import feed
from stations.changes.kinds import Happening, Subject
from stations.database import Base, choice
from stations.duty.roles import Actor, Area
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.registry.record_json import FieldChangesColumn, state_from_values
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record, kind_of, state_of
from stations.registry.record_state import FieldChanges, FieldValue, RecordState, differences

LOADED_BY = "reference data"
_AT_ONCE = 500  # codes per query; SQLite limits the number of parameters


class ChangeKind(LabelledEnum):
    """The kind of a change to a record."""

    LOADED = "loaded", N_("Loaded, as it stood before its first change")
    ADDED = "added", N_("Added to the registry")
    EDITED = "edited", N_("Edited")
    STATUS = "status_changed", N_("Status changed")
    CORRECTED = "history_corrected", N_("History of status corrected")
    MERGED = "merged", N_("Another record merged into it")
    MERGED_AWAY = "merged_away", N_("Merged into another record")


_HAPPENINGS = {
    ChangeKind.ADDED: Happening.ADDED,
    ChangeKind.EDITED: Happening.CHANGED,
    ChangeKind.STATUS: Happening.STATUS_CHANGED,
    ChangeKind.CORRECTED: Happening.STATUS_CHANGED,
    ChangeKind.MERGED: Happening.MERGED,
    ChangeKind.MERGED_AWAY: Happening.MERGED_AWAY,
}
"""What the feed of changes says of each; a record that is loaded is no change."""


class RecordChange(Base):
    """One saved change.

    ``version``: the record's version after it. ``fields``: the changed fields. ``proposal``: the code of the proposal
    it came from. ``other``: for a merge, the code of the other record.
    """

    __tablename__ = "record_change"
    in_caches = False
    personal_data = PersonalData(columns=("actor", "actor_name"), written=("reason", "fields"))
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
    """Add the first row, with the present state, for those records that have none yet.

    Call it before changing the records. It needs one query for up to 500 records.
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
    other: str | None = None,
) -> RecordChange:
    """Add a row for a change to a record and return it. The record must already have its new state and version.

    ``before``: the state before the change; None if the record was added. ``other``: for a merge, the code of the other
    record.
    """
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
        other=other,
    )
    session.add(noted)
    at = record.code, record.version
    tell_feed(session, kind, *at, change, before, record.area, by=actor.username, now=now, other=other)
    return noted


def tell_feed(
    session: Session,
    kind: RecordKind,
    code: str,
    version: int,
    change: ChangeKind,
    before: RecordState | None,
    area: Area,
    *,
    by: str,
    now: datetime,
    other: str | None = None,
) -> None:
    """Write a change of a record to the feed of changes. ``before``: the state before it, which may lie elsewhere."""
    left = None
    if before is not None:
        left = Area.of_codes(before.city_adcode, before.county_adcode, code, sample=area.sample)
    feed.note_change(
        session,
        Subject(kind.value),
        _HAPPENINGS[change],
        code,
        area,
        actor=by,
        now=now,
        version=version,
        other=other,
        left=left,
    )


def list_changes(
    session: Session, kind: RecordKind, codes: Sequence[str], *, before_id: int | None = None, limit: int = 50
) -> list[RecordChange]:
    """Return one page of the changes of a record, newest first.

    ``codes``: the record's code and those of the records merged into it. ``before_id``: the last id of the previous
    page.
    """
    statement = select(RecordChange).where(RecordChange.kind == kind, RecordChange.code.in_(codes))
    if before_id is not None:
        statement = statement.where(RecordChange.id < before_id)
    return list(session.scalars(statement.order_by(RecordChange.id.desc()).limit(limit)))


def state_at(session: Session, kind: RecordKind, code: str, version: int) -> RecordState | None:
    """Return a record's state at a version, rebuilt from its history; None if the history does not go back that far."""
    statement = select(RecordChange).where(
        RecordChange.kind == kind, RecordChange.code == code, RecordChange.version <= version
    )
    changes = list(session.scalars(statement.order_by(RecordChange.version)))
    return rebuild(kind, changes) if changes else None


def rebuild(kind: RecordKind, changes: Iterable[RecordChange]) -> RecordState | None:
    """Return the state that results from changes, given oldest first from the start; None if no record results."""
    held: dict[str, FieldValue] = {}
    for change in changes:
        held |= {field: one.after for field, one in change.fields.items()}
    return state_from_values(held, kind)
