"""Many changes of stations at once, by the system's own ids: each row is written or told why not.

A row goes through the same functions as a person's form: the same checks, rights, histories, audit entries and notices.
The same rows sent again change nothing, since an id that is known is never added a second time; so a system may repeat
what it is not sure of.

What both sides changed since they last held the same is merged by field (``keeping.record_merge``). Fields that clash
are reported with the values of base, ours and theirs, and kept as a conflict to be decided on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.duty.roles import Action, Actor, require
from stations.errors import Conflict, DomainError, InvalidForm, InvalidInput
from stations.keeping.editing import add_record, change_status, edit_record
from stations.keeping.record_merge import ChangedMeanwhile, FieldMerge, Settlement, Side
from stations.keeping.record_writing import hold_record
from stations.keeping.station_form import StationForm, check_station, station_form_of
from stations.language import N_, LabelledEnum
from stations.partners.external_id import ExternalId, known_by
from stations.partners.interface_key import KeyInUse
from stations.partners.scopes import Scope
from stations.partners.station_row import Settling, StationRow, read_station_row
from stations.partners.sync_conflict import STATUS, note_conflict, supersede, told_fields
from stations.places.area_words import AreaWords
from stations.registry.merged_code import survivor_of
from stations.registry.record_history import state_at
from stations.registry.record_json import state_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import StationState, state_of_a_station
from stations.registry.record_terms import Terms
from stations.registry.station import Station

MOST_ROWS = 500
_STATION: Final = RecordKind.STATION


class Outcome(LabelledEnum):
    """What came of a row. ``LEFT_OUT``: it was right, but nothing is written because another row was not."""

    CREATED = "created", N_("Created")
    CHANGED = "changed", N_("Changed")
    UNCHANGED = "unchanged", N_("Unchanged")
    CONFLICT = "conflict", N_("Conflict")
    REFUSED = "refused", N_("Not accepted")
    LEFT_OUT = "left_out", N_("Left out")


@dataclass(frozen=True)
class RowResult:
    """What came of one row.

    ``row``: its number, from 1. ``version``, ``record``: of our record afterwards; its state as JSON where it has what
    the system does not know. ``problems``: why it was not written. ``fields``: those that clash, with all three values.
    """

    row: int
    external_id: str
    outcome: Outcome
    code: str = ""
    version: int | None = None
    record: Mapping[str, Any] | None = None
    problems: tuple[InvalidInput, ...] = ()
    told: DomainError | None = None
    written: Mapping[str, Any] = field(default_factory=dict)
    fields: Sequence[Mapping[str, Any]] = ()


class _Undone(Exception):
    """Nothing is to be written."""


class _Clash(Exception):
    """Fields were changed on both sides, differently."""

    def __init__(
        self, code: str, fields: list[dict[str, Any]], wanted: StationState, base_version: int, version: int
    ) -> None:
        self.code, self.fields, self.wanted = code, fields, wanted
        self.base_version, self.version = base_version, version
        super().__init__(code)


def change_stations(
    engine: Engine, key: KeyInUse, rows: Sequence[Any], *, all_or_none: bool, dry_run: bool, now: datetime
) -> list[RowResult]:
    """Write rows, each in its turn, and return what came of each.

    ``all_or_none``: nothing is written unless every row can be. ``dry_run``: nothing is written at all.

    Raises:
        NotAllowed: the key may not change stations.
        InvalidInput: there is no row, or there are too many.
    """
    key.require(Scope.WRITE_STATIONS)
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
    except _Clash as clash:
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
    known = known_by(session, key.system, row.external_id)
    code = _code_of(session, row, known)
    if not code:
        return _create(session, key, number, row, now)
    station = hold_record(session, _STATION, code)
    actor = require(key.actor, Action.EDIT_STATIONS, station.area)
    base_version = row.version or (known.version if known else station.version)
    base = state_at(session, _STATION, code, base_version) if base_version < station.version else state_of(station)
    if base is None or base_version > station.version:
        raise Conflict(N_("There is no version {version} of this record; read it anew"), version=base_version)
    before = station.version
    started = state_of_a_station(base)
    clashes = _edit(session, actor, station, started, base_version, row, terms, now)
    clashes += _move_on(session, actor, station, started, base_version, row, now)
    if clashes:
        form = row.form_from(station_form_of(started))
        raise _Clash(code, clashes, check_station(form, terms), base_version, before)
    supersede(session, key.system, row.external_id)
    if known is None:
        known = ExternalId(
            system=key.system, kind=_STATION, external_id=row.external_id, code=code, version=0, synced_at=now
        )
        session.add(known)
    known.version, known.synced_at = station.version, now
    outcome = Outcome.CHANGED if station.version != before else Outcome.UNCHANGED
    news = state_to_json(state_of(station), _STATION) if before != base_version or row.settle else None
    return RowResult(number, row.external_id, outcome, code, station.version, news)


def _code_of(session: Session, row: StationRow, known: ExternalId | None) -> str:
    """Return the code of the record that a row is about; "" if it is new.

    Raises:
        InvalidInput: the row names another record than its id stands for.
        Conflict: the record was merged into another one since.
    """
    code = known.code if known else row.code
    if row.code and known and row.code != known.code and survivor_of(session, _STATION, known.code) != row.code:
        raise InvalidInput("code", N_("The id {id} stands for {code} already"), id=row.external_id, code=known.code)
    survivor = survivor_of(session, _STATION, code) if code else None
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
        session, key.actor, _STATION, row.form_from(StationForm()), row.status, reason=key.system, now=now
    )
    session.flush()
    session.add(
        ExternalId(
            system=key.system,
            kind=_STATION,
            external_id=row.external_id,
            code=station.code,
            version=station.version,
            synced_at=now,
        )
    )
    session.flush()
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
) -> list[dict[str, Any]]:
    """Save the fields of a row that its system changed since ``base``. Return those that clash."""
    if not row.given:
        return []
    form = row.form_from(station_form_of(base))
    if _fields_of(check_station(form, terms)) == _fields_of(base):
        return []  # only its status may be news
    settlement = Settlement(row.settle.version, row.settle.fields) if row.settle else None
    for _turn in range(2):
        try:
            edit_record(
                session,
                actor,
                _STATION,
                station.code,
                form,
                version=base_version,
                settlement=settlement,
                now=now,
            )
        except ChangedMeanwhile as changed:
            if changed.merge.clashes:
                return told_fields(_undecided(changed.merge.clashes, row.settle, changed.version))
            settlement = Settlement(changed.version, {})
        except Conflict:  # both sides made the same change
            return []
        else:
            return []
    return []


def _undecided(clashes: Sequence[FieldMerge], settle: Settling | None, version: int) -> list[FieldMerge]:
    """Return the clashes that a row does not decide; all, if it decides for another version than ours now has."""
    if settle is None or settle.version != version:
        return list(clashes)
    return [one for one in clashes if one.field not in settle.fields] or list(clashes)


def _fields_of(state: StationState) -> dict[str, Any]:
    document = state_to_json(state, _STATION)
    document.pop("history", None)
    document.pop("unread", None)
    return document


def _move_on(
    session: Session,
    actor: Actor,
    station: Station,
    base: StationState,
    base_version: int,
    row: StationRow,
    now: datetime,
) -> list[dict[str, Any]]:
    """Change the status if the row says another one than the record has. Return the clash, if there is one."""
    if row.status is None:
        return []
    ours, was, theirs = _stage(state_of_a_station(state_of(station))), _stage(base), row.status.stage
    if theirs in (ours, was):
        return []
    if ours != was:
        side = row.settle.fields.get(STATUS) if row.settle and row.settle.version <= station.version else None
        if side is None:
            told = {"field": STATUS, "base": was, "ours": ours, "theirs": theirs}
            return [{**told, "entry": asdict(row.status)}]
        if side is Side.THEIRS:
            return []
    change_status(session, actor, _STATION, station.code, row.status, version=station.version, now=now)
    return []


def _stage(state: StationState) -> str:
    return state.history[-1].stage.value if state.history else ""
