"""A register as a list: its columns, how a row becomes a record, how records are found, written and listed.

A further register is one subclass of ``Register`` (with a ``RowMaker``), entered into ``stations.lists.registers``.
Preview, report, doubles, command, page and the exported list follow from it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy.orm import Session

from stations.audit.vocabulary import AuditAction
from stations.duty.roles import Action, Actor, Area, outside_duty
from stations.errors import NotAllowed
from stations.imports.list_facts import ListFacts
from stations.imports.met_words import MetWords
from stations.imports.plan import Planned
from stations.imports.unread_cell import besides_unread, with_unread
from stations.imports.vocabulary import AREAS, Choice, Meanings, Vocabulary
from stations.imports.word_mapping import WordKind
from stations.keeping.doubles import Lookalike
from stations.language import N_, ListedAsWritten
from stations.lists.list_row import Held, ListRow
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread
from stations.tables.cell_values import cell_text
from stations.tables.column import Column

State = TypeVar("State")


@dataclass(frozen=True)
class ListColumn(Column):
    """A column of a register's list.

    ``advice``: a message that says what to write into it. ``needed``: a new record can't do without it; what can't be
    read in another column never costs the row. ``in_export``: whether the exported list has it; a list may have others
    in its place. ``strict``: what can't be read in it costs the row of a record on file too, since it gives rights.
    ``clearable``: an empty cell may clear the field of a record on file, if somebody says so. ``kept_as``: the field
    under which words that can't be read are kept, where that is not the column's own.
    """

    advice: str = ""
    needed: bool = False
    in_export: bool = True
    strict: bool = False
    clearable: bool = False
    kept_as: str = ""


@dataclass(frozen=True)
class Occasion:
    """What the rows of one list are read with.

    ``source``: of new records whose row names none. ``facts``: what the list says about itself, such as its date.
    ``unread``: index → heading of the columns that are not known. ``met``: gathers the words that are not understood or
    were taught. ``replaces``: whether a record's lines or duties that its rows do not name are taken away.
    """

    terms: Terms
    today: date
    source: str = ""
    facts: ListFacts = ListFacts()
    unread: Mapping[int, str] = field(default_factory=dict)
    met: MetWords = field(default_factory=MetWords)
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ListedRow(Planned[State]):
    """A planned row. ``changes``: column → what the exported list has there before and after the import."""

    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class RowMaker(ABC, Generic[State]):
    """Reads the rows of one list."""

    def prepare(self, row: ListRow[State]) -> None:
        """Read what is needed to find the row's record, such as its area. Nothing by default."""

    @abstractmethod
    def keys(self, row: ListRow[State]) -> Sequence[Hashable]:
        """Return by what the row's record is known, the most telling first; some of ``Register.keys``."""

    def namesakes(self, row: ListRow[State]) -> Sequence[Hashable]:
        """Return keys by which a record on file may be the row's, if somebody says so. None by default."""
        return ()

    def choose(self, row: ListRow[State], found: Sequence[Held[State]]) -> Held[State] | None:
        """Return the one of the records found by a key that the row means; None if that is unclear, with a fault.

        By default the only one.
        """
        if len(found) == 1:
            return found[0]
        message = N_("Several records are called this ({codes}); write the code of the one that is meant")
        row.fault("name", message, codes=ListedAsWritten(one.code for one in found[:5]))
        return None

    def settle(self, row: ListRow[State]) -> None:
        """Add what a row that has found no record so far leaves open, such as its area. Nothing by default."""

    @abstractmethod
    def make(self, rows: Sequence[ListRow[State]], before: State | None) -> State | None:
        """Return the state that the rows of one record ask for: the first row and those joined to it.

        ``before``: the state on file, None for a new record. A row's ``said`` has what it says beyond that. Doubts and
        faults are added to the rows; None if a fault prevents the import.
        """


