"""Read an uploaded table with all cells as text, by ``stations.tables.spreadsheet``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stations.errors import InvalidForm, InvalidInput
from stations.language import N_, Listed
from stations.tables.cell_values import cell_text
from stations.tables.column import Column
from stations.tables.heading_rows import plain_heading
from stations.tables.sheet import Sheet
from stations.tables.spreadsheet import read_sheet
from stations.tables.workbook_grids import Limits

_COUNTING = frozenset({"序号", "编号", "年份", "年度", "排名", "排序", "no.", "no", "year", "rank"})  # no figures
LIMITS = Limits(bytes=5_000_000, unpacked=100_000_000, rows=20_000)


@dataclass(frozen=True)
class TableRow:
    """A row with its number in the spreadsheet. ``cells``: column name → text, "" if blank."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class HeadedTable:
    """A table. ``headings``: column name → its heading as written."""

    rows: list[TableRow]
    headings: Mapping[str, str]


def require_one_sheet(sheet: Sheet) -> None:
    """Check that no further sheet of the workbook has such headings, whose rows would be lost.

    Raises:
        InvalidInput: there are others; the message names them.
    """
    if sheet.unread:
        names = Listed(f"“{name}”" for name in (sheet.name, *(name for name, _count in sheet.unread)))
        message = N_("Several sheets have these headings: {names}. Send a file with the one that is meant")
        raise InvalidInput("file", message, names=names)


def lone_number_heading(
    content: bytes, columns: Mapping[str, tuple[str, ...]], required: Iterable[str], numbers: Callable[[str], bool]
) -> str:
    """Return the heading of the only column that has none of the accepted headings and whose cells are all numbers; ""
    if there is none or several. ``numbers``: whether a text is a number or says that there is none.

    Raises:
        InvalidInput: as ``read_table``.
    """
    needed = set(required)
    wanted = [Column(name, name, headings, cell_text, name in needed) for name, headings in columns.items()]
    sheet = read_sheet(content, wanted, LIMITS)
    accepted = {plain_heading(heading) for headings in columns.values() for heading in headings}
    found: list[str] = []
    for place, (name, heading) in enumerate(sheet.columns):
        if not name and heading and plain_heading(heading) not in accepted | _COUNTING:
            cells = [row.whole[place] for row in sheet.rows if place < len(row.whole) and row.whole[place] is not None]
            if cells and all(numbers(cell_text("file", cell)) for cell in cells):
                found.append(heading)
    return found[0] if len(found) == 1 else ""


def read_table(
    content: bytes,
    columns: Mapping[str, tuple[str, ...]],
    required: Iterable[str],
    labels: Mapping[str, str] = MappingProxyType({}),
    limits: Limits = LIMITS,
) -> list[TableRow]:
    """Return the rows of a file, without blank ones, as ``read_headed_table``."""
    return read_headed_table(content, columns, required, labels, limits).rows


def read_headed_table(
    content: bytes,
    columns: Mapping[str, tuple[str, ...]],
    required: Iterable[str],
    labels: Mapping[str, str] = MappingProxyType({}),
    limits: Limits = LIMITS,
) -> HeadedTable:
    """Return the rows of a file, without blank ones, and its headings.

    ``columns``: column name → accepted headings. Other columns are ignored. ``labels``: column name → what people call
    it in messages, a msgid.

    Raises:
        InvalidInput: the file is too large, neither CSV nor Excel, lacks a required column, or contains an Excel
            error; several sheets have such columns.
        InvalidForm: rows have more cells than the headings, one problem for each.
    """
    needed = set(required)
    wanted = [
        Column(name, labels.get(name, name), headings, cell_text, name in needed) for name, headings in columns.items()
    ]
    sheet = read_sheet(content, wanted, limits)
    require_one_sheet(sheet)
    too_long = [row.surplus for row in sheet.rows if row.surplus]
    if too_long:
        raise InvalidForm([InvalidInput(f"row {one.row}", one.message, **one.params) for one in too_long])
    rows = [
        TableRow(
            row.number,
            {name: "" if cell is None else cell_text(f"row {row.number}", cell) for name, cell in row.cells.items()},
        )
        for row in sheet.rows
    ]
    return HeadedTable(rows, sheet.headings)
