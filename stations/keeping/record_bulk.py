"""Adding and changing many checked records at once, as an import does, with a few statements in total.

The result is the same as if ``record_writing`` had written each record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from geo.counties import county_layer
from stations.catalogue.chain import centre_chain, station_chain
from stations.database import table_of
from stations.duty.roles import Actor, Area
from stations.errors import Conflict
from stations.language import N_
from stations.registry.record_history import LOADED_BY, ChangeKind, RecordChange, tell_feed
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES
from stations.registry.record_state import FieldChanges, RecordState, StationState, differences
from stations.registry.station import StationService
from stations.revision import move_revision

Row = dict[str, Any]
_AT_ONCE = 500  # codes per query; SQLite limits the number of parameters
_CHAINS = {RecordKind.STATION: station_chain, RecordKind.CENTRE: centre_chain}


def insert_records(
    session: Session,
    kind: RecordKind,
    states: Mapping[str, RecordState],
    *,
    sample: bool,
    actor: Actor,
    reason: str,
    now: datetime,
) -> int:
    """Add a record with its checked state for each code, and begin its change history. Return the number added.

    Raises:
        sqlalchemy.exc.IntegrityError: a code is taken.
    """
    if not states:
        return 0
    session.flush()
    shape = SHAPES[kind]
    located = _located(states) if kind is RecordKind.STATION else {}
    records = [
        {field: getattr(state, field) for field in shape.plain}
        | {
            "code": code,
            "lon": state.place and state.place.lon,
            "lat": state.place and state.place.lat,
            "sample": sample,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        | ({"located_adcode": located.get(code)} if kind is RecordKind.STATION else {})
        for code, state in states.items()
    ]
    table = table_of(shape.model)
    given = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = dict(zip(states, session.scalars(given, records), strict=True))
    owner = f"{kind}_id"
    _insert(session, table_of(shape.entry), _entries(kind, states, ids, owner, actor, now))
    _insert(session, _CHAINS[kind], _chain_rows(states, owner, ids))
    if kind is RecordKind.STATION:
        _insert(session, table_of(StationService), _offers(states, ids))
    _insert(session, table_of(shape.unread), _unread(states, owner, ids))
    _insert(session, table_of(RecordChange), _changes(kind, states, actor, reason, now))
    for code, state in states.items():
        area = Area.of_codes(state.city_adcode, state.county_adcode, code, sample=sample)
        tell_feed(session, kind, code, 1, ChangeKind.ADDED, None, area, by=actor.username, now=now)
    move_revision(session)
    return len(states)


@dataclass(frozen=True, slots=True)
class RecordUpdate:
    """The change of a record from ``before``, its state at ``version``, to ``after``."""

    id: int
    code: str
    version: int
    before: RecordState
    after: RecordState


def update_records(
    session: Session,
    kind: RecordKind,
    updates: Sequence[RecordUpdate],
    *,
    actor: Actor,
    reason: str,
    now: datetime,
) -> int:
    """Update each record and append to its change history. Return the number updated. An invented actor updates sample
    records, any other documented ones.

    Raises:
        Conflict: a record is no longer at the given version.
    """
    if not updates:
        return 0
    session.flush()
    _begin_histories(session, kind, updates)
    shape = SHAPES[kind]
    table = table_of(shape.model)
    placed = _located({one.code: one.after for one in updates}) if kind is RecordKind.STATION else {}
    fields = [*shape.plain, "lon", "lat", *(["located_adcode"] if kind is RecordKind.STATION else [])]
    statement = (
        update(table)
        .where(table.c.id == bindparam("own_id"), table.c.version == bindparam("own_version"))
        .values({field: bindparam(f"new_{field}") for field in (*fields, "version", "updated_at")})
    )
    changed = session.connection().execute(
        statement,
        [
            {"own_id": one.id, "own_version": one.version}
            | {"new_version": one.version + 1, "new_updated_at": now}
            | {f"new_{field}": getattr(one.after, field) for field in shape.plain}
            | {"new_lon": one.after.place and one.after.place.lon}
            | {"new_lat": one.after.place and one.after.place.lat}
            | ({"new_located_adcode": placed.get(one.code)} if kind is RecordKind.STATION else {})
            for one in updates
        ],
    )
    if changed.rowcount != len(updates):
        raise Conflict(N_("Some of these records have been changed meanwhile; nothing was saved"))
    owner = f"{kind}_id"
    ids = {one.code: one.id for one in updates}
    _replace_links(session, kind, updates, owner, ids)
    _replace_entries(session, kind, updates, owner, ids, actor, now)
    _insert(
        session,
        table_of(RecordChange),
        [
            _change(kind, one.code, one.version + 1, change_of(one), differences(one.before, one.after))
            | {"at": now, "actor": actor.username, "actor_name": actor.name, "reason": reason}
            for one in updates
        ],
    )
    for one in updates:
        area = Area.of_codes(one.after.city_adcode, one.after.county_adcode, one.code, sample=actor.sample)
        change = change_of(one)
        tell_feed(session, kind, one.code, one.version + 1, change, one.before, area, by=actor.username, now=now)
    move_revision(session)
    return len(updates)


def change_of(update: RecordUpdate) -> ChangeKind:
    """Return the kind of change: if only the dated history differs, with the unread words that it settles, whether
    entries follow the old ones (STATUS) or change them (CORRECTED); else EDITED.
    """
    before, after = update.before.history, update.after.history
    if before == after or not set(differences(update.before, update.after)) <= {"history", "unread"}:
        return ChangeKind.EDITED
    return ChangeKind.STATUS if after[: len(before)] == before else ChangeKind.CORRECTED


def _begin_histories(session: Session, kind: RecordKind, updates: Sequence[RecordUpdate]) -> None:
    """Add the first row of those change histories that have none yet, as ``record_history.begin_history`` does."""
    table = table_of(SHAPES[kind].model)
    begun: set[str] = set()
    created: dict[str, datetime] = {}
    every = [one.code for one in updates]
    for start in range(0, len(every), _AT_ONCE):
        codes = every[start : start + _AT_ONCE]
        known = select(RecordChange.code).where(RecordChange.kind == kind, RecordChange.code.in_(codes))
        begun.update(session.scalars(known.distinct()))
        made = select(table.c.code, table.c.created_at).where(table.c.code.in_(codes))
        created.update(tuple(row) for row in session.execute(made))
    _insert(
        session,
        table_of(RecordChange),
        [
            _change(kind, one.code, one.version, ChangeKind.LOADED, differences(None, one.before))
            | {"at": created[one.code], "actor": LOADED_BY, "actor_name": LOADED_BY, "reason": ""}
            for one in updates
            if one.code not in begun
        ],
    )


def _change(kind: RecordKind, code: str, version: int, change: ChangeKind, fields: FieldChanges) -> Row:
    return {"kind": kind, "code": code, "version": version, "change": change, "fields": fields}


def _replace_links(
    session: Session, kind: RecordKind, updates: Sequence[RecordUpdate], owner: str, ids: Mapping[str, int]
) -> None:
    """Replace the services, chains and unread words of those records in which they differ."""
    links: list[tuple[Table, str, Callable[[Mapping[str, RecordState]], list[Row]]]] = [
        (_CHAINS[kind], "chains", lambda states: _chain_rows(states, owner, ids)),
        (table_of(SHAPES[kind].unread), "unread", lambda states: _unread(states, owner, ids)),
    ]
    if kind is RecordKind.STATION:
        links.append((table_of(StationService), "services", lambda states: _offers(states, ids)))
    for table, field, rows in links:
        moved = {one.code: one.after for one in updates if getattr(one.before, field) != getattr(one.after, field)}
        if moved:
            session.connection().execute(
                delete(table).where(table.c[owner] == bindparam("own_id")), [{"own_id": ids[code]} for code in moved]
            )
            _insert(session, table, rows(moved))


def _replace_entries(
    session: Session,
    kind: RecordKind,
    updates: Sequence[RecordUpdate],
    owner: str,
    ids: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    """Write the entries of the dated histories that differ from those on file at the same position."""
    table = table_of(SHAPES[kind].entry)
    moved = [one for one in updates if one.before.history != one.after.history]
    stale: list[Row] = []
    kept: set[tuple[int, int]] = set()
    for one in moved:
        for position, entry in enumerate(one.before.history):
            if entry in one.after.history[position : position + 1]:
                kept.add((ids[one.code], position))
            else:
                stale.append({"own_id": ids[one.code], "own_position": position})
    if stale:
        this_one = table.c[owner] == bindparam("own_id"), table.c.position == bindparam("own_position")
        session.connection().execute(delete(table).where(*this_one), stale)
    rows = _entries(kind, {one.code: one.after for one in moved}, ids, owner, actor, now)
    _insert(session, table, [row for row in rows if (row[owner], row["position"]) not in kept])


def _chain_rows(states: Mapping[str, RecordState], owner: str, ids: Mapping[str, int]) -> list[Row]:
    return [{owner: ids[code], "chain_code": chain} for code, state in states.items() for chain in state.chains]


def _insert(session: Session, table: Table, rows: list[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _located(states: Mapping[str, RecordState]) -> dict[str, str | None]:
    """Return the adcode of the county that contains each place (None outside the province), by code."""
    placed = {code: state.place for code, state in states.items() if state.place}
    if not placed:
        return {}
    lons, lats = zip(*placed.values(), strict=True)
    return dict(zip(placed, county_layer().locate_many(lons, lats), strict=True))


def _entries(
    kind: RecordKind, states: Mapping[str, RecordState], ids: Mapping[str, int], owner: str, actor: Actor, now: datetime
) -> list[Row]:
    stage = SHAPES[kind].stage
    return [
        {
            owner: ids[code],
            "position": position,
            stage: entry.stage,
            "dated": entry.dated,
            "as_of": entry.as_of,
            "known_from": entry.known_from,
            "reason": entry.reason,
            "source": entry.source,
            "recorded_by": actor.username,
            "recorded_at": now,
        }
        for code, state in states.items()
        for position, entry in enumerate(state.history)
    ]


def _offers(states: Mapping[str, RecordState], ids: Mapping[str, int]) -> list[Row]:
    return [
        {
            "station_id": ids[code],
            "service_code": offer.service_code,
            "since": offer.since,
            "until": offer.until,
        }
        for code, state in states.items()
        if isinstance(state, StationState)
        for offer in state.services
    ]


def _unread(states: Mapping[str, RecordState], owner: str, ids: Mapping[str, int]) -> list[Row]:
    return [
        {owner: ids[code], "field": one.field, "words": one.words}
        for code, state in states.items()
        for one in state.unread
    ]


def _changes(
    kind: RecordKind, states: Mapping[str, RecordState], actor: Actor, reason: str, now: datetime
) -> list[Row]:
    return [
        {
            "kind": kind,
            "code": code,
            "version": 1,
            "change": ChangeKind.ADDED,
            "at": now,
            "actor": actor.username,
            "actor_name": actor.name,
            "fields": differences(None, state),
            "reason": reason,
        }
        for code, state in states.items()
    ]
