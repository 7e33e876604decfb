"""The grid in which the cells of a list are put right as its office wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from portal.components import notice
from portal.keeping.upload_state import OverUpload
from portal.language import _, current, ngettext
from stations.imports.corrected_cells import CorrectionGrid, GridRow, correction_grid, problems_of
from stations.imports.plan import Outcome, Plan
from stations.imports.report import as_headed
from stations.language import label
from stations.tables.corrections import Corrections
from stations.tables.sheet import Sheet

AT_MOST = 2000
"""So many rows are in the grid at once."""

_EVERY = "import_all_rows"
_ROW, _TOLD = "row", "told"
_ROW_HEIGHT, _TALLEST = 108, 680  # pixels; texts are wrapped in rows higher than 64


def draw_cell_grid(plan: Plan[Any], over: OverUpload, labels: Mapping[str, str]) -> CorrectionGrid:
    """Draw the rows that are wrong or doubtful, or all, with their cells as the office wrote them; return them.

    ``labels``: msgids by the name of a column.
    """
    st.subheader(_("Put cells right here"))
    open_rows = plan.counts[Outcome.WRONG] + plan.counts[Outcome.DOUBTFUL]
    if open_rows:
        told = _(
            "The rows that are wrong or doubtful, as your file has them. Press a cell twice and write; the file itself "
            "need not be sent again."
        )
    else:
        told = _("No row is wrong or doubtful. Any cell can still be changed.")
    st.html(Markup("<p>{}</p>").format(told))
    every = bool(st.session_state.get(_EVERY))
    grid = correction_grid(plan, every=every, at_most=AT_MOST)
    changed = bool(edited_cells(grid, over))  # the other rows are another grid, in which these changes would be lost
    why = _("Read again first: cells were changed here.") if changed else None
    st.toggle(_("Show all rows"), key=_EVERY, disabled=changed, help=why)
    if grid.rows:
        _draw(grid, _key(over, every), plan.sheet, labels)
    if grid.left:
        notice(ngettext("{count} further row is not shown.", "{count} further rows are not shown.", grid.left))
    return grid


def edited_cells(grid: CorrectionGrid, over: OverUpload) -> Corrections:
    """Return the cells that were changed in the grid and not yet read."""
    state = st.session_state.get(_key(over, bool(st.session_state.get(_EVERY))), {})
    edits: dict[tuple[int, int], str] = {}
    for position, cells in state.get("edited_rows", {}).items():
        row = grid.rows[int(position)]
        before = {column.place: cell for column, cell in zip(grid.columns, row.cells, strict=True)}
        for name, text in cells.items():
            place, after = int(name), str(text or "").strip()
            if after != before[place]:
                edits[row.planned.number, place] = after
    return edits


def _key(over: OverUpload, every: bool) -> str:
    return over.key("import_grid_all" if every else "import_grid")


def _draw(grid: CorrectionGrid, key: str, sheet: Sheet, labels: Mapping[str, str]) -> None:
    labels = as_headed(sheet, labels)
    cells = [[row.planned.number, _told(row, labels), *row.cells] for row in grid.rows]
    frame = pd.DataFrame(cells, columns=[_ROW, _TOLD, *(str(column.place) for column in grid.columns)])
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        row_height=_ROW_HEIGHT,
        height=min(_TALLEST, 38 + _ROW_HEIGHT * len(grid.rows)),
        column_config={
            _ROW: st.column_config.NumberColumn(_("Row"), disabled=True, pinned=True, width=60, format="%d"),
            _TOLD: st.column_config.TextColumn(_("What to know"), disabled=True, width=260),
            **{
                str(column.place): st.column_config.TextColumn(
                    " ".join(column.heading.split()) or _("(no heading)"), width=160
                )
                for column in grid.columns
            },
        },
    )


def _told(row: GridRow, labels: Mapping[str, str]) -> str:
    language = current()
    told = [
        _("{name}: {value}", name=_(labels[one.column]), value=one.told(language))
        if one.column in labels
        else one.told(language)
        for one in problems_of(row.planned)
    ]
    return language.semicolon.join(told) or label(language, row.planned.outcome)
