"""The list of the standardization pilots with their stages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.duty.roles import Action, Actor, Area
from stations.entered_text import comparable
from stations.errors import Conflict, InvalidInput
from stations.imports.word_mapping import WordKind
from stations.keeping.doubles import Lookalike
from stations.keeping.editing import area_of_state
from stations.language import N_, Worded
from stations.lists.list_row import Held, ListRow
from stations.lists.pilot_words import CHOICES, COLUMNS, KIND_WORDS, STAGES, is_telling
from stations.lists.record_columns import doubt_code, lookalike_of
from stations.lists.register import ListedRow, Occasion, Register, RowMaker, with_kept
from stations.lists.row_areas import RowAreas, area_changes
from stations.lists.stage_columns import stage_cells
from stations.lists.stage_history import history_told
from stations.registry.record_state import HistoryEntry
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread, put_unread, unread_of
from stations.targets.pilot import Pilot, PilotKind, PilotStage, PilotUnread

_TEXTS = ("name", "name_en", "kind", "host", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotState:
    """The state of a pilot. ``history``: its stages in order of time. ``unread``: what could not be read of it."""

    name: str
    name_en: str | None = None
    kind: PilotKind
    host: str | None = None
    city_adcode: str
    county_adcode: str | None = None
    source: str
    history: tuple[HistoryEntry, ...] = ()
    unread: tuple[Unread, ...] = ()


_PLAIN = tuple(field.name for field in fields(PilotState) if field.name not in ("history", "unread"))


def state_of_pilot(pilot: Pilot) -> PilotState:
    """Return the state of a pilot."""
    plain = {name: getattr(pilot, name) for name in _PLAIN}
    entries = sorted(pilot.history, key=lambda entry: entry.position)
    history = tuple(HistoryEntry(one.stage, one.dated, one.as_of, one.reason, one.source) for one in entries)
    return PilotState(**plain, history=history, unread=unread_of(pilot.unread))


class PilotList(Register[PilotState]):
    """The pilots."""

    name = "pilots"
    title = N_("Pilots")
    singular = N_("Pilot")
    action = Action.EDIT_TARGETS
    logged = AuditAction.IMPORT_PILOTS
    columns = COLUMNS
    choices = CHOICES

    def held(self, session: Session, *, sample: bool) -> Sequence[Held[PilotState]]:
        return [Held(one.id, one.code, one.version, state_of_pilot(one)) for one in _pilots(session, sample)]

    def taken(self, session: Session, *, sample: bool) -> Mapping[str, str | None]:
        return dict.fromkeys(session.scalars(select(Pilot.code).where(Pilot.sample.is_not(sample))))

    def keys(self, state: PilotState) -> Sequence[Hashable]:
        name = comparable(state.name)
        return [(name, kind, city) for kind in (state.kind, None) for city in (state.city_adcode, "")]

    def area(self, state: PilotState, *, sample: bool) -> Area:
        return area_of_state(state, sample=sample)

    def cells(self, code: str, state: PilotState, occasion: Occasion) -> Mapping[str, Any]:
        terms = occasion.terms
        cells = {
            **{name: getattr(state, name) for name in ("name", "name_en", "host", "source")},
            "code": code,
            "kind": KIND_WORDS[state.kind],
            "city": terms.cities[state.city_adcode].name,
            "county": terms.counties[state.county_adcode].name if state.county_adcode else None,
            **stage_cells(state.history, STAGES, state.source),
        }
        return with_kept(cells, state.unread)

    def maker(self, occasion: Occasion) -> RowMaker[PilotState]:
        return _PilotMaker(occasion)

    def lookalike(self, code: str, state: PilotState, terms: Terms, *, sample: bool) -> Lookalike:
        return lookalike_of(code, state.name, state.city_adcode, state.county_adcode, terms, sample=sample)

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ListedRow[PilotState]], *, reason: str, now: datetime
    ) -> Mapping[int, str]:
        held = {one.id: one for one in _pilots(session, actor.sample)}
        codes = _new_codes(session, [row for row in rows if row.new], sample=actor.sample)
        for row in rows:
            if row.after is None:
                continue
            pilot = held.get(row.id or 0)
            if pilot is None:
                pilot = Pilot(code=codes[row.number], sample=actor.sample, version=1, created_at=now, updated_at=now)
                session.add(pilot)
            elif pilot.version != row.version:
                raise Conflict(N_("Some of these records have been changed meanwhile; nothing was saved"))
            else:
                pilot.version += 1
                pilot.updated_at = now
            _put(pilot, row.after, actor, now)
            told: Detail = {"reason": reason}
            if row.changes:
                told["fields"] = list(row.changes)
            log.record(
                session,
                at=now,
                actor=actor.username,
                action=AuditAction.ADD_PILOT if row.new else AuditAction.EDIT_PILOT,
                subject_kind=AuditSubject.PILOT,
                subject=pilot.code,
                **told,
            )
        session.flush()
        return codes


def _pilots(session: Session, sample: bool) -> list[Pilot]:
    statement = select(Pilot).where(Pilot.sample.is_(sample)).order_by(Pilot.code)
    loaded = statement.options(selectinload(Pilot.history), selectinload(Pilot.unread))
    return list(session.scalars(loaded.execution_options(populate_existing=True)))


def _new_codes(session: Session, rows: Sequence[ListedRow[PilotState]], *, sample: bool) -> dict[int, str]:
    """Return the code of each new pilot by row number: the one that the row chooses, else the next free one."""
    codes = {row.number: row.code for row in rows if row.code}
    prefix = "SAMPLE-P-" if sample else "P-"
    taken = {*session.scalars(select(Pilot.code)), *codes.values()}
    endings = (code.removeprefix(prefix) for code in taken if code.startswith(prefix))
    number = max((int(ending) for ending in endings if ending.isascii() and ending.isdigit()), default=0)
    for row in rows:
        if row.number not in codes:
            number += 1
            codes[row.number] = f"{prefix}{number:03d}"
    return codes


def _put(pilot: Pilot, state: PilotState, actor: Actor, now: datetime) -> None:
    """Write a state to a pilot; entries of its history that stay the same keep who recorded them."""
    for name in _PLAIN:
        setattr(pilot, name, getattr(state, name))
    put_unread(pilot.unread, PilotUnread, state.unread)
    standing = {entry.position: entry for entry in pilot.history}
    for position, wanted in enumerate(state.history):
        entry = standing.pop(position, None)
        if entry is None:
            entry = PilotStage(position=position)
            pilot.history.append(entry)
        elif HistoryEntry(entry.stage, entry.dated, entry.as_of, entry.reason, entry.source) == wanted:
            continue
        entry.stage, entry.dated, entry.as_of = wanted.stage, wanted.dated, wanted.as_of  # type: ignore[assignment]
        entry.reason, entry.source = wanted.reason, wanted.source
        entry.recorded_by, entry.recorded_at = actor.username, now
    for ended in standing.values():
        pilot.history.remove(ended)


class _PilotMaker(RowMaker[PilotState]):
    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self._areas = RowAreas(occasion.terms, occasion.met)
        self._unclear: dict[int, InvalidInput | None] = {}

    def prepare(self, row: ListRow[PilotState]) -> None:
        self._unclear[row.number] = self._areas.read(row)

    def keys(self, row: ListRow[PilotState]) -> Sequence[Hashable]:
        name = comparable(row.name)
        return ((name, row.values.get("kind"), row.city),) if name else ()

    def settle(self, row: ListRow[PilotState]) -> None:
        if not row.city:
            self._areas.take_told(row, self._unclear[row.number])

    def make(self, rows: Sequence[ListRow[PilotState]], before: PilotState | None) -> PilotState | None:
        (row,) = rows
        doubt_code(row, before.name if before else None)
        said = {name: row.said[name] for name in _TEXTS if name in row.said}
        source = row.values.get("source") or self._occasion.source
        written = str(row.cells.get("kind") or "")
        taught = self._occasion.met.mapping.taught(WordKind.KIND, written)
        if "kind" in said and not (taught or is_telling(written)):
            message = N_("“{text}” names neither kind; it was read as {kind}. Check it")
            row.doubt("kind", message, text=written, kind=Worded(said["kind"].label))
        if before is not None:
            self._areas.check_stated(row, self._unclear[row.number])
            cleared: dict[str, Any] = dict.fromkeys(row.cleared)
            state = replace(before, **cleared, **said, **area_changes(row, before.city_adcode))
        elif "kind" in said:
            area: dict[str, Any] = {"city_adcode": row.city, "county_adcode": row.county or None}
            state = PilotState(**said | area | {"source": source})
        else:
            if "kind" not in row.cell_problems:
                row.fault("kind", N_("This is empty; please fill it in"))
            return None
        history = history_told(row, state.history, self._occasion, source, STAGES)
        return replace(state, history=history, unread=row.unread_after(state.unread))


PILOTS = PilotList()
