"""What came of one row of a bulk change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stations.errors import DomainError, InvalidInput
from stations.language import N_, LabelledEnum


class Outcome(LabelledEnum):
    """What came of a row. ``PROPOSED``: the key may not change the station itself, and has now proposed it.
    ``LEFT_OUT``: it was right, but nothing is written because another row was not.
    """

    CREATED = "created", N_("Created")
    CHANGED = "changed", N_("Changed")
    PROPOSED = "proposed", N_("Proposed")
    UNCHANGED = "unchanged", N_("Unchanged")
    CONFLICT = "conflict", N_("Conflict")
    REFUSED = "refused", N_("Not accepted")
    LEFT_OUT = "left_out", N_("Left out")


@dataclass(frozen=True)
class RowResult:
    """What came of one row.

    ``row``: its number, from 1. ``proposal``: the number of the proposal that it became. ``version``, ``record``: of
    our record afterwards; its state as JSON where it has what the system does not know. ``problems``: why it was not
    written. ``fields``: those that clash, with all three values.
    """

    row: int
    external_id: str
    outcome: Outcome
    code: str = ""
    version: int | None = None
    proposal: str = ""
    record: Mapping[str, Any] | None = None
    problems: tuple[InvalidInput, ...] = ()
    told: DomainError | None = None
    written: Mapping[str, Any] = field(default_factory=dict)
    fields: Sequence[Mapping[str, Any]] = ()
