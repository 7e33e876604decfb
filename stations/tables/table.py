"""Tables as data: rows as JSON, CSV or aligned text; and a table with its notes, to be saved as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tabulate import tabulate

Cell = Any

LIST_MARK = "；"
"""Parts what stands in one cell."""

# A spreadsheet takes a cell that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a CSV without it for the system's own encoding, and Chinese turns into noise."""


@dataclass(frozen=True)
class SavedTable:
    """A table as it leaves the portal. ``notes``: its date, rule, source and word on samples, a line
    each; they stand on a sheet of their own, where the file has sheets."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def as_json(data: Any) -> str:
    """Indented JSON, Chinese left as it is."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """CSV in which no text can run as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([neutral(heading) for heading in headings])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


def csv_file(table: SavedTable) -> bytes:
    """The table as a CSV file that opens right in Excel: UTF-8 with a byte order mark, one row of headings
    and the rows, for programs to read; the notes stand in the workbook only."""
    return f"{BYTE_ORDER_MARK}{as_csv(table.headings, table.rows)}\n".encode()


def neutral(cell: Cell) -> Cell:
    """The cell, a text that a spreadsheet would run made plain by a leading apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def as_table(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table aligned for a terminal, Chinese characters counted two columns wide."""
    return tabulate(rows, headings, disable_numparse=True, missingval="")
