"""One row of a register's list while it is being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.row_remarks import RemarkedRow
from stations.imports.unread_cell import unread_in
from stations.tables.sheet import SheetRow

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Held(Generic[State]):
    """A record as stored. ``state``: an immutable value; equal states mean that nothing changed."""

    id: int
    code: str
    version: int
    state: State


class ListRow(RemarkedRow, Generic[State]):
    """A row.

    ``match``: the record on file that it belongs to. ``city``, ``county``: the adcodes of its area, "" where unknown.
    ``said``: column → value, of the cells that say something else than the record on file; of a new record all.
    ``differs``: the row contradicts what an import does not rewrite. ``section``: what the title of its
    section names. ``whole``: its cells as written, also those of unknown columns. ``cleared``: the columns whose field
    its empty cells clear. ``untouched``: the columns that hold what the exported list has there, word for word.
    """

    __slots__ = (
        *("match", "city", "county", "said", "differs", "section", "cell_problems", "whole", "cleared", "untouched"),
        "_kept_as",
    )

    def __init__(self, row: SheetRow, kept_as: Mapping[str, str] = MappingProxyType({})) -> None:
        """``kept_as``: column → field under which its words are kept if they can't be read; others under their own."""
        super().__init__(row)
        self.match: Held[State] | None = None
        self.city = self.county = ""
        self.said: Mapping[str, Any] = {name: value for name, value in row.values.items() if value is not None}
        self.differs = False
        self.section, self.whole = row.section, row.whole
        self.cleared: frozenset[str] = frozenset()
        self.untouched: set[str] = set()
        self._kept_as = kept_as
        for column, cell in row.cells.items():
            if words := unread_in(cell):
                self.keep_unread(column, words)
        self.cell_problems: dict[str, InvalidInput] = {one.column: one for one in row.problems}
        if row.surplus is not None:
            self.remark("", Weight.DOUBT, row.surplus.message, **row.surplus.params)

    @property
    def area(self) -> str:
        return self.county or self.city

    def problem(self, column: str, problem: InvalidInput, *, needed: bool, strict: bool = False) -> None:
        """Remark on a cell that can't be read: a fault if a new record needs it, or any record (``strict``); otherwise
        a doubt; the record is left without it or as it is, and the words are kept.
        """
        if strict or (needed and self.match is None):
            self.remark(column, Weight.FAULT, problem.message, **problem.params)
        else:
            self.refuse(column, problem.message, **problem.params)

    def refuse(self, column: str, message: str, /, *, not_taken: str | None = None, **params: Any) -> None:
        """Remark on a cell as doubtful whose words (by default all of the cell) are kept as unread."""
        super().refuse(column, message, not_taken=not_taken, **params)
        self.keep_unread(column, not_taken)

    def contradict(self, column: str, message: str, **params: Any) -> None:
        """Remark on a cell as doubtful that contradicts what is on file, which stays."""
        super().refuse(column, message, **params)
        self.differs = True

    def unread_field(self, column: str) -> str:
        return self._kept_as.get(column, super().unread_field(column))

    def reads(self, field: str) -> bool:
        if field in self.untouched:
            return False
        columns = [field, *(column for column, kept in self._kept_as.items() if kept == field)]
        return any(self.values.get(column) is not None for column in columns) or super().reads(field)

    def doubt(self, column: str, message: str, **params: Any) -> None:
        """Remark on a cell as doubtful."""
        self.remark(column, Weight.DOUBT, message, **params)

    def fault(self, column: str, message: str, **params: Any) -> None:
        """Remark on a cell as wrong; the row is never imported."""
        self.remark(column, Weight.FAULT, message, **params)
