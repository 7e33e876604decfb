"""A table as it was read from a file: its columns, its rows as they stand there and as they were understood.

Fifty thousand rows are held, so rows share what they can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stations.errors import InvalidInput
from stations.tables.workbook_grids import Cell


class RowCells(Mapping[str, Cell]):
    """Column name → what it holds, in a fraction of a dictionary's memory: rows share the names."""

    __slots__ = ("_at", "_held")

    def __init__(self, at: Mapping[str, int], held: Sequence[Cell]) -> None:
        self._at, self._held = at, held

    def __getitem__(self, name: str) -> Cell:
        return self._held[self._at[name]]

    def get(self, name: str, default: Cell = None) -> Cell:
        at = self._at.get(name)
        return default if at is None else self._held[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


class CellProblem(InvalidInput):
    """What is wrong in one row. ``row``: as the spreadsheet numbers it; ``column``: its name."""

    def __init__(self, row: int, column: str, message: str, /, **params: Any) -> None:
        self.row = row
        self.column = column
        super().__init__(f"row {row}: {column}", message, **params)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. ``whole``: its cells as they stand, those of columns that mean nothing here too; ``cells``:
    column name → what it holds; ``values``: the same as read, blank cells as None, without those that
    ``problems`` tells of."""

    number: int
    whole: tuple[Cell, ...]
    problems: tuple[CellProblem, ...]
    _places: Mapping[str, int]
    _read: tuple[Any, ...]
    _valued: Mapping[str, int]

    @property
    def cells(self) -> Mapping[str, Cell]:
        return RowCells(self._places, self.whole)

    @property
    def values(self) -> Mapping[str, Any]:
        return RowCells(self._valued, self._read)


@dataclass(frozen=True)
class Sheet:
    """A table that was read. ``name``: the sheet's, empty for a text file. ``heading_row``: the number
    of the last row of headings. ``columns``: each as it stands there, in order: its name, "" where it means
    nothing here, and its heading, "" where it has none; ``totals``: the numbers of rows taken for totals;
    ``remarks``: of those that only say who filled it in, or hold the headings once more."""

    name: str
    heading_row: int
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[SheetRow]
    totals: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()

    @cached_property
    def headings(self) -> dict[str, str]:
        """Column name → its heading as it stands there."""
        return {name: heading for name, heading in self.columns if name}

    @cached_property
    def passed_over(self) -> tuple[str, ...]:
        """The headings that mean nothing here."""
        return tuple(heading for name, heading in self.columns if not name and heading)
