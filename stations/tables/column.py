"""What a reader of tables looks for: a column, the headings it is known by, how its cells are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stations.tables.workbook_grids import Cell


@dataclass(frozen=True)
class Column:
    """A column that is looked for.

    ``name``: what the caller calls it. ``label``: what people call it, a msgid. ``headings``: what it
    may be headed with, in any case, width and spacing; words in brackets after a heading, such as a
    unit, may be missing or added. ``read``: the value of a cell that is not blank, or ``InvalidInput``.
    ``required``: it must be there, and filled in each row.
    """

    name: str
    label: str
    headings: Sequence[str]
    read: Callable[[str, Cell], Any]
    required: bool = False
