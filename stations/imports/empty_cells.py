"""The empty cells of a row whose record has something on file there: it stays, or is cleared if somebody says so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from stations.imports.plan import Weight
from stations.imports.row_remarks import RemarkedRow
from stations.language import N_, Listed
from stations.tables.sheet import shown_heading


def settle_empty(
    row: RemarkedRow, standing: Mapping[str, Any], headings: Mapping[str, str], clearable: Container[str]
) -> frozenset[str]:
    """Return the columns whose field the empty cells of a row clear, and say in the row which stay and which go.

    ``standing``: column → what is on file. ``headings``: column → its heading in the list. ``clearable``: the columns
    whose fields a record can do without, if empty cells are to clear them.
    """
    empty = [name for name in headings if row.cells[name] is None and standing.get(name) not in (None, "", ())]
    cleared = [name for name in empty if name in clearable]
    _tell(row, cleared, headings, N_("Empty in the list, so what is on file is cleared: {fields}"))
    kept = [name for name in empty if name not in cleared]
    _tell(row, kept, headings, N_("Empty in the list, so what is on file stays: {fields}"))
    return frozenset(cleared)


def _tell(row: RemarkedRow, names: Iterable[str], headings: Mapping[str, str], message: str) -> None:
    fields = [shown_heading(headings[name]) for name in names]
    if fields:
        row.remark("", Weight.NOTE, message, fields=Listed(fields))
