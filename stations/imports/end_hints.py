"""What says in a list, outside the column of the status, that a station is closed or suspended."""

from __future__ import annotations

import re

from stations.imports.status_words import says_it_ended
from stations.tables.sheet import Sheet, SheetRow

_REMARKS = re.compile(r"备注|附注|说明|情况|^注$|remarks?|notes?|comments?", re.IGNORECASE)
_OF_AN_END = re.compile(r"关|停|撤|歇|注销|clos|suspen", re.IGNORECASE)


class EndHints:
    """The columns of a list that may say so: those of remarks that no field is read from, and the date or reason of an
    end (停用日期).
    """

    def __init__(self, sheet: Sheet) -> None:
        unused = ((at, heading) for at, (name, heading) in enumerate(sheet.columns) if not name)
        self._remarks = [at for at, heading in unused if _REMARKS.search(heading)]
        self._dated = {
            name: heading for name in ("since", "reason") if _OF_AN_END.search(heading := sheet.headings.get(name, ""))
        }

    @property
    def date_is_of_an_end(self) -> bool:
        """Whether the dates of the status are, by their heading, those of ends."""
        return "since" in self._dated

    def words(self, row: SheetRow) -> str:
        """Return the words of a row that say that its station is closed or suspended, "" if there are none."""
        for name, heading in self._dated.items():
            if row.values.get(name):
                return f"{heading}：{row.values[name]}"
        remarks = (cell for at in self._remarks if isinstance(cell := row.whole[at], str))
        return next((cell for cell in remarks if says_it_ended(cell)), "")
