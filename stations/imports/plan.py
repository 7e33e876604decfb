"""What an import would do, row by row: the preview that people decide on, and that is then carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from stations.language import N_, LabelledEnum, Language
from stations.registry.record_state import FieldChange, StationState, differences
from stations.tables.sheet import Sheet


class Outcome(LabelledEnum):
    """What becomes of a row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changed")
    UNCHANGED = "unchanged", N_("Unchanged")
    DOUBTFUL = "doubtful", N_("Doubtful")
    WRONG = "wrong", N_("Wrong")


class Weight(StrEnum):
    """What a remark means for its row: nothing, that somebody should look, or that it can't be taken."""

    NOTE = "note"
    DOUBT = "doubt"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about a row. ``column``: the name of the column it is about, "" for the whole row;
    ``message``: a msgid that ``params`` fill."""

    column: str
    weight: Weight
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def told(self, language: Language) -> str:
        """The remark in words."""
        return language.translate(self.message, **self.params)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row. ``number``: as the spreadsheet numbers it; ``code``: of the record it is about, or chosen for a
    new one, else "". ``before``: what the record holds, None for a new one; ``after``: what it is to hold,
    None for a row that can't be taken, and the same object as ``before`` where nothing changes."""

    number: int
    outcome: Outcome
    name: str
    code: str
    remarks: tuple[Remark, ...] = ()
    before: StationState | None = None
    after: StationState | None = None
    id: int | None = None
    version: int | None = None

    @property
    def new(self) -> bool:
        """Whether it is about a record that the registry does not have."""
        return self.before is None

    @property
    def writes(self) -> bool:
        """Whether taking it over would write anything."""
        return self.after is not None and self.after is not self.before

    @property
    def changes(self) -> dict[str, FieldChange]:
        """The fields that would change; none for a new record."""
        return differences(self.before, self.after) if self.writes and not self.new else {}


@dataclass(frozen=True)
class ImportOptions:
    """How a list is to be read. ``file``: its name; ``crs``: the system its coordinates are in where it does
    not say so itself, "" to guess; ``source``: where it comes from, kept with new records, "" for its name."""

    file: str = ""
    crs: str = ""
    source: str = ""


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. ``revision``: of the registry it was compared with; ``crs``: the system that
    coordinates without one were taken to be in, the usual one or a guess, "" where none was needed."""

    sheet: Sheet
    options: ImportOptions
    rows: Sequence[PlannedRow]
    revision: int
    made_at: datetime
    crs: str = ""

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many rows each outcome has."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in Outcome}

    def to_apply(self, *, doubtful: bool) -> list[PlannedRow]:
        """The rows that would write something; the doubtful ones among them only where asked."""
        wanted = {Outcome.NEW, Outcome.CHANGED} | ({Outcome.DOUBTFUL} if doubtful else set())
        return [row for row in self.rows if row.outcome in wanted and row.writes]

    def says_the_same_as(self, other: ImportPlan) -> bool:
        """Whether both would do the same, row by row."""
        return len(self.rows) == len(other.rows) and all(
            (mine.outcome, mine.code, mine.version, mine.after)
            == (theirs.outcome, theirs.code, theirs.version, theirs.after)
            for mine, theirs in zip(self.rows, other.rows, strict=True)
        )
