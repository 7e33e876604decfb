"""Importing a list of stations: first a plan, row by row; then all rows or only the certain ones, in one transaction.

A row belongs to the station whose code it names, or to the one with the same name in the same county (or city);
otherwise it is new. A row that merely resembles a registered station is doubtful: somebody decides. The plan is applied
only to the registry for which it was made: if the registry has changed and the plan would be different now, nothing is
written.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.province import province_in_use
from stations.audit import log
from stations.duty.roles import Action, Actor, Area, require
from stations.entered_text import narrow, read_text
from stations.errors import Conflict
from stations.imports.checks import mark_places, mark_possible_doubles
from stations.imports.columns import COLUMNS
from stations.imports.plan import ImportOptions, ImportPlan, Outcome, PlannedRow, Weight
from stations.imports.rows import RowReader, RowReading
from stations.keeping.editing import area_of_state
from stations.keeping.name_likeness import core_name, likeness
from stations.keeping.record_bulk import RecordUpdate, insert_records, update_records
from stations.keeping.record_codes import code_prefix, next_number
from stations.language import N_, day_in_china
from stations.places.coordinates import read_coordinate_system
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import StationState, sharing
from stations.registry.record_terms import Terms
from stations.registry.standing import Standing, codes_taken, standing_stations
from stations.registry.station import Station
from stations.revision import current_revision, move_revision
from stations.tables.sheet import Sheet
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import Limits

LIMITS = Limits(old=True)
BATCH = 2000
UNLIKE = 0.4
"""If the likeness of the names is below this, the code is probably in the wrong row."""

_OURS = re.compile(r"(?:SAMPLE-)?S-")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """The result of an import: the numbers of records added and changed, and of rows left out.

    ``codes``: the code of the new station by row number.
    """

    added: int
    changed: int
    left: int
    codes: dict[int, str]


class RegistryMoved(Conflict):
    """The registry was changed since the plan was made, and the plan would be different now."""


def read_list(content: bytes) -> Sheet:
    """Return the list in a file, not yet compared with the registry.

    Raises:
        InvalidInput: the file can't be read, or has no column of names.
    """
    return read_sheet(content, COLUMNS, LIMITS)


def plan_import(
    session: Session,
    actor: Actor | None,
    sheet: Sheet,
    options: ImportOptions,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> ImportPlan:
    """Return the plan of what an import of the list would do; write nothing.

    ``progress`` is called with the number of steps done and the total number of steps.

    Raises:
        NotAllowed: the actor may not import stations.
        InvalidInput: the options are wrong.
    """
    actor = _require(actor)
    file = read_text("file", options.file, limit=120, required=False)
    source = read_text("source", options.source, limit=2000, required=False)
    stated = read_coordinate_system("crs", options.crs) if options.crs else ""
    terms, today = Terms.load(session), day_in_china(now)
    revision = current_revision(session)
    standing = standing_stations(session, sample=actor.sample)
    reader = RowReader(terms, today, source or file or "import")
    matcher = _Matcher(standing, codes_taken(session, sample=actor.sample), terms)
    steps = 2 * len(sheet.rows)
    readings: deque[RowReading] = deque()
    for done, row in enumerate(sheet.rows, start=1):
        reading = reader.read(row)
        reading.match = matcher.match(reading)
        readings.append(reading)
        if progress and done % BATCH == 0:
            progress(done, steps)
    del matcher
    crs = mark_places(readings, stated, terms)
    rows: list[PlannedRow] = []
    while readings:  # release each reading once it is planned, to save memory
        rows.append(_plan_row(reader, readings.popleft()))
        if progress and len(rows) % BATCH == 0:
            progress(len(sheet.rows) + len(rows), steps)
    rows = mark_possible_doubles(rows, standing, terms, sample=actor.sample)
    for planned in rows:
        if planned.after is not None:
            require(actor, Action.IMPORT_STATIONS, area_of_state(planned.after, code=planned.code, sample=actor.sample))
    return ImportPlan(sheet, replace(options, file=file, source=source), rows, revision, now, crs)


def apply_import(
    session: Session,
    actor: Actor | None,
    plan: ImportPlan,
    *,
    doubtful: bool = False,
    now: datetime,
    progress: Progress | None = None,
) -> Imported:
    """Apply a plan: the new and changed rows, and with ``doubtful`` the doubtful ones. Wrong rows are left out.

    ``progress`` is called with the number of rows written and the number of rows to write.

    Raises:
        RegistryMoved: the registry was changed since, and the plan would be different now; nothing is written.
        Conflict: there is nothing to write.
        NotAllowed: the actor may not import stations.
    """
    actor = _require(actor)
    chosen = plan.to_apply(doubtful=doubtful)
    if not chosen:
        raise Conflict(N_("No row of this list would change anything, so nothing was imported"))
    new, changed = [row for row in chosen if row.new], [row for row in chosen if not row.new]
    _hold(session, changed)
    move_revision(session)  # from here on every other writer of the registry waits
    if current_revision(session) != plan.revision + 1:
        fresh = plan_import(session, actor, plan.sheet, plan.options, now=now)
        if not fresh.says_the_same_as(plan):
            raise RegistryMoved(
                N_("The registry has been changed meanwhile; nothing was imported. Look at the preview again")
            )
    codes = _give_codes(session, new, sample=actor.sample)
    done, reason = 0, plan.options.file
    for batch in _batches(new):
        states = {codes[row.number]: row.after for row in batch if row.after is not None}
        insert_records(session, RecordKind.STATION, states, sample=actor.sample, actor=actor, reason=reason, now=now)
        done += len(batch)
        if progress:
            progress(done, len(chosen))
    for batch in _batches(changed):
        updates = [_update_of(row) for row in batch]
        update_records(session, RecordKind.STATION, updates, actor=actor, reason=reason, now=now)
        done += len(batch)
        if progress:
            progress(done, len(chosen))
    log.record(
        session,
        at=now,
        actor=actor.username,
        action="import_stations",
        subject_kind="import",
        subject=plan.options.file[:80] or "import",
        added=len(codes),
        changed=len(changed),
        doubtful=sum(row.outcome is Outcome.DOUBTFUL for row in chosen),
        left=len(plan.rows) - len(chosen),
        digest=sha256("\n".join(sorted([*codes.values(), *(row.code for row in changed)])).encode()).hexdigest(),
    )
    return Imported(len(codes), len(changed), len(plan.rows) - len(chosen), codes)


class _Matcher:
    """Finds the registered station that a row belongs to, and rows that belong to the same one."""

    def __init__(self, standing: dict[str, Standing], taken: dict[str, str | None], terms: Terms) -> None:
        self._standing, self._taken, self._terms = standing, taken, terms
        self._by_name: dict[str, dict[str, tuple[Standing, ...]]] = defaultdict(dict)  # by area, then by name
        for one in standing.values():
            state = one.state
            name, alone = _plain(state.name), (one,)
            for area in filter(None, (state.county_adcode, state.city_adcode)):
                known = self._by_name[area]
                known[name] = known[name] + alone if name in known else alone
        self._first_row: dict[tuple[str, str], int] = {}

    def match(self, reading: RowReading) -> Standing | None:
        code = reading.values.get("code") or ""
        found = self._by_code(reading, code) if code else self._named(reading)
        key = (found.code, "") if found else (code, "") if code else (_plain(reading.name), reading.area)
        if key[0]:
            first = self._first_row.setdefault(key, reading.number)
            if first != reading.number:
                column = "code" if code else "name"
                reading.remark(
                    column, Weight.FAULT, N_("This station stands in row {row} already; keep one of the two"), row=first
                )
        return found

    def _by_code(self, reading: RowReading, code: str) -> Standing | None:
        found = self._standing.get(code)
        if found is None:
            if code in self._taken:
                message = (
                    N_("{code} was merged into {survivor}; write that code")
                    if self._taken[code]
                    else N_("The code {code} is taken by a record that this import can't change; write another")
                )
                reading.remark("code", Weight.FAULT, message, code=code, survivor=self._taken[code])
            elif _OURS.match(code):
                reading.remark(
                    "code",
                    Weight.DOUBT,
                    N_("No station has the code {code}; check it, or leave it empty for a new station"),
                    code=code,
                )
        elif reading.name and likeness(*self._cores(reading.name, found.state)) < UNLIKE:
            reading.remark(
                "name",
                Weight.DOUBT,
                N_("{code} is called “{name}” in the registry; check whether the code stands in the right row"),
                code=code,
                name=found.state.name,
            )
        return found

    def _cores(self, name: str, state: StationState) -> tuple[str, str]:
        county = self._terms.counties.get(state.county_adcode or "")
        places = [self._terms.cities[state.city_adcode].name, *([county.name] if county else [])]
        return core_name(name, places), core_name(state.name, places)

    def _named(self, reading: RowReading) -> Standing | None:
        found = self._by_name.get(reading.area, {}).get(_plain(reading.name), ()) if reading.area else ()
        if len(found) > 1:
            reading.remark(
                "name",
                Weight.FAULT,
                N_("Several stations there have this name ({codes}); write the code of the one that is meant"),
                codes=", ".join(one.code for one in found[:5]),
            )
        return found[0] if len(found) == 1 else None


def _plan_row(reader: RowReader, reading: RowReading) -> PlannedRow:
    match = reading.match
    if not reading.area and match is None and not reading.wrong:
        reader.area_from_address(reading)
    after = reader.changed_state(reading, match.state) if match else reader.new_state(reading)
    before = match.state if match else None
    if after is not None and before is not None:
        after = sharing(after, like=before)
    if reading.wrong:
        after, outcome = None, Outcome.WRONG
    elif reading.doubtful:
        outcome = Outcome.DOUBTFUL
    elif before is None:
        outcome = Outcome.NEW
    else:
        outcome = Outcome.UNCHANGED if after is before else Outcome.CHANGED
    return PlannedRow(
        reading.number,
        outcome,
        reading.name,
        match.code if match else reading.values.get("code") or "",
        reading.remarks,
        before,
        after,
        match.id if match else None,
        match.version if match else None,
    )


def _require(actor: Actor | None) -> Actor:
    area = Area(province_in_use().adcode, sample=actor.sample if actor else False)
    return require(actor, Action.IMPORT_STATIONS, area)


def _update_of(row: PlannedRow) -> RecordUpdate:
    """Return the change of a registered station that the row plans.

    Raises:
        ValueError: the row plans none.
    """
    if row.id is None or row.version is None or row.before is None or row.after is None:
        raise ValueError(f"row {row.number} changes no station")
    return RecordUpdate(row.id, row.code, row.version, row.before, row.after)


def _hold(session: Session, rows: Sequence[PlannedRow]) -> None:
    """Lock the stations to be changed, in the order of their ids, so that nobody edits them meanwhile."""
    for batch in _batches(sorted(rows, key=lambda row: row.id or 0), 500):
        ids = [row.id for row in batch]
        session.execute(select(Station.id).where(Station.id.in_(ids)).order_by(Station.id).with_for_update()).all()


def _give_codes(session: Session, rows: Iterable[PlannedRow], *, sample: bool) -> dict[int, str]:
    numbers: dict[str, int] = {}
    codes: dict[int, str] = {}
    chosen = {row.code for row in rows if row.code}
    for row in rows:
        if row.code or row.after is None:
            codes[row.number] = row.code
            continue
        prefix = code_prefix(RecordKind.STATION, row.after.city_adcode, sample=sample)
        number = numbers.get(prefix) or next_number(session, RecordKind.STATION, prefix)
        while f"{prefix}{number:03d}" in chosen:
            number += 1
        codes[row.number] = f"{prefix}{number:03d}"
        numbers[prefix] = number + 1
    return codes


def _batches(rows: Sequence[PlannedRow], size: int = BATCH) -> Iterable[Sequence[PlannedRow]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _plain(name: str) -> str:
    return re.sub(r"\s", "", narrow(name)).casefold()
