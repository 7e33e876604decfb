"""The cells of a list as its office wrote them, to be put right in a grid; what was put right, for the audit log."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from stations.imports.plan import Outcome, Plan, Planned, Remark, Weight
from stations.tables.corrections import written
from stations.tables.sheet import Sheet

_LOGGED = 200  # characters of a cell in the audit log
CONTACTS = frozenset({"contact_name", "contact_phone", "contact"})
"""The columns of a list of stations that are about a person."""


@dataclass(frozen=True)
class GridColumn:
    """A column of the list. ``place``: its index. ``name``: of the field it is read as, "" if it is not read."""

    place: int
    name: str
    heading: str


@dataclass(frozen=True)
class GridRow:
    """A row of the list. ``cells``: one text for each column of the grid."""

    planned: Planned[Any]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionGrid:
    """A grid of cells. ``left``: the number of further rows, which are not in it."""

    columns: Sequence[GridColumn]
    rows: Sequence[GridRow]
    left: int


def correction_grid(plan: Plan[Any], *, every: bool, at_most: int) -> CorrectionGrid:
    """Return the cells of the rows that are wrong or doubtful, wrong ones first.

    ``every``: whether all rows are wanted, in their order. ``at_most``: how many.
    """
    columns = [GridColumn(*column) for column in plan.sheet.filled_columns]
    wanted: list[Planned[Any]] = list(plan.rows)
    if not every:
        order = (Outcome.WRONG, Outcome.DOUBTFUL)
        wanted = sorted((row for row in wanted if row.outcome in order), key=lambda row: order.index(row.outcome))
    shown = list(islice(wanted, at_most))
    numbers = {row.number for row in shown}
    cells = {row.number: row.whole for row in plan.sheet.rows if row.number in numbers}
    rows = [
        GridRow(row, tuple(written(whole[one.place]) if one.place < len(whole) else "" for one in columns))
        for row, whole in ((row, cells[row.number]) for row in shown)
    ]
    return CorrectionGrid(columns, rows, len(wanted) - len(shown))


def problems_of(row: Planned[Any]) -> list[Remark]:
    """Return what is wrong with a row and what is doubtful, the most serious first."""
    weights = (Weight.FAULT, Weight.DOUBT)
    told = [remark for remark in row.remarks if remark.weight in weights]
    return sorted(told, key=lambda remark: weights.index(remark.weight))


def corrections_for_log(sheet: Sheet, personal: Container[str]) -> list[dict[str, Any]]:
    """Return what was put right, as the audit log keeps it: row, field, before and after.

    ``personal``: the columns that are about a person. The log keeps no personal data in clear: of them, and of columns
    that the import does not know, it says only that a cell was changed.
    """
    told: list[dict[str, Any]] = []
    for one in sheet.corrected:
        name, heading = sheet.columns[one.place]
        cells = {"before": one.before[:_LOGGED], "after": one.after[:_LOGGED]}
        told.append({"row": one.row, "field": name or heading, **(cells if name and name not in personal else {})})
    return told
