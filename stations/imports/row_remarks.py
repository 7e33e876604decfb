"""A row of a list of any kind while it is being read, with the remarks on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stations.imports.plan import Remark, Weight
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
