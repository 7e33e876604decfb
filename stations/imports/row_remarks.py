"""A row of a list of any kind while it is being read, with the remarks on it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any

from stations.entered_text import without_identity_numbers
from stations.imports.plan import Remark, Weight
from stations.registry.unread import Unread
from stations.tables.cell_values import ERRORS
from stations.tables.sheet import SheetRow
from stations.tables.table import LIST_MARK

PLACE_COLUMNS = ("place", "lon", "lat", "crs")
"""The columns that together say where a record is; their words are kept as one."""


class RemarkedRow:
    """A row.

    ``joined``: the number of the row above whose record this row tells more of, 0 for none. ``unread``: field → words,
    of what can't be read and is kept beside the record.
    """

    __slots__ = ("number", "values", "cells", "remarks", "joined", "unread")

    def __init__(self, row: SheetRow) -> None:
        self.number = row.number
        self.values: Mapping[str, Any] = row.values
        self.cells = row.cells
        self.remarks: tuple[Remark, ...] = ()
        self.joined = 0
        self.unread: dict[str, str] = {}

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


    def keep_unread(self, column: str, words: str | None = None) -> None:
        """Keep the words of a column (by default its whole cell) beside the record."""
        field = self.unread_field(column)
        if words is None:
            columns = PLACE_COLUMNS if field == "place" else (column,)
            words = LIST_MARK.join(filter(None, (written(self.cells.get(one)) for one in columns)))
        if words:
            self.unread[field] = without_identity_numbers(words)

    def unread_after(self, before: tuple[Unread, ...], besides: Container[str] = ()) -> tuple[Unread, ...]:
        """Return what is kept unread after the import, given what was: this row's words, and older ones of columns that
        the row leaves blank. ``besides``: fields whose words belong elsewhere.
        """
        if not before and not self.unread:
            return ()
        kept = {one.field: one.words for one in before if not self.reads(one.field)}
        mine = {field: words for field, words in self.unread.items() if field not in besides}
        return tuple(Unread(*one) for one in sorted((kept | mine).items()))

    def unread_field(self, column: str) -> str:
        """Return the field under which the words of a column are kept."""
        return "place" if column in PLACE_COLUMNS else column

    def reads(self, field: str) -> bool:
        """Whether the row says a field anew, so that older words for it are settled."""
        columns = PLACE_COLUMNS if field == "place" else (field,)
        return any(self.values.get(column) is not None for column in columns)


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
