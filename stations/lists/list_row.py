"""One row of a register's list while it is being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.row_remarks import RemarkedRow
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
    section names. ``whole``: its cells as written, also those of unknown columns.
    """

    __slots__ = ("match", "city", "county", "said", "differs", "section", "cell_problems", "whole")

    def __init__(self, row: SheetRow) -> None:
        super().__init__(row)
        self.match: Held[State] | None = None
        self.city = self.county = ""
        self.said: Mapping[str, Any] = {name: value for name, value in row.values.items() if value is not None}
        self.differs = False
        self.section, self.whole = row.section, row.whole
        self.cell_problems: dict[str, InvalidInput] = {one.column: one for one in row.problems}
        if row.surplus is not None:
            self.remark("", Weight.DOUBT, row.surplus.message, **row.surplus.params)

    @property
    def area(self) -> str:
        return self.county or self.city

    def problem(self, column: str, problem: InvalidInput, *, needed: bool, strict: bool = False) -> None:
        """Remark on a cell that can't be read: a fault if a new record needs it, or any record (``strict``); otherwise
        a doubt, and the record is left without it or as it is.
        """
        if strict or (needed and self.match is None):
            self.remark(column, Weight.FAULT, problem.message, **problem.params)
        else:
            self.refuse(column, problem.message, **problem.params)

    def doubt(self, column: str, message: str, **params: Any) -> None:
        """Remark on a cell as doubtful."""
        self.remark(column, Weight.DOUBT, message, **params)

    def fault(self, column: str, message: str, **params: Any) -> None:
        """Remark on a cell as wrong; the row is never imported."""
        self.remark(column, Weight.FAULT, message, **params)
