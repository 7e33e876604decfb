"""The plan of an import, row by row: the preview on which people decide and which is then applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from stations.imports.list_facts import ListFacts
from stations.imports.met_words import MetWord
from stations.imports.word_mapping import NO_MAPPING, Origin, WordMapping
from stations.language import N_, LabelledEnum, Language, Listed, Worded
from stations.partial_date import PartialDate
from stations.registry.record_state import FieldChange, StationState, differences
from stations.tables.sheet import Sheet


class Outcome(LabelledEnum):
    """What the import does with a row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changed")
    UNCHANGED = "unchanged", N_("Unchanged")
    DOUBTFUL = "doubtful", N_("Doubtful")
    WRONG = "wrong", N_("Wrong")
    JOINED = "joined", N_("Joined to a row above")


class Weight(StrEnum):
    """The weight of a remark: information only, a doubt to be looked at, or a fault that prevents the import of its
    row.
    """

    NOTE = "note"
    DOUBT = "doubt"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a row.

    ``column``: the name of its column, "" for the whole row. ``message``: a msgid, to be formatted with ``params``.
    ``not_taken``: what the cell says, if the record does not get it even where the doubtful row is imported.
    """

    column: str
    weight: Weight
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    not_taken: str = ""

    def told(self, language: Language) -> str:
        """Return the remark in a language, with what is not taken."""
        told = language.translate(self.message, **self.params)
        if not self.not_taken or self.weight is not Weight.DOUBT:
            return told
        if self.not_taken in told:
            return language.translate(N_("{remark} (not taken)"), remark=told)
        return language.translate(N_("{remark} (not taken: “{words}”)"), remark=told, words=self.not_taken)


State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Planned(Generic[State]):
    """A planned row of a list of any kind.

    ``number``: the spreadsheet's row number. ``code``: of its record, or chosen for a new one, else "". ``before``: the
    record's state, None for a new one. ``after``: the wanted state, None if the row can't be imported; the same object
    as ``before`` if nothing changes. ``id``, ``version``: of the record on file.
    """

    number: int
    outcome: Outcome
    name: str
    code: str
    remarks: tuple[Remark, ...] = ()
    before: State | None = None
    after: State | None = None
    id: int | None = None
    version: int | None = None

    @property
    def new(self) -> bool:
        """Whether the row adds a record that the registry does not have."""
        return self.before is None

    @property
    def writes(self) -> bool:
        """Whether importing the row would write anything."""
        return self.after is not None and self.after is not self.before


def outcome_of(before: State | None, after: State | None, *, wrong: bool, doubtful: bool, differs: bool) -> Outcome:
    """Return what an import does with a row that stands for itself.

    ``before``, ``after``: as in ``Planned``. ``differs``: whether the row says something else than the registry that a
    doubt keeps out of ``after``.
    """
    if wrong:
        return Outcome.WRONG
    if doubtful and (after is not before or differs):
        return Outcome.DOUBTFUL
    if before is None:
        return Outcome.NEW
    return Outcome.UNCHANGED if after is before else Outcome.CHANGED


def settled(outcome: Outcome, remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Return the remarks on a row; mere notes if it is unchanged: the registry holds it already, with what was doubted.
    """
    return tuple(replace(one, weight=Weight.NOTE) for one in remarks) if outcome is Outcome.UNCHANGED else remarks


@dataclass(frozen=True, slots=True)
class PlannedRow(Planned[StationState]):
    """A planned row of a list of stations."""

    @property
    def changes(self) -> dict[str, FieldChange]:
        """The fields that would change; empty for a new record."""
        return differences(self.before, self.after) if self.writes and not self.new else {}


@dataclass(frozen=True)
class ImportOptions:
    """How to read a list.

    ``file``: its name. ``crs``: the system of coordinates without a stated one, "" to guess it. ``source``: its origin,
    stored with new records; "" for its name. ``status_date``: from when the stations are closed or suspended of which
    the list does not say; None to take the list's own date. ``mapping``: what words of the list mean.
    """

    file: str = ""
    crs: str = ""
    source: str = ""
    status_date: PartialDate | None = None
    mapping: WordMapping = NO_MAPPING


@dataclass(frozen=True)
class AppliedWord:
    """A word that was read as it had been taught. ``meaning``: what it means, in words. ``rows``: how many hold it."""

    origin: Origin
    written: str
    meaning: Worded | Listed
    rows: int


Row = TypeVar("Row", bound=Planned[Any])


@dataclass(frozen=True)
class Plan(Generic[Row]):
    """The plan of an import of any kind.

    ``made_at``: when the list was compared with the registry.
    """

    sheet: Sheet
    rows: Sequence[Row]
    made_at: datetime

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """The number of rows of each outcome."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in Outcome}

    def to_apply(self, *, doubtful: bool) -> list[Row]:
        """Return the rows that would write something, with ``doubtful`` including the doubtful ones."""
        wanted = {Outcome.NEW, Outcome.CHANGED} | ({Outcome.DOUBTFUL} if doubtful else set())
        return [row for row in self.rows if row.outcome in wanted and row.writes]

    def says_the_same_as(self, other: Plan[Row]) -> bool:
        """Whether both plans would do the same, row by row."""
        return len(self.rows) == len(other.rows) and all(
            (mine.outcome, mine.code, mine.version, mine.after)
            == (theirs.outcome, theirs.code, theirs.version, theirs.after)
            for mine, theirs in zip(self.rows, other.rows, strict=True)
        )


@dataclass(frozen=True, kw_only=True)
class ImportPlan(Plan[PlannedRow]):
    """The plan of an import of stations.

    ``revision``: that of the registry with which the list was compared. ``crs``: the system, usual or guessed, that was
    assumed for coordinates without a stated one; "" if all have one. ``facts``: what the list says about itself.
    ``undated``: the rows that call a station closed or suspended and do not say since when. ``unknown``: the words that
    were not understood, ``applied``: those that were read as they had been taught.
    """

    options: ImportOptions
    revision: int
    crs: str = ""
    facts: ListFacts = ListFacts()
    undated: tuple[int, ...] = ()
    unknown: Sequence[MetWord] = ()
    applied: Sequence[AppliedWord] = ()
