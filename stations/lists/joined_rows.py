"""Rows that tell more of the record of a row above, such as a line of scope or a further duty.

A row is read with another only if nothing that it states tells another record: who states a name of their own is never
taken for the person above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from stations.entered_text import comparable
from stations.imports.plan import Outcome, Remark, Weight, settled
from stations.language import N_, Worded
from stations.lists.list_row import ListRow
from stations.lists.register import ListedRow, Register, RowMaker

State = TypeVar("State")


def join_rows(
    register: Register[State], rows: Iterable[ListRow[State]], maker: RowMaker[State]
) -> dict[int, list[ListRow[State]]]:
    """Join rows that tell more of the record of an earlier row, and refuse those that tell of it again.

    A row that leaves out what its record is known by belongs to the row above, also where that one is wrong. Return the
    joined rows by the number of the row that they are read with.
    """
    firsts: dict[Hashable, ListRow[State]] = {}
    joined: dict[int, list[ListRow[State]]] = defaultdict(list)
    above: ListRow[State] | None = None
    for row in rows:
        code = row.match.code if row.match else row.values.get("code")
        key: Hashable = ("code", code) if code else next(iter(maker.keys(row)), None)
        if key is None and register.over_rows:
            first = above if above is not None and not _states_its_own(register, row, above) else row
        elif key is None or (row.wrong and not register.over_rows):
            continue
        else:
            first = firsts.setdefault(key, row)
            if register.over_rows and (other := _contradicts(register, row, first)):
                message = N_(
                    "Row {row} is known by the same and states another {label}; if it is the same, write the same in "
                    "both rows; if not, write what tells the two apart"
                )
                row.fault(other, message, row=first.number, label=Worded(_label(register, other)))
                first = row
        above = first
        if first is row:
            continue
        if register.over_rows or (register.gathered and _tells_more(register, row, first)):
            row.joined, row.match = first.number, first.match
            row.remark("name", Weight.NOTE, N_("Read with row {row}: one record over several rows"), row=first.number)
            joined[first.number].append(row)
        else:
            row.fault("name", N_("This stands in row {row} already; keep one of the two"), row=first.number)
    return joined


def share_outcome(rows: Sequence[ListRow[State]], planned: Sequence[ListedRow[State]]) -> list[ListedRow[State]]:
    """Return the planned rows; those that are read with a wrong row are wrong too, and say so; of a record that stays
    as it is, nothing is left to doubt.
    """
    outcomes = {one.number: one.outcome for one in planned}
    first_of = {row.number: row.joined for row in rows if row.joined}
    message = N_("Row {row}, of the same record, is wrong; correct it first")

    def shared(one: ListedRow[State]) -> ListedRow[State]:
        first = first_of.get(one.number)
        if first is None or one.outcome is Outcome.WRONG:
            return one
        if outcomes[first] is Outcome.WRONG:
            told = Remark("", Weight.FAULT, message, {"row": first})
            return replace(one, outcome=Outcome.WRONG, remarks=(*one.remarks, told))
        if outcomes[first] is Outcome.UNCHANGED:
            return replace(one, outcome=Outcome.JOINED, remarks=settled(Outcome.UNCHANGED, one.remarks))
        return one

    return [shared(one) for one in planned]


def _states_its_own(register: Register[State], row: ListRow[State], above: ListRow[State]) -> bool:
    """Whether a row that leaves out what it is known by states something that is not that of the row above."""
    return any(not _says_the_same(row, above, column) for column in register.identity if _states(row, column)) or any(
        not _says_the_same(row, above, column)
        for column in register.own
        if _states(row, column) and (_states(above, column) or _on_file(above, column) is not None)
    )


def _contradicts(register: Register[State], row: ListRow[State], first: ListRow[State]) -> str | None:
    """Return the column in which two rows that are known by the same state two records; None if there is none."""
    return next(
        (
            column
            for column in register.identity
            if _states(row, column) and _states(first, column) and not _says_the_same(row, first, column)
        ),
        None,
    )


def _states(row: ListRow[State], column: str) -> bool:
    """Whether a row says anything in a column, readable or not; 无 and — say nothing."""
    unread = column in row.cell_problems and row.cells.get(column) is not None
    return row.values.get(column) is not None or unread


def _says_the_same(row: ListRow[State], other: ListRow[State], column: str) -> bool:
    """Whether a row states in a column what another one states there, or what that one's record has on file."""
    on_file = _on_file(other, column)
    standing = (_compared(other, column), None if on_file is None else comparable(str(on_file)))
    return _compared(row, column) in standing


def _compared(row: ListRow[State], column: str) -> str | None:
    value = row.values.get(column)
    if value is None:  # what can't be read is compared as it is written
        value = row.cells.get(column)
    return None if value is None else comparable(str(value))


def _on_file(row: ListRow[State], column: str) -> object:
    return getattr(row.match.state, column, None) if row.match else None


def _label(register: Register[State], column: str) -> str:
    return next(one.label for one in register.columns if one.name == column)


def _tells_more(register: Register[State], row: ListRow[State], first: ListRow[State]) -> bool:
    """Whether a row repeats another one, or leaves blank, all but what is gathered."""
    again = {name: cell for name, cell in row.cells.items() if name not in register.gathered and cell is not None}
    return all(cell == first.cells.get(name) for name, cell in again.items())
