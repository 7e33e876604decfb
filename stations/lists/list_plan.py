"""What an import of a register's list would do, row by row. Nothing is written here.

The reader of files, headings and dates is that of the lists of stations. A cell that says what the exported list has
there is untouched: whatever its reader makes of it, the field stays as it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from stations.duty.roles import Actor, outside_duty, signed_in
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.imports.empty_cells import settle_empty
from stations.imports.list_facts import facts_of
from stations.imports.met_words import MetWords
from stations.imports.plan import Outcome, Plan, Remark, Weight, applied_words, outcome_of, settled
from stations.imports.possible_doubles import mark_possible_doubles
from stations.imports.section_rows import with_sections
from stations.imports.tick_columns import meet_headings
from stations.imports.word_mapping import NO_MAPPING, WordKind, WordMapping
from stations.keeping.doubles import Lookalike
from stations.language import N_, Worded, day_in_china
from stations.lists.joined_rows import join_rows, share_outcome
from stations.lists.kind_of_list import TITLES, OtherKind, explained, kind_of_sheet
from stations.lists.list_row import Held, ListRow
from stations.lists.record_finder import Finder
from stations.lists.register import ListedRow, Occasion, Register, RowMaker
from stations.registry.record_terms import Terms
from stations.revision import current_revision
from stations.tables.corrections import NO_CORRECTIONS, Corrections
from stations.tables.ditto_cells import with_dittos
from stations.tables.heading_rows import MissingHeading
from stations.tables.sheet import Sheet
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import Limits

LIMITS = Limits(bytes=10_000_000, rows=20_000, old=True)

State = TypeVar("State")


@dataclass(frozen=True)
class ListOptions:
    """How to read a list.

    ``file``: its name. ``source``: of new records that name none; "" for the file's name. ``mapping``: what words of
    the list mean; the sheet was read with the same. ``clears``: whether an empty cell clears what is on file, where a
    record can do without it; else it says nothing. ``replaces``: whether the lines of scope or duties of a record that
    its rows do not name are taken away; else they stay.
    """

    file: str = ""
    source: str = ""
    mapping: WordMapping = NO_MAPPING
    clears: bool = False
    replaces: bool = False


@dataclass(frozen=True, kw_only=True)
class ListPlan(Plan[ListedRow[Any]]):
    """The plan of an import of a register's list.

    ``actor``: for whom it was made. ``revision``,
    ``versions``: of the registry and of the register (``Register.versions``) with which the list was compared.
    """

    options: ListOptions
    actor: Actor
    revision: int
    versions: Hashable


def read_list(
    register: Register[Any],
    content: bytes,
    *,
    hidden_too: bool = False,
    mapping: WordMapping = NO_MAPPING,
    corrections: Corrections = NO_CORRECTIONS,
    name: str = "",
) -> Sheet:
    """Return the list in a file, not yet compared with the register.

    ``name``: of the sheet that is read, "" for all that have the headings of the first that has such. ``hidden_too``:
    whether rows that are hidden or struck out in the workbook are read. ``mapping``: what its headings and the words of
    its choices mean. ``corrections``: cells put right, which stand in place of those of the file.

    Raises:
        WrongKind: the file lacks a column without which nothing is known, and looks like another kind of list.
        InvalidInput: the file can't be read, or lacks such a column.
    """
    labelled = [replace(column, headings=(*column.headings, column.label)) for column in register.readable]
    columns = register.vocabulary.taught(labelled, mapping)
    try:
        sheet = read_sheet(
            content, columns, LIMITS, hidden_too=hidden_too, corrections=corrections, together=True, name=name
        )
    except MissingHeading as missing:
        raise explained(register.name, missing) from None
    return with_sections(with_dittos(sheet))


def require_lister(actor: Actor | None, register: Register[Any]) -> Actor:
    """Return the actor if they may import or export some of the register.

    Raises:
        NotAllowed: they may not.
    """
    actor = signed_in(actor)
    if not actor.may_somewhere(register.action):
        raise outside_duty(register.action)
    return actor


def plan_list(
    session: Session,
    actor: Actor | None,
    register: Register[State],
    sheet: Sheet,
    options: ListOptions = ListOptions(),
    *,
    now: datetime,
) -> ListPlan:
    """Return the plan of what an import of the list would do; write nothing.

    A row whose record lies outside the actor's area of duty, before or after the change, is wrong.

    Raises:
        NotAllowed: the actor may not import into the register.
        InvalidInput: the name of the file or the source is too long.
    """
    actor = require_lister(actor, register)
    register = register.opened(session, actor)
    file = read_text("file", options.file, limit=120, required=False)
    source = read_text("source", options.source, limit=2000, required=False)
    mapping = options.mapping
    today = day_in_china(now)
    revision, versions = current_revision(session), register.versions(session, sample=actor.sample)
    facts, met, vocabulary = facts_of(sheet, today), MetWords(mapping), register.vocabulary
    unknown = ((at, sheet.columns[at][1]) for at in sheet.unread_columns)
    unread = {at: heading for at, heading in unknown if mapping.taught(WordKind.HEADING, heading) is None}
    occasion = Occasion(Terms.load(session), today, source or file or "import", facts, unread, met, options.replaces)
    held = register.held(session, sample=actor.sample)
    finder = Finder(register, held, register.taken(session, sample=actor.sample))
    maker = register.maker(occasion)
    rows: list[ListRow[State]] = []
    for sheet_row in sheet.rows:
        met.meet_choices(vocabulary.choices, sheet_row)
        row = ListRow[State](sheet_row, register.kept_as)
        maker.prepare(row)
        if not finder.find(row, maker):
            maker.settle(row)
            if not finder.find(row, maker):
                finder.doubt_namesakes(row, maker)
        rows.append(row)
    joined = join_rows(register, rows, maker)
    clearable = {column.name for column in register.columns if column.clearable and options.clears}
    on_file: dict[str, Mapping[str, Any]] = {}  # a record may have many rows
    for row in rows:
        if row.match and row.match.code not in on_file:
            on_file[row.match.code] = register.cells(row.match.code, row.match.state, occasion)
        stands = on_file[row.match.code] if row.match else {}
        _say_what_differs(register, row, stands)
        if row.match and not row.joined:
            headings = {name: text for name, text in sheet.headings.items() if name not in register.gathered}
            row.cleared = settle_empty(row, stands, headings, clearable)
    planned = [_planned(register, row, joined.get(row.number, ()), maker, occasion, actor) for row in rows]
    planned = share_outcome(rows, planned)
    if other := kind_of_sheet(register.name, sheet):
        planned = [_doubted_as(one, other) if one.outcome is Outcome.NEW else one for one in planned]
    meet_headings(sheet, met, with_ticks=vocabulary.with_ticks)
    return ListPlan(
        sheet,
        _doubted(register, planned, held, occasion.terms, actor),
        now,
        mapping=mapping,
        unknown=met.unknown,
        applied=applied_words(met, vocabulary, occasion.terms),
        options=replace(options, file=file, source=source),
        actor=actor,
        revision=revision,
        versions=versions,
    )


def _say_what_differs(register: Register[State], row: ListRow[State], stands: Mapping[str, Any]) -> None:
    """Leave out of ``said`` what the exported list says of the record (``stands``); remark on cells that can't be read.
    """
    for column in register.readable:
        name, cell = column.name, row.cells.get(column.name)
        held = stands.get(name)
        if held is not None and cell is not None and str(held) == str(cell).strip():
            row.untouched.add(row.unread_field(name))
        if cell is None:
            if (missing := row.cell_problems.get(name)) is not None and not row.joined and row.match is None:
                row.fault(name, missing.message, **missing.params)
            continue
        if held is not None and name not in register.gathered and _reads_alike(column.read, name, cell, held, row):
            row.said = {field: value for field, value in row.said.items() if field != name}
        elif (problem := row.cell_problems.get(name)) is not None:
            row.problem(name, problem, needed=column.needed or column.required, strict=column.strict)


def _reads_alike(read: Any, name: str, cell: Any, held: Any, row: ListRow[Any]) -> bool:
    """Whether a cell says what the exported list has there."""
    if str(held) == str(cell).strip():
        return True
    try:
        return bool(row.values.get(name) is not None and read(name, held) == row.values[name])
    except InvalidInput:
        return False


def _planned(
    register: Register[State],
    row: ListRow[State],
    more: Sequence[ListRow[State]],
    maker: RowMaker[State],
    occasion: Occasion,
    actor: Actor,
) -> ListedRow[State]:
    if row.joined:
        outcome = Outcome.WRONG if row.wrong else Outcome.DOUBTFUL if row.doubtful else Outcome.JOINED
        return ListedRow(row.number, outcome, row.name, "", row.remarks)
    before = row.match.state if row.match else None
    after = None if row.wrong else maker.make([row, *more], before)
    if after is not None and after == before:
        after = before
    _check_duty(register, row, before, after, actor)
    if row.wrong:
        after = None
    doubtful = any(one.doubtful for one in (row, *more))
    outcome = outcome_of(before, after, wrong=after is None, doubtful=doubtful, differs=row.differs)
    return ListedRow(
        row.number,
        outcome,
        row.name,
        row.match.code if row.match else row.values.get("code") or "",
        settled(outcome, row.remarks),
        before,
        after,
        row.match.id if row.match else None,
        row.match.version if row.match else None,
        register.changes(row.match, after, occasion) if row.match and after not in (None, before) else {},
    )


def _check_duty(
    register: Register[State], row: ListRow[State], before: State | None, after: State | None, actor: Actor
) -> None:
    for state in (before, after):
        refusal = None if state is None else register.refuses(actor, state)
        if refusal is not None:
            row.fault("", refusal.message, **refusal.params)
            return


def _doubted_as(row: ListedRow[State], other: OtherKind) -> ListedRow[State]:
    """Return a row of a new record as doubtful, since the whole list looks like another kind."""
    message = N_("The list looks like one of {other}; import this as one of {asked} only if it is one")
    known = {"other": Worded(TITLES[other.kind]), "asked": Worded(TITLES[other.asked])}
    doubt = Remark("", Weight.DOUBT, message, known)
    return replace(row, outcome=Outcome.DOUBTFUL, remarks=(*row.remarks, doubt))


def _doubted(
    register: Register[State],
    rows: list[ListedRow[State]],
    held: Sequence[Held[State]],
    terms: Terms,
    actor: Actor,
) -> list[ListedRow[State]]:
    """Return the rows, with those marked that may tell of a record on file or of another row in other words."""

    def look(code: str, state: State | None) -> Lookalike | None:
        return None if state is None else register.lookalike(code, state, terms, sample=actor.sample)

    looks = [one for one in (look(each.code, each.state) for each in held) if one is not None]
    if not looks and all(look("row", row.after) is None for row in rows if row.new):
        return rows

    def of_row(code: str, row: ListedRow[State]) -> Lookalike:
        found = look(code, row.after)
        if found is None:
            raise ValueError(f"row {row.number} has nothing to compare")
        return found

    names = {each.code: str(getattr(each.state, "name", each.code)) for each in held}
    return mark_possible_doubles(rows, names, looks, of_row)
