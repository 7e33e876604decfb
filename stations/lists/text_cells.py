"""Readers of the text of a cell, in which 无 and — say that there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stations.entered_text import says_nothing
from stations.tables.cell_values import cell_text


def of_text(read: Callable[[str, str], Any]) -> Callable[[str, Any], Any]:
    """Return a reader that applies ``read`` to the text of a cell; None if it says that there is nothing."""

    def of_cell(field: str, cell: Any) -> Any:
        written = cell_text(field, cell)
        return None if says_nothing(written) else read(field, written)

    return of_cell
