"""A new code of a request, shown once."""

from __future__ import annotations

from dataclasses import dataclass

from stations.answers.columns import Column, Columns
from stations.answers.presentation import one_row
from stations.language import N_


@dataclass(frozen=True)
class Reissued:
    """The number of a request, and the code that was made for it."""

    number: str
    code: str


CODES: Columns[Reissued] = Columns(
    Column("number", lambda one: one.number, N_("Tracking number")),
    Column("code", lambda one: one.code, N_("Code")),
)
REISSUED = one_row(CODES, "number", "code")
