"""Writing rows as JSON, CSV or an aligned table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

Cell = Any

# A spreadsheet takes a cell that starts so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_json(data: Any) -> str:
    """Indented JSON, Chinese left as it is."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_csv(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """CSV in which no text can run as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


def neutral(cell: Cell) -> Cell:
    """The cell, a text that a spreadsheet would run made plain by a leading apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def as_table(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table aligned for a terminal, Chinese characters counted two columns wide."""
    return tabulate(rows, headings, disable_numparse=True, missingval="")