class Register(ABC, Generic[State]):
    """A register whose list can be imported and exported.

    ``name``: as commands and pages call it. ``title``, ``singular``: msgids, such as “Centres” and “Centre”.
    ``action``: what an actor must be allowed to do, row by row in the area of the record. ``logged``: the entry
    that an import leaves in the audit log. ``gathered``: the columns of
    which a record may have several, each in a row of its own. ``over_rows``: whether every further row of a record is
    read with its first one, also where it says something else of the record or leaves out what it is known by.
    ``identity``: the columns in which one record never says two things. ``own``: further ones that tell another record
    where a row leaves out what it is known by. ``personal``: the columns that are about a person, whose cells the audit
    log does not keep. ``choices``: the columns with few choices, which words can be taught to mean. ``named``: the
    other kinds of words that can be taught. ``replaced``: a msgid that says what is taken away where a list is said to
    replace what is on file; "" where it adds and changes only.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    singular: ClassVar[str]
    action: ClassVar[Action]
    logged: ClassVar[AuditAction]
    columns: ClassVar[tuple[ListColumn, ...]]
    gathered: ClassVar[frozenset[str]] = frozenset()
    over_rows: ClassVar[bool] = False
    identity: ClassVar[tuple[str, ...]] = ()
    own: ClassVar[tuple[str, ...]] = ()
    personal: ClassVar[frozenset[str]] = frozenset()
    replaced: ClassVar[str] = ""
    choices: ClassVar[tuple[Choice, ...]] = ()
    named: ClassVar[Mapping[WordKind, Meanings]] = {WordKind.AREA: AREAS}

    @cached_property
    def readable(self) -> tuple[ListColumn, ...]:
        """The columns, each read up to what the exported list marks as not understood."""
        return tuple(replace(column, read=besides_unread(column.read)) for column in self.columns)

    @cached_property
    def kept_as(self) -> Mapping[str, str]:
        """Column → field under which its words are kept, where that is not the column's own."""
        return {column.name: column.kept_as for column in self.columns if column.kept_as}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What can be taught of the words of its lists."""
        return Vocabulary(self.name, self.action, self.readable, self.named, self.choices)

    def opened(self, session: Session, actor: Actor) -> Register[State]:
        """Return the register as this actor has it while a list is read or written; itself by default."""
        return self

    @abstractmethod
    def held(self, session: Session, *, sample: bool) -> Sequence[Held[State]]:
        """Return every record, sorted by code. ``sample``: only sample records, or only the others."""

    def versions(self, session: Session, *, sample: bool) -> Hashable:
        """Return what changes whenever a record does whose changes do not move the revision; None where all do."""
        return None

    def taken(self, session: Session, *, sample: bool) -> Mapping[str, str | None]:
        """Return the codes that no new record can have, with the code that each was merged into, if it was."""
        return {}

    @abstractmethod
    def keys(self, state: State) -> Sequence[Hashable]:
        """Return by what a record is known besides its code."""

    @abstractmethod
    def area(self, state: State, *, sample: bool) -> Area:
        """Return the area of duty that a record lies in."""

    def refuses(self, actor: Actor, state: State) -> NotAllowed | None:
        """Return why the actor may not change a record with this state, None if they may."""
        area = self.area(state, sample=actor.sample)
        return None if actor.may(self.action, area) else outside_duty(self.action, area)

    @abstractmethod
    def cells(self, code: str, state: State, occasion: Occasion) -> Mapping[str, Any]:
        """Return what the exported list has in each column; read again, each cell says the same."""

    def row_cells(self, code: str, state: State, occasion: Occasion) -> Sequence[Mapping[str, Any]]:
        """Return the rows of a record in the exported list: one, unless it has several of what is ``gathered``."""
        return [self.cells(code, state, occasion)]

    def changes(self, held: Held[State], after: State, occasion: Occasion) -> Mapping[str, tuple[str, str]]:
        """Return what the exported list has before and after a change, by column."""
        was, now = (self.cells(held.code, state, occasion) for state in (held.state, after))
        told = {name: (_shown(was.get(name)), _shown(now.get(name))) for name in (*was, *now)}
        return {name: (one, other) for name, (one, other) in told.items() if one != other}

    @abstractmethod
    def maker(self, occasion: Occasion) -> RowMaker[State]:
        """Return the reader of the rows of one list."""

    def lookalike(self, code: str, state: State, terms: Terms, *, sample: bool) -> Lookalike | None:
        """Return what is compared in the search for possible doubles; None where a register has none."""
        return None

    @abstractmethod
    def write(
        self, session: Session, actor: Actor, rows: Sequence[ListedRow[State]], *, reason: str, now: datetime
    ) -> Mapping[int, str]:
        """Add and change the records of planned rows; return the code of each new one by row number.

        ``reason``: why, kept in the history of changes; the file's name.

        Raises:
            Conflict: a record has been changed since it was read.
        """

    def one_time_codes(self) -> Mapping[int, str]:
        """Return the codes that ``write`` has made for people, by row number: shown once to whoever imports, and stored
        nowhere. None by default.
        """
        return {}


def with_kept(cells: Mapping[str, Any], unread: Sequence[Unread]) -> dict[str, Any]:
    """Return the cells of the exported list with what was not understood, each behind the value of its field."""
    told = dict(cells)
    for one in unread:
        column = _CELL_OF.get(one.field, one.field)
        value = told.get(column)
        told[column] = one.words if value is None or value == "" else with_unread(value, one.words)
    return told


_CELL_OF = {"place": "lon"}
"""The cell of the exported list with what was not understood of a field, if their names differ."""


def _shown(value: Any) -> str:
    return "" if value is None else cell_text("", value)
