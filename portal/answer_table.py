"""Drawing the rows of an answer in its own columns, with cells adorned for the page; files hold the plain cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from portal.components import table
from portal.language import current
from stations.answers.columns import Column, Row, headings
from stations.answers.presentation import saved_table

Drawn = Callable[[Any], str | Markup | int | None]


def draw_answer(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    caption: str,
    drawn: Mapping[str, Drawn] | None = None,
    numbers: Collection[str] = (),
    saved: Sequence[Column[Row]] | None = None,
    saved_rows: Iterable[Row] | None = None,
    stacks: bool = False,
    notes: Sequence[str] = (),
    file: str = "",
    saving: bool = True,
) -> None:
    """Draw rows in columns, and below them the ways to save them.

    ``drawn``: key of a column → how the page draws a row there, such as a link, instead of the plain cell.
    ``numbers``: the keys of columns set to the right. ``saved``, ``saved_rows``: the columns
    and rows of the file, where it has others.
    The rest as in ``portal.components.table``.
    """
    shown, language, special = list(rows), current(), drawn or {}
    cells: list[list[Any]] = []
    for row in shown:
        plain = ((column, special.get(column.key)) for column in columns)
        cells.append([draw(row) if draw else _text(column.cell(row, language)) for column, draw in plain])
    file_rows = shown if saved_rows is None else saved_rows
    table(
        headings(columns, language),
        cells,
        caption=caption,
        numbers=[place for place, column in enumerate(columns) if column.key in numbers],
        stacks=stacks,
        notes=notes,
        saved=saved_table(saved or columns, file_rows, language, title=caption, notes=[caption]),
        file=file,
        saving=saving,
    )


def _text(cell: Any) -> Any:
    return "–" if cell is None else cell
