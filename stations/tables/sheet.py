"""A table read from a file: its columns, and its rows both as written and as read.

Tables may have fifty thousand rows, so rows share data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from stations.errors import InvalidInput
from stations.tables.corrections import CorrectedCell
from stations.tables.workbook_grids import Cell

ROWS_OF_SHEET = 10_000_000  # more than a spreadsheet can have


class RowCells(Mapping[str, Cell]):
    """Column name → value, in much less memory than a dictionary: rows share the names."""

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
    """An error in one row. ``row``: its number in the spreadsheet. ``column``: the column's name."""

    def __init__(self, row: int, column: str, message: str, /, **params: Any) -> None:
        self.row = row
        self.column = column
        super().__init__(f"row {row}: {column}", message, **params)


class RowNumber(int):
    """The number of a row in one of several sheets: written ``苏州市!5``, in the order of the sheets, each once.

    ``sheet``: its name. ``row``: the number in that sheet.
    """

    sheet: str
    row: int

    def __new__(cls, row: int, sheet: str, place: int) -> RowNumber:
        """Return the number of a row of the sheet at this ``place``, counted from 0."""
        number = super().__new__(cls, place * ROWS_OF_SHEET + row)
        number.sheet, number.row = sheet, row
        return number

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"

    def __format__(self, spec: str) -> str:
        return int.__format__(self, spec) if spec else str(self)

    def __reduce__(self) -> tuple[type[RowNumber], tuple[int, str, int]]:
        return RowNumber, (self.row, self.sheet, self // ROWS_OF_SHEET)


def shown_number(number: int) -> int | str:
    """Return the number of a row as people see it: with its sheet, if several were read."""
    return str(number) if isinstance(number, RowNumber) else number


def shown_heading(heading: str) -> str:
    """Return a heading as people see it, on one line."""
    return " ".join(heading.split())


def same_sheet(one: int, another: int) -> bool:
    """Whether the rows with these numbers are on one sheet."""
    return one // ROWS_OF_SHEET == another // ROWS_OF_SHEET


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row.

    ``whole``: its cells as written, including those of unknown columns. ``cells``: column name → cell. ``values``:
    column name → value as read, None if blank, without the columns that have ``problems``. ``surplus``: the problem
    that it has more cells than the headings, so that its values may stand in wrong columns. ``section``: what the title
    of its section names, "" without one.
    """

    number: int
    whole: tuple[Cell, ...]
    problems: tuple[CellProblem, ...]
    _places: Mapping[str, int]
    _read: tuple[Any, ...]
    _valued: Mapping[str, int]
    surplus: CellProblem | None = None
    section: str = ""

    @property
    def cells(self) -> Mapping[str, Cell]:
        return RowCells(self._places, self.whole)

    def with_cell(self, name: str, cell: Cell, value: Any, problems: tuple[CellProblem, ...]) -> SheetRow:
        """Return the row with another cell in a column, its value as read, and the problems of the row then."""
        at = self._places[name]
        valued = {**self._valued, name: len(self._read)}
        if any(one.column == name for one in problems):
            del valued[name]
        whole = (*self.whole[:at], cell, *self.whole[at + 1 :])
        return replace(self, whole=whole, problems=problems, _read=(*self._read, value), _valued=valued)

    @property
    def values(self) -> Mapping[str, Any]:
        return RowCells(self._valued, self._read)


@dataclass(frozen=True)
class Sheet:
    """A table that was read.

    ``name``: of the sheet, empty for a text file. ``heading_row``: number of the last row of headings. ``columns``:
    (name, heading) of each column in order; the name is "" if unknown, the heading "" if there is none. ``totals``:
    numbers of rows recognized as totals. ``remarks``: numbers of rows with only remarks, titles or repeated headings.
    ``hidden``, ``struck``: numbers of rows that are hidden, by a filter or by hand, and of rows that are struck out.
    ``over``: column name → the heading of the first of two rows that spans it and others. ``around``: the cells of the
    titles above the table and of its remarks. ``unread``: the name and number of rows of each further sheet of the
    workbook with such headings, which was not read. ``beside``: the number and the cells of rows that fill only columns
    without a name, a thousand at most. ``read_besides``: the indices of columns without a name that the
    caller reads nevertheless. ``corrected``: the cells that somebody put right, in order. ``sheets``: the names of the
    sheets whose rows were read one after the other, if there are several; the numbers of rows then name their sheet
    (``RowNumber``). ``book``: the names of all visible sheets of the workbook, in order.
    """

    name: str
    heading_row: int
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[SheetRow]
    totals: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()
    hidden: tuple[int, ...] = ()
    struck: tuple[int, ...] = ()
    over: Mapping[str, str] = field(default_factory=dict)
    around: tuple[tuple[Cell, ...], ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    beside: tuple[tuple[int, tuple[Cell, ...]], ...] = ()
    read_besides: frozenset[int] = frozenset()
    corrected: tuple[CorrectedCell, ...] = ()
    sheets: tuple[str, ...] = ()
    book: tuple[str, ...] = ()

    @cached_property
    def headings(self) -> dict[str, str]:
        """Column name → its heading as written."""
        return {name: heading for name, heading in self.columns if name}

    @cached_property
    def passed_over(self) -> tuple[str, ...]:
        """The headings of unknown columns, each on one line."""
        return tuple(" ".join(self.columns[place][1].split()) for place in self.unread_columns)

    @cached_property
    def unread_columns(self) -> tuple[int, ...]:
        """The indices of the columns with a heading that is not known."""
        return tuple(
            place
            for place, (name, heading) in enumerate(self.columns)
            if not name and heading and place not in self.read_besides
        )

    @cached_property
    def filled_columns(self) -> list[tuple[int, str, str]]:
        """Index, name and heading of each column, without those that are empty from top to bottom."""
        filled = {place for row in self.rows for place, cell in enumerate(row.whole) if cell is not None}
        return [(at, name, text) for at, (name, text) in enumerate(self.columns) if name or text or at in filled]

    def has_columns_of(self, other: Sheet) -> bool:
        """Whether both have the same headings in the same places."""
        return _named_columns(self.columns) == _named_columns(other.columns)

    def followed_by(self, other: Sheet) -> Sheet:
        """Return the rows of this sheet and then those of another with the same columns, in one table."""
        return replace(
            self,
            columns=max(self.columns, other.columns, key=len),
            rows=[*self.rows, *other.rows],
            totals=self.totals + other.totals,
            remarks=self.remarks + other.remarks,
            hidden=self.hidden + other.hidden,
            struck=self.struck + other.struck,
            around=self.around + other.around,
            beside=self.beside + other.beside,
            corrected=self.corrected + other.corrected,
            sheets=self.sheets + other.sheets,
        )

    def numbered(self, place: int) -> Sheet:
        """Return the table with numbers of rows that name its sheet, the one at this ``place`` of several."""

        def of(number: int) -> RowNumber:
            return RowNumber(number % ROWS_OF_SHEET, self.name, place)

        return replace(
            self,
            rows=[replace(row, number=of(row.number)) for row in self.rows],
            totals=tuple(map(of, self.totals)),
            remarks=tuple(map(of, self.remarks)),
            hidden=tuple(map(of, self.hidden)),
            struck=tuple(map(of, self.struck)),
            beside=tuple((of(number), cells) for number, cells in self.beside),
            corrected=tuple(replace(one, row=of(one.row)) for one in self.corrected),
            sheets=(self.name,),
        )


def _named_columns(columns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    named = list(columns)
    while named and not any(named[-1]):
        named.pop()
    return named
