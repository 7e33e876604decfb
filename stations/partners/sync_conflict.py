"""Fields that a system and we changed differently since both last held the same, and deciding on each.

What only one side changed is merged by itself. Of the rest nothing is saved until somebody decides, here on the page or
by the system in its next row: ours, theirs, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Engine, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.changes.feed import note_change
from stations.changes.kinds import Happening, Subject
from stations.database import Base, choice, count_changed, transaction
from stations.duty.duty_areas import in_duty
from stations.duty.roles import Action, Actor, signed_in
from stations.errors import Conflict, InvalidInput, NotFound
from stations.keeping.editing import change_status, edit_record
from stations.keeping.record_merge import FieldMerge, Settlement, Side
from stations.keeping.station_form import station_form_of
from stations.language import N_, LabelledEnum
from stations.partners.external_id import ExternalId, known_by
from stations.partners.interface_key import KeyInUse
from stations.personal_data import PersonalData
from stations.registry.dated_entries import EntryForm
from stations.registry.record_json import StationStateColumn, value_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import Record
from stations.registry.record_state import StationState
from stations.registry.station import Station
from stations.retention import kept_for

STATUS = "status"
"""The field of a conflict about what a station is; it has the ``entry`` that the system wants as well."""


class ConflictState(LabelledEnum):
    """What became of a conflict. ``SUPERSEDED``: the system sent the record again, and that decided or replaced it."""

    OPEN = "open", N_("To be decided")
    SETTLED = "settled", N_("Decided")
    SUPERSEDED = "superseded", N_("Replaced by a later row")


class SyncConflict(Base):
    """A conflict about one station.

    ``fields``: of each field the values ``base`` (both held last), ``ours`` and ``theirs``. ``wanted``: the station as
    the system has it. ``base_version``, ``version``: of our record, then and when it arose.
    """

    __tablename__ = "sync_conflict"
    in_caches = False
    personal_data = PersonalData(
        columns=("settled_by",),
        written=("fields", "wanted"),
        kept="half a year after it arose (stations.retention)",
        deleted_by=("stations.partners.sync_conflict:forget_old_conflicts",),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(String(40))
    system_name: Mapped[str] = mapped_column(String(80))
    external_id: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(40), index=True)
    base_version: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    fields: Mapped[list[Any]] = mapped_column(JSON)
    wanted: Mapped[StationState] = mapped_column(StationStateColumn)
    state: Mapped[ConflictState] = mapped_column(choice(ConflictState, "state"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(80))


def told_fields(fields: Sequence[FieldMerge]) -> list[dict[str, Any]]:
    """Return fields with the value of each side as JSON: ours is what the record here has."""
    return [
        {
            "field": one.field,
            "base": value_to_json(one.field, one.base),
            "ours": value_to_json(one.field, one.theirs),
            "theirs": value_to_json(one.field, one.yours),
        }
        for one in fields
    ]


def note_conflict(
    session: Session,
    key: KeyInUse,
    external_id: str,
    code: str,
    fields: list[dict[str, Any]],
    wanted: StationState,
    *,
    base_version: int,
    version: int,
    now: datetime,
) -> None:
    """Keep a conflict to be decided on; an earlier one about the same record is replaced."""
    supersede(session, key.system, external_id)
    session.add(
        SyncConflict(
            system=key.system,
            system_name=key.name,
            external_id=external_id,
            code=code,
            base_version=base_version,
            version=version,
            fields=fields,
            wanted=wanted,
            state=ConflictState.OPEN,
            at=now,
        )
    )


def supersede(session: Session, system: str, external_id: str) -> None:
    """Close an open conflict about a record: its system has sent it again."""
    open_one = (
        (SyncConflict.system == system)
        & (SyncConflict.external_id == external_id)
        & (SyncConflict.state == ConflictState.OPEN)
    )
    session.execute(update(SyncConflict).where(open_one).values(state=ConflictState.SUPERSEDED))


def list_conflicts(session: Session, actor: Actor | None, *, limit: int = 50) -> list[SyncConflict]:
    """Return the open conflicts about stations that the actor may edit, oldest first."""
    actor = signed_in(actor)
    mine = in_duty(actor, Station.area_columns(), {Action.EDIT_STATIONS})
    found = (
        select(SyncConflict)
        .join(Station, Station.code == SyncConflict.code)
        .where(SyncConflict.state == ConflictState.OPEN, mine)
    )
    return list(session.scalars(found.order_by(SyncConflict.id).limit(limit)))


def conflicts_of_system(session: Session, system: str, *, limit: int = 200) -> list[SyncConflict]:
    """Return the open conflicts of a system, oldest first."""
    mine = (SyncConflict.system == system) & (SyncConflict.state == ConflictState.OPEN)
    return list(session.scalars(select(SyncConflict).where(mine).order_by(SyncConflict.id).limit(limit)))


def settle_conflict(
    session: Session, actor: Actor | None, conflict_id: int, choices: Mapping[str, Side], *, now: datetime
) -> Record:
    """Decide on a conflict, each field by a side, save what follows, and return the station.

    Raises:
        NotFound: there is no such conflict.
        NotAllowed: the actor may not edit the station.
        InvalidInput: a field is not decided (field: its name).
        Conflict: it was decided already, or the record has changed since; then it is to be looked at anew.
    """
    conflict = session.scalar(select(SyncConflict).where(SyncConflict.id == conflict_id).with_for_update())
    if conflict is None:
        raise NotFound(N_("There is no such conflict; perhaps it was decided long ago"))
    if conflict.state is not ConflictState.OPEN:
        raise Conflict(N_("This conflict was decided already"))
    for one in conflict.fields:
        if one["field"] not in choices:
            raise InvalidInput(one["field"], N_("Choose a side for each field"))
    actor = signed_in(actor)
    settlement = Settlement(conflict.version, choices)
    try:
        record = edit_record(
            session,
            actor,
            RecordKind.STATION,
            conflict.code,
            station_form_of(conflict.wanted),
            version=conflict.base_version,
            settlement=settlement,
            reason=f"{conflict.system} {conflict.external_id}",
            now=now,
        )
    except Conflict:
        record = _unchanged(session, conflict, actor, now)
    for one in conflict.fields:
        if one["field"] == STATUS and choices[STATUS] is Side.YOURS:
            entry = EntryForm(**one["entry"])
            change_status(session, actor, RecordKind.STATION, record.code, entry, version=record.version, now=now)
    conflict.state, conflict.settled_at, conflict.settled_by = ConflictState.SETTLED, now, actor.username
    _both_hold(known_by(session, conflict.system, conflict.external_id), conflict.version, now)
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.SETTLE_CONFLICT,
        subject_kind=AuditSubject.STATION,
        subject=conflict.code,
        source=conflict.system,
        fields=[str(one["field"]) for one in conflict.fields],
    )
    return record


def _unchanged(session: Session, conflict: SyncConflict, actor: Actor, now: datetime) -> Station:
    """Return the station where our sides were chosen throughout, so that nothing is to be saved; the feed tells the
    system to read it.

    Raises:
        Conflict: it is not that; the record has changed meanwhile.
    """
    station = session.scalar(select(Station).where(Station.code == conflict.code))
    if station is None or station.version != conflict.version:
        raise Conflict(N_("The record has changed since; the system's next row tells of it anew"))
    note_change(
        session,
        Subject.STATION,
        Happening.CHANGED,
        station.code,
        station.area,
        actor=actor.username,
        now=now,
        version=station.version,
    )
    return station


def _both_hold(known: ExternalId | None, version: int, now: datetime) -> None:
    """Note what the system knows of: the version at which the conflict arose. What was decided it reads in the feed."""
    if known is not None:
        known.version, known.synced_at = version, now


def forget_old_conflicts(engine: Engine, now: datetime) -> int:
    """Delete conflicts of long ago. Return their number."""
    with transaction(engine) as session:
        return count_changed(session, delete(SyncConflict).where(SyncConflict.at < now - kept_for("change")))
