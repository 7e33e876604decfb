"""The registered stations as the list that the import reads."""

from __future__ import annotations

from functools import partial

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.imports.station_list import LIST_COLUMNS, ListedStation, cell_of
from stations.language import Bilingual

_COLUMNS: Columns[ListedStation] = Columns(
    *(
        Column[ListedStation](column.name, partial(cell_of, column), Bilingual(column.headings[0], column.label))
        for column in LIST_COLUMNS
    )
)
_NAMES = tuple(column.name for column in LIST_COLUMNS)
STATION_LIST_COLUMNS = _COLUMNS.take(*_NAMES)

STATION_LIST = listing(_COLUMNS, *_NAMES)
"""Every field of every station; a file of it can be changed and imported."""
