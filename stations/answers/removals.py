"""What was removed of the data of planning."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.language import N_

_COLUMNS: Columns[str] = Columns(Column("removed", lambda one: one, N_("Removed")))

REMOVAL: Presentation[str, str] = Presentation(
    data=lambda removed, _language: {"removed": removed},
    rows=lambda removed: [removed],
    columns=lambda _removed: _COLUMNS.take("removed"),
)
"""The code of the place or table that was removed, or what else it was."""
