"""Importing a list of stations: first a plan, row by row; then all rows or only the certain ones, in one transaction.

A row belongs to a registered station (``matching``) or is new. A row that merely resembles a registered station is
doubtful: somebody decides. The plan is applied only to the registry for which it was made: if the registry has changed
and the plan would be different now, nothing is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit.vocabulary import AuditAction
from stations.catalogue.words import CatalogueWords
from stations.duty.roles import Action, Actor, require, whole_province
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.imports.applied_plan import Imported, RegistryMoved, chosen_rows, record_import
from stations.imports.checks import confirm_by_registry, mark_double_stations, mark_places
from stations.imports.columns import COLUMNS, WITHOUT_NAMES, StationColumn, besides_unread_words
from stations.imports.corrected_cells import CONTACTS
from stations.imports.end_hints import EndHints
from stations.imports.list_facts import facts_of
from stations.imports.matching import Matcher, join_continuations, tell_apart
from stations.imports.met_words import MetWords
from stations.imports.plan import (
    ImportOptions,
    ImportPlan,
    Outcome,
    PlannedRow,
    applied_words,
    outcome_of,
    settled,
)
from stations.imports.row_areas import AreaChecks
from stations.imports.row_history import HistoryReader, check_status_date
from stations.imports.row_reading import RowReading
from stations.imports.rows import RowReader
from stations.imports.section_rows import with_sections
from stations.imports.station_words import STATION_WORDS
from stations.imports.tick_columns import meet_headings, tick_columns, with_ticks_named
from stations.imports.word_mapping import NO_MAPPING, WordKind, WordMapping
from stations.keeping.editing import area_of_state
from stations.keeping.record_bulk import RecordUpdate, insert_records, update_records
from stations.keeping.record_codes import code_prefix, next_number
from stations.language import day_in_china
from stations.places.coordinates import read_coordinate_system
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import sharing
from stations.registry.record_terms import Terms
from stations.registry.standing import codes_taken, standing_stations
from stations.registry.station import Station
from stations.revision import current_revision, move_revision
from stations.tables.corrections import NO_CORRECTIONS, Corrections
from stations.tables.ditto_cells import with_dittos
from stations.tables.sheet import Sheet
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import Limits

LIMITS = Limits(old=True)
BATCH = 2000
Progress = Callable[[int, int], None]


def read_list(
    content: bytes,
    *,
    hidden_too: bool = False,
    mapping: WordMapping = NO_MAPPING,
    corrections: Corrections = NO_CORRECTIONS,
    name: str = "",
) -> Sheet:
    """Return the list in a file, not yet compared with the registry.

    ``name``: of the sheet that is read, "" for all that have the headings of the first that has such. ``hidden_too``:
    whether rows that are hidden or struck out in the workbook are read. ``mapping``: what its headings and words for
    statuses mean. ``corrections``: cells put right, which stand in place of those of the file.

    Raises:
        InvalidInput: the file can't be read, or has no column of names.
    """
    def read(columns: Sequence[StationColumn]) -> Sheet:
        wanted = besides_unread_words(STATION_WORDS.taught(columns, mapping))
        sheet = read_sheet(
            content, wanted, LIMITS, hidden_too=hidden_too, corrections=corrections, together=True, name=name
        )
        return with_dittos(sheet)

    try:
        return with_sections(read(COLUMNS))
    except InvalidInput as problem:
        try:
            return read(WITHOUT_NAMES)
        except InvalidInput:
            raise problem from None


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
    actor = require_importer(actor)
    file = read_text("file", options.file, limit=120, required=False)
    source = read_text("source", options.source, limit=2000, required=False)
    stated = read_coordinate_system("crs", options.crs) if options.crs else ""
    terms, today = Terms.load(session), day_in_china(now)
    revision = current_revision(session)
    standing = standing_stations(session, sample=actor.sample)
    facts = facts_of(sheet, today)
    check_status_date(options.status_date, today)
    met = MetWords(options.mapping)
    taught = (options.mapping.of(kind) for kind in (WordKind.SERVICE, WordKind.CHAIN))
    words = CatalogueWords(terms.services, terms.chains, *taught)
    ticks = tick_columns(sheet, words)
    sheet = with_ticks_named(sheet, ticks)
    histories = HistoryReader(today, EndHints(sheet), options.status_date, facts.date)
    reader = RowReader(terms, today, source or file or "import", histories, words, ticks, met, sheet, options)
    matcher = Matcher(standing, codes_taken(session, sample=actor.sample), terms)
    steps = 2 * len(sheet.rows)
    readings: deque[RowReading] = deque()
    for done, row in enumerate(sheet.rows, start=1):
        reading = reader.read(row)
        matcher.match_by_code(reading)
        readings.append(reading)
        if progress and done % BATCH == 0:
            progress(done, steps)
    crs = _settle(readings, matcher, facts.crs or stated, terms)
    del matcher
    meet_headings(sheet, met, with_ticks=STATION_WORDS.with_ticks)
    rows: list[PlannedRow] = []
    while readings:  # release each reading once it is planned, to save memory
        rows.append(_plan_row(reader, readings.popleft()))
        if progress and len(rows) % BATCH == 0:
            progress(len(sheet.rows) + len(rows), steps)
    rows = mark_double_stations(rows, standing, terms, sample=actor.sample)
    for planned in rows:
        if planned.after is not None:
            require(actor, Action.IMPORT_STATIONS, area_of_state(planned.after, code=planned.code, sample=actor.sample))
    options = replace(options, file=file, source=source)
    return ImportPlan(
        sheet,
        rows,
        now,
        mapping=options.mapping,
        unknown=met.unknown,
        applied=applied_words(met, STATION_WORDS, terms),
        options=options,
        revision=revision,
        crs=crs,
        facts=facts,
        undated=tuple(histories.undated),
    )


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
    actor = require_importer(actor)
    chosen = chosen_rows(plan, doubtful=doubtful)
    new, changed = [row for row in chosen if row.new], [row for row in chosen if not row.new]
    _hold(session, changed)
    move_revision(session)  # from here on every other writer of the registry waits
    if current_revision(session) != plan.revision + 1:
        fresh = plan_import(session, actor, plan.sheet, plan.options, now=now)
        if not fresh.says_the_same_as(plan):
            raise RegistryMoved
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
    return record_import(
        session,
        actor,
        AuditAction.IMPORT_STATIONS,
        plan,
        chosen,
        codes,
        file=plan.options.file,
        personal=CONTACTS,
        now=now,
    )


def _settle(readings: Collection[RowReading], matcher: Matcher, stated: str, terms: Terms) -> str:
    """Set the place, the county and the registered station of each row; return the coordinate system guessed, if any.

    A county that the row does not state follows from its coordinates or its address.
    """
    join_continuations(readings)
    for reading in readings:
        matcher.match_by_name(reading)
    crs = mark_places(readings, stated, terms)
    areas = AreaChecks(terms)
    for reading in readings:
        if not reading.joined:
            areas.check_address(reading)
            matcher.match_by_name(reading)
    tell_apart(readings)
    for reading in readings:
        confirm_by_registry(reading)
    return crs


def _plan_row(reader: RowReader, reading: RowReading) -> PlannedRow:
    if reading.joined:
        return PlannedRow(reading.number, Outcome.JOINED, reading.name, "", reading.remarks)
    match = reading.match
    after = reader.changed_state(reading, match.state) if match else reader.new_state(reading)
    before = match.state if match else None
    if after is not None and before is not None:
        after = sharing(after, like=before)
    outcome = outcome_of(before, after, wrong=reading.wrong, doubtful=reading.doubtful, differs=reading.differs)
    return PlannedRow(
        reading.number,
        outcome,
        reading.name,
        match.code if match else reading.values.get("code") or "",
        settled(outcome, reading.remarks),
        before,
        None if reading.wrong else after,
        match.id if match else None,
        match.version if match else None,
    )


def require_importer(actor: Actor | None) -> Actor:
    """Return the actor if they may import stations.

    Raises:
        NotAllowed: they may not.
    """
    return require(actor, Action.IMPORT_STATIONS, whole_province(sample=actor is not None and actor.sample))


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
