"""A cell with the date of a status or stage, with the date of the source that reports it, or with both: ``2023-08``,
``截至2025-05``, ``2023-08（截至2025-05）``.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from stations.entered_text import narrow
from stations.partial_date import PartialDate
from stations.tables.cell_values import partial_date

_REPORTED = re.compile(r"(?P<dated>.*?)[(,;\s]*(?:截[至止]到?|as of)\s*[:]?(?P<as_of>[^()]+?)\)?\s*", re.IGNORECASE)


class ReportedDate(NamedTuple):
    """``dated``: when a status or stage was reached. ``as_of``: the date of the source that reports it."""

    dated: PartialDate | None = None
    as_of: PartialDate | None = None

    def __str__(self) -> str:
        if self.as_of is None:
            return str(self.dated or "")
        return f"{self.dated}（截至{self.as_of}）" if self.dated else f"截至{self.as_of}"


def reported_date(field: str, cell: Any) -> ReportedDate | None:
    """Return the dates in a cell; None if it says that there is none (``—``).

    Raises:
        InvalidInput: it is not understood.
    """
    if isinstance(cell, str) and (found := _REPORTED.fullmatch(narrow(cell))):
        dated = partial_date(field, found["dated"]) if found["dated"] else None
        return ReportedDate(dated, partial_date(field, found["as_of"]))
    moment = partial_date(field, cell)
    return ReportedDate(moment) if moment else None
