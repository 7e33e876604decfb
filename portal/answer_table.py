"""Drawing the rows of an answer as a table in its own columns; saved files contain plain cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from portal.components import table
from portal.language import current
from stations.answers.columns import Column, Row
from stations.answers.presentation import saved_table

Drawn = Callable[[Any], str | Markup | int | None]


def draw_answer(
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    caption: str,
    drawn: Mapping[str, Drawn] | None = None,
    beneath: Mapping[str, str] | None = None,
    small: Collection[str] = (),
    headed: Mapping[str, str] | None = None,
    numbers: Collection[str] = (),
    saved: Sequence[Column[Row]] | None = None,
    saved_rows: Iterable[Row] | None = None,
    stacks: bool = False,
    notes: Sequence[str] = (),
    file: str = "",
    saving: bool = True,
) -> None:
    """Draw rows as a table, with buttons below it to save them.

    ``drawn``: key of a column → function that returns a row's cell as drawn on the page, such as a link, instead of the
    plain cell. ``beneath``: key of a column → key of the column in whose cell it is drawn, below that one's text;
    files have both. ``small``: keys of such columns that are drawn in small print, on one line. ``headed``: key of a
    column → its heading on the page, if others drawn beneath it need one; of several lines as in
    ``portal.components.table``. ``numbers``: keys of the columns aligned to
    the right. ``saved``, ``saved_rows``: columns and rows of the file, if they differ. ``saving=False`` leaves the
    buttons out, as is necessary within a form, where Streamlit allows none. The other parameters are those of
    ``portal.components.table``.
    """
    shown, language, special, below = list(rows), current(), drawn or {}, beneath or {}
    stacked = [
        (column, [one for one in columns if below.get(one.key) == column.key])
        for column in columns
        if column.key not in below
    ]

    def draw(column: Column[Row], row: Row) -> Any:
        own = special.get(column.key)
        return own(row) if own else _text(column.cell(row, language))

    file_rows = shown if saved_rows is None else saved_rows
    table(
        [(headed or {}).get(first.key, first.heading(language)) for first, _others in stacked],
        [
            [
                _stack(
                    draw(first, row),
                    [draw(one, row) for one in others if one.key in small],
                    [draw(one, row) for one in others if one.key not in small],
                )
                for first, others in stacked
            ]
            for row in shown
        ],
        caption=caption,
        numbers=[place for place, (first, _others) in enumerate(stacked) if first.key in numbers],
        stacks=stacks,
        notes=notes,
        saved=saved_table(saved or columns, file_rows, language, title=caption, notes=[caption]) if saving else None,
        file=file,
    )


def _stack(first: Any, small: Sequence[Any], others: Sequence[Any]) -> Any:
    """Return the parts of one cell, one below the other, those in small print on one line; empty ones are left out."""
    line = Markup(" · ").join(one for one in small if _filled(one))
    below = [*([Markup("<small>{}</small>").format(line)] if line else []), *(one for one in others if _filled(one))]
    return Markup("<br>").join([*([first] if first != "" else []), *below]) if below else first


def _filled(cell: Any) -> bool:
    return cell not in (None, "", "–")


def _text(cell: Any) -> Any:
    return "–" if cell is None else cell
