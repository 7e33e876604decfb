"""Many changes of stations at once, by the system's own ids: each row is written or told why not.

A row goes through the same functions as a person's form: the same checks, rights, histories, audit entries and notices.
The same rows sent again change nothing, since an id that is known is never added a second time; so a system may repeat
what it is not sure of.

Where a key may only propose changes, each row becomes a proposal (``row_proposal``).

What both sides changed since they last held the same is merged by field (``keeping.record_merge``). Fields that clash
are reported with the values of base, ours and theirs, and kept as a conflict to be decided on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import Action, Actor, require
from stations.errors import Conflict, DomainError, InvalidForm, InvalidInput
from stations.keeping.editing import add_record, change_status, edit_record
from stations.keeping.record_merge import Settlement
from stations.keeping.record_writing import hold_record
from stations.keeping.station_form import StationForm, check_station, station_form_of
from stations.language import N_
from stations.partners.external_id import ExternalId, known_by, link
from stations.partners.interface_key import KeyInUse
from stations.partners.row_merge import STATION, Clash, Fields, fields_of, merged, status_wanted
from stations.partners.row_proposal import accepted_as, propose_row, started_from
from stations.partners.row_result import Outcome, RowResult
from stations.partners.scopes import Scope
from stations.partners.station_row import StationRow, read_station_row
from stations.partners.sync_conflict import note_conflict, supersede
from stations.places.area_words import AreaWords
from stations.registry.merged_code import survivor_of
from stations.registry.record_json import state_to_json
from stations.registry.record_rows import state_of
from stations.registry.record_state import StationState, state_of_a_station
from stations.registry.record_terms import Terms
from stations.registry.station import Station

MOST_ROWS = 500


class _Undone(Exception):
    """Nothing is to be written."""


def change_stations(
    engine: Engine,
    key: KeyInUse,
    rows: Sequence[Any],
    *,
    all_or_none: bool,
    dry_run: bool,
    now: datetime,
    also: Callable[[Session], None] = lambda _session: None,
) -> list[RowResult]:
    """Write rows, each in its turn, and return what came of each.

    ``all_or_none``: nothing is written unless every row can be. ``dry_run``: nothing is written at all. ``also``: is
    done in the same transaction.

    Raises:
        NotAllowed: the key may not change stations.
        InvalidInput: there is no row, or there are too many.
    """
    key.require(Scope.WRITE_STATIONS, Scope.PROPOSE_STATIONS)
    if not 1 <= len(rows) <= MOST_ROWS:
        told = N_("Send 1 to {most} rows at once; here are {count}")
        raise InvalidInput("rows", told, most=MOST_ROWS, count=len(rows))
    results: list[RowResult] = []
    try:
        with transaction(engine) as session:
            terms = Terms.load(session)
            areas = AreaWords(terms.cities, terms.counties)
            for number, row in enumerate(rows, start=1):
                results.append(_write(session, key, number, row, terms, areas, now))
            failed = any(one.outcome in {Outcome.CONFLICT, Outcome.REFUSED} for one in results)
            if dry_run or (all_or_none and failed):
                raise _Undone
            also(session)
    except _Undone:
        if not dry_run:
            results = [_left_out(one) for one in results]
    return results


def _left_out(result: RowResult) -> RowResult:
    if result.outcome in {Outcome.CONFLICT, Outcome.REFUSED, Outcome.UNCHANGED}:
        return result
    return RowResult(result.row, result.external_id, Outcome.LEFT_OUT, written=result.written)


def _write(
    session: Session, key: KeyInUse, number: int, row: Any, terms: Terms, areas: AreaWords, now: datetime
) -> RowResult:
    written = row if isinstance(row, dict) else {"row": row}
    external_id = str(written.get("id", ""))[:80]
    try:
        read = read_station_row(row, terms, areas)
        external_id = read.external_id
        with session.begin_nested():
            result = _apply(session, key, number, read, terms, now)
        return result
    except Clash as clash:
        note_conflict(
            session,
            key,
            external_id,
            clash.code,
            clash.fields,
            clash.wanted,
            base_version=clash.base_version,
            version=clash.version,
            now=now,
        )
        return RowResult(
            number, external_id, Outcome.CONFLICT, clash.code, clash.version, fields=clash.fields, written=written
        )
    except InvalidForm as form:
        return RowResult(number, external_id, Outcome.REFUSED, problems=form.problems, written=written)
    except InvalidInput as problem:
        return RowResult(number, external_id, Outcome.REFUSED, problems=(problem,), written=written)
    except DomainError as refused:
        return RowResult(number, external_id, Outcome.REFUSED, told=refused, written=written)


def _apply(
    session: Session, key: KeyInUse, number: int, row: StationRow, terms: Terms, now: datetime
) -> RowResult:
    known = known_by(session, key.system, row.external_id) or accepted_as(session, key.system, row.external_id, now)
    code = _code_of(session, row, known)
    if Scope.WRITE_STATIONS not in key.scopes:
        return propose_row(session, key, number, row, known, code, terms, now)
    if not code:
        return _create(session, key, number, row, now)
    station = hold_record(session, STATION, code)
    actor = require(key.actor, Action.EDIT_STATIONS, station.area)
    base_version, started = started_from(session, station, row, known)
    before = station.version
    clashes = _edit(session, actor, station, started, base_version, row, terms, now)
    clashes += _move_on(session, actor, station, started, row, now)
    if clashes:
        form = row.form_from(station_form_of(started))
        raise Clash(code, clashes, check_station(form, terms), base_version, before)
    supersede(session, key.system, row.external_id)
    known = known or link(session, key.system, row.external_id, code, station.version, now)
    known.version, known.synced_at = station.version, now
    outcome = Outcome.CHANGED if station.version != before else Outcome.UNCHANGED
    news = state_to_json(state_of(station), STATION) if before != base_version or row.settle else None
    return RowResult(number, row.external_id, outcome, code, station.version, record=news)


def _code_of(session: Session, row: StationRow, known: ExternalId | None) -> str:
    """Return the code of the record that a row is about; "" if it is new.

    Raises:
        InvalidInput: the row names another record than its id stands for.
        Conflict: the record was merged into another one since.
    """
    code = known.code if known else row.code
    if row.code and known and row.code != known.code and survivor_of(session, STATION, known.code) != row.code:
        raise InvalidInput("code", N_("The id {id} stands for {code} already"), id=row.external_id, code=known.code)
    survivor = survivor_of(session, STATION, code) if code else None
    if survivor is None:
        return code
    if row.code != survivor or row.version is None:
        raise Conflict(
            N_("{code} was merged into {survivor}; read that one, and send it with its code and version"),
            code=code,
            survivor=survivor,
        )
    if known is not None:
        known.code = survivor
    return survivor


def _create(session: Session, key: KeyInUse, number: int, row: StationRow, now: datetime) -> RowResult:
    if row.version is not None:
        raise InvalidInput("version", N_("This id is new here, so it has no version; give the code of the record too"))
    if row.status is None:
        raise InvalidInput("status", N_("Say what a new station is, and since when"))
    station = add_record(
        session, key.actor, STATION, row.form_from(StationForm()), row.status, reason=key.system, now=now
    )
    session.flush()
    link(session, key.system, row.external_id, station.code, station.version, now)
    return RowResult(number, row.external_id, Outcome.CREATED, station.code, station.version)


def _edit(
    session: Session,
    actor: Actor,
    station: Station,
    base: StationState,
    base_version: int,
    row: StationRow,
    terms: Terms,
    now: datetime,
) -> Fields:
    """Save the fields of a row that its system changed since ``base``. Return those that clash."""
    if not row.given:
        return []
    form = row.form_from(station_form_of(base))
    if fields_of(check_station(form, terms)) == fields_of(base):
        return []  # only its status may be news

    def save(settlement: Settlement | None) -> object:
        return edit_record(
            session, actor, STATION, station.code, form, version=base_version, settlement=settlement, now=now
        )

    return merged(row, save)


def _move_on(
    session: Session, actor: Actor, station: Station, base: StationState, row: StationRow, now: datetime
) -> Fields:
    """Change the status if the row says another one than the record has. Return the clash, if there is one."""
    wanted, clashes = status_wanted(row, state_of_a_station(state_of(station)), base, station.version)
    if wanted and row.status is not None:
        change_status(session, actor, STATION, station.code, row.status, version=station.version, now=now)
    return clashes
