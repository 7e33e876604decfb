"""The definition of a column for the table reader: its headings, and how its cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stations.tables.workbook_grids import Cell


@dataclass(frozen=True)
class Column:
    """A column to look for.

    ``name``: identifier in the code. ``label``: its name for people, a msgid. ``headings``: accepted headings, in
    any case, width and spacing; words in brackets after a heading, such as a unit, may be missing or added.
    ``read``: returns the value of a cell that is not blank, or raises ``InvalidInput``. ``required``: the column
    must exist and be filled in every row. ``spans``: fits a heading, known for this column or unknown, that may stand
    over columns with any headings of their own (服务内容 over 计量 and 认证).
    """

    name: str
    label: str
    headings: Sequence[str]
    read: Callable[[str, Cell], Any]
    required: bool = False
    spans: re.Pattern[str] | None = None
