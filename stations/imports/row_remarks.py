"""A row of a list of any kind while it is being read, with the remarks on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from stations.entered_text import without_identity_numbers
from stations.imports.plan import Remark, Weight
from stations.tables.cell_values import ERRORS
from stations.tables.sheet import SheetRow


class RemarkedRow:
    """A row. ``joined``: the number of the row above whose record this row tells more of, 0 for none."""

    __slots__ = ("number", "values", "cells", "remarks", "joined")

    def __init__(self, row: SheetRow) -> None:
        self.number = row.number
        self.values: Mapping[str, Any] = row.values
        self.cells = row.cells
        self.remarks: tuple[Remark, ...] = ()
        self.joined = 0

    @property
    def name(self) -> str:
        return self.values.get("name") or ""

    @property
    def wrong(self) -> bool:
        return any(remark.weight is Weight.FAULT for remark in self.remarks)

    @property
    def doubtful(self) -> bool:
        return any(remark.weight is Weight.DOUBT for remark in self.remarks)

    def remark(self, column: str, weight: Weight, message: str, **params: Any) -> None:
        self.remarks += (Remark(column, weight, message, params),)

    def refuse(self, column: str, message: str, /, *, not_taken: str | None = None, **params: Any) -> None:
        """Remark on a cell as doubtful whose words (by default all of the cell) the record does not get."""
        words = written(self.cells.get(column)) if not_taken is None else not_taken
        self.remarks += (Remark(column, Weight.DOUBT, message, params, without_identity_numbers(words)),)


def written(cell: Any) -> str:
    """Return a cell as text; "" for a blank, an error of the spreadsheet or a formula."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute):
        return cell.date().isoformat()
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = "".join(sign for sign in text.strip() if sign.isprintable() or sign == "\n")
    return "" if text in ERRORS or text.startswith(("=", "＝")) else text
