"""Tables as data: rows as JSON, CSV or aligned text, and a table with its notes for saving as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import category

from tabulate import tabulate

Cell = Any

_PARTS_AT_ONCE = 10_000

LIST_MARK = "；"
"""Separates several values in one cell."""

# A spreadsheet treats a cell that starts with one of these as a formula; with some languages and input methods, the
# full-width and small forms as well.
FORMULA_STARTS = (*"=+-@\t\r\n", *"＝＋－＠", *"﹦﹢﹣﹫")

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel reads a CSV in the system's own encoding and garbles Chinese."""


@dataclass(frozen=True)
class SavedTable:
    """A table to be downloaded. ``notes``: one line each on its date, rule, source and samples; on a sheet of their
    own if the file has sheets.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def as_json(data: Any) -> str:
    """Return indented JSON with Chinese unescaped."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def json_parts(data: Any) -> Iterator[str]:
    """Yield the text of ``as_json`` in parts, so that it never has to be in memory whole."""
    parts = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(data)
    while part := "".join(islice(parts, _PARTS_AT_ONCE)):
        yield part


class RowByRow(list[Any]):
    """A list for JSON whose items are made only while they are written, one after the other.

    ``make``: returns the items anew. ``count``: their number.
    """

    def __init__(self, make: Callable[[], Iterable[Any]], count: int) -> None:
        super().__init__()
        self._make = make
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return iter(self._make())


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return CSV in which no text can run as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([neutral(heading) for heading in headings])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


def csv_file(table: SavedTable) -> bytes:
    """Return the table as a CSV file that Excel opens correctly: UTF-8 with a byte order mark.

    It has one row of headings and the rows, for programs to read; the notes are only in the workbook.
    """
    return f"{BYTE_ORDER_MARK}{as_csv(table.headings, table.rows)}\n".encode()


def neutral(cell: Cell) -> Cell:
    """Return the cell; a text that a spreadsheet would run gets a leading apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and would_run(cell) else cell


def would_run(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula. Blanks and signs that nobody sees, of which Unicode has
    many, may stand before it.
    """
    if text.startswith(FORMULA_STARTS):
        return True
    seen = next((sign for sign in text if not (sign.isspace() or category(sign) in {"Cc", "Cf"})), "")
    return seen in FORMULA_STARTS


def as_table(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table aligned for a terminal, with Chinese characters two columns wide."""
    return tabulate(rows, headings, disable_numparse=True, missingval="")
