"""Adding many checked records at once, as an import does: a few statements, not a few for each record.

What stands afterwards is what ``record_writing.insert_record`` would have written for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from geo.counties import county_layer
from stations.access import Actor
from stations.chains import centre_chain, station_chain
from stations.dated_entries import entry_day
from stations.partial_date import PartialDate
from stations.record_history import ChangeKind, RecordChange
from stations.record_kind import RecordKind
from stations.record_state import SHAPES, State, differences, empty_state
from stations.registry import StationService
from stations.revision import move_revision

Row = dict[str, Any]
_CHAINS = {RecordKind.STATION: station_chain, RecordKind.CENTRE: centre_chain}


def insert_records(
    session: Session,
    kind: RecordKind,
    states: Mapping[str, State],
    *,
    sample: bool,
    actor: Actor,
    reason: str,
    now: datetime,
) -> int:
    """Add a record for each code with its checked state, and begin its history; how many were added.

    Raises:
        sqlalchemy.exc.IntegrityError: a code is taken.
    """
    if not states:
        return 0
    session.flush()
    shape = SHAPES[kind]
    located = _located(states) if kind is RecordKind.STATION else {}
    records = [
        {field: state[field] for field in shape.plain}
        | {
            "code": code,
            "lon": state["place"] and state["place"][0],
            "lat": state["place"] and state["place"][1],
            "sample": sample,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        | ({"located_adcode": located.get(code)} if kind is RecordKind.STATION else {})
        for code, state in states.items()
    ]
    table = shape.model.__table__
    given = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = dict(zip(states, session.scalars(given, records), strict=True))
    owner = f"{kind}_id"
    _insert(session, shape.entry.__table__, _entries(kind, states, ids, owner, actor, now))
    _insert(
        session,
        _CHAINS[kind],
        [{owner: ids[code], "chain_code": chain} for code, state in states.items() for chain in state["chains"]],
    )
    if kind is RecordKind.STATION:
        _insert(session, StationService.__table__, _offers(states, ids))
    _insert(session, RecordChange.__table__, _changes(kind, states, actor, reason, now))
    move_revision(session)
    return len(states)


def _insert(session: Session, table: Any, rows: list[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _located(states: Mapping[str, State]) -> dict[str, str | None]:
    """For each code that has a place, the county that lies in."""
    placed = {code: state["place"] for code, state in states.items() if state["place"]}
    if not placed:
        return {}
    lons, lats = zip(*placed.values(), strict=True)
    return dict(zip(placed, county_layer().locate_many(lons, lats), strict=True))


def _entries(
    kind: RecordKind, states: Mapping[str, State], ids: Mapping[str, int], owner: str, actor: Actor, now: datetime
) -> list[Row]:
    stage = SHAPES[kind].stage
    stages = SHAPES[kind].stages
    return [
        {
            owner: ids[code],
            "position": position,
            stage: stages(entry[stage]),
            **{name: PartialDate.parse(entry[name]) if entry[name] else None for name in ("dated", "as_of")},
            "known_from": entry_day(entry),
            "reason": entry["reason"],
            "source": entry["source"],
            "recorded_by": actor.username,
            "recorded_at": now,
        }
        for code, state in states.items()
        for position, entry in enumerate(state["history"])
    ]


def _offers(states: Mapping[str, State], ids: Mapping[str, int]) -> list[Row]:
    return [
        {
            "station_id": ids[code],
            "service_code": service,
            "since": span["since"] and date.fromisoformat(span["since"]),
            "until": span["until"] and date.fromisoformat(span["until"]),
        }
        for code, state in states.items()
        for service, span in state["services"].items()
    ]


def _changes(kind: RecordKind, states: Mapping[str, State], actor: Actor, reason: str, now: datetime) -> list[Row]:
    nothing = empty_state(kind)
    return [
        {
            "kind": kind,
            "code": code,
            "version": 1,
            "change": ChangeKind.ADDED,
            "at": now,
            "actor": actor.username,
            "actor_name": actor.name,
            "fields": differences(nothing, state),
            "reason": reason,
        }
        for code, state in states.items()
    ]
