"""Rows of a list that may tell of a record on file, or of one of another row, in other words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from stations.imports.plan import Outcome, Planned, Remark, Weight
from stations.keeping.doubles import Double, Lookalike, find_doubles
from stations.language import N_, Bilingual, Language, label

_CHINESE, _ENGLISH = Language("zh_CN"), Language("en")
_ROW = "\0row {:07d}"  # before every code in sorting order, so that the row comes first in a pair

Row = TypeVar("Row", bound=Planned[Any])


def mark_possible_doubles(
    rows: Sequence[Row], names: Mapping[str, str], looks: Iterable[Lookalike], look: Callable[[str, Row], Lookalike]
) -> list[Row]:
    """Return the rows, with those new ones marked doubtful that may be a registered record or that of another row.

    ``names``: code → name of the records on file, of which ``looks`` has what is compared. ``look``: returns the same
    of a row, under the code that it is given.
    """
    new = {_ROW.format(row.number): row for row in rows if row.new and row.after is not None}
    if not new:
        return list(rows)
    every = [*(look(code, row) for code, row in new.items()), *looks]
    likeliest: dict[int, Double] = {}
    for double in find_doubles(every, among=new):
        row = new[double.other if double.other in new else double.code]
        likeliest.setdefault(row.number, double)
    return [_doubted(row, likeliest[row.number], new, names) if row.number in likeliest else row for row in rows]


def _doubted(row: Row, double: Double, new: Mapping[str, Row], names: Mapping[str, str]) -> Row:
    why = Bilingual(
        *(
            mark.join(label(said, reason) for reason in double.reasons)
            for said, mark in ((_CHINESE, "、"), (_ENGLISH, ", "))
        )
    )
    if double.other in names:
        remark = Remark(
            "name",
            Weight.DOUBT,
            N_(
                "This may be “{name}” ({code}) of the registry: {why}. If it is, write that code into the row; "
                "if not, import it as new"
            ),
            {"name": names[double.other], "code": double.other, "why": why},
        )
    else:
        other = new[double.code]
        remark = Remark(
            "name",
            Weight.DOUBT,
            N_("This may be that of row {row}, “{name}”: {why}. Keep one of the two, or import both"),
            {"row": other.number, "name": other.name, "why": why},
        )
    return replace(row, outcome=Outcome.DOUBTFUL, remarks=(*row.remarks, remark))
