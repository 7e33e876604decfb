"""Finding the record on file that a row of a list belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from stations.language import N_, ListedAsWritten
from stations.lists.list_row import Held, ListRow
from stations.lists.register import Register, RowMaker


class Finder:
    """Finds the record on file that a row belongs to: the one of its code, else the one of a key."""

    def __init__(self, register: Register[Any], held: Sequence[Held[Any]], taken: Mapping[str, str | None]) -> None:
        self._by_code = {one.code: one for one in held}
        self._taken = taken
        self._by_key: dict[Hashable, list[Held[Any]]] = defaultdict(list)
        for one in held:
            for key in register.keys(one.state):
                self._by_key[key].append(one)

    def find(self, row: ListRow[Any], maker: RowMaker[Any]) -> bool:
        """Set the row's record. Return whether that is settled: it is found, or the row is refused for what it says."""
        code = row.values.get("code") or ""
        if code:
            row.match = self._by_code.get(code)
            if row.match is None and code in self._taken:
                survivor = self._taken[code]
                message = (
                    N_("{code} was merged into {survivor}; write that code")
                    if survivor
                    else N_("The code {code} is taken by a record that this import can't change; write another")
                )
                row.fault("code", message, code=code, survivor=survivor)
                return True
            if row.match is not None and (others := self._others(row, maker)):
                message = N_(
                    "{code} is another record, {others} is known by what this row says; correct one of the two"
                )
                row.doubt("code", message, code=code, others=ListedAsWritten(others))
            return row.match is not None
        for key in maker.keys(row):
            if found := self._by_key.get(key):
                row.match = maker.choose(row, found)
                return True
        return False

    def _others(self, row: ListRow[Any], maker: RowMaker[Any]) -> list[str]:
        """Return the codes of the records that a row is known by, if that of the row's own code is none of them."""
        codes = {one.code for key in maker.keys(row) for one in self._by_key.get(key, ())}
        return [] if row.match is None or row.match.code in codes else sorted(codes)[:5]

    def doubt_namesakes(self, row: ListRow[Any], maker: RowMaker[Any]) -> None:
        """Doubt a row that has found no record, where one of another place or kind has what it is known by."""
        if row.values.get("code"):
            return
        codes = {one.code for key in maker.namesakes(row) for one in self._by_key.get(key, ())}
        if codes:
            message = N_(
                "“{name}” is on file in another place ({codes}). If it is the same, write that code into the row; if "
                "not, import it as new"
            )
            row.doubt("name", message, name=row.name, codes=ListedAsWritten(sorted(codes)[:5]))
