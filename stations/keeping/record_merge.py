"""Bringing together what two people made of one record: a three-way merge, field by field.

``base`` is what both started from, ``theirs`` what was saved meanwhile, ``yours`` what is to be
saved. A field that only one of them changed is taken from the one who did. Of services and chains
each entry counts for itself, so that two people can add one each. What both changed, and
differently, is a clash that somebody has to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from stations.errors import Conflict
from stations.language import N_
from stations.registry.record_state import FIELD_NAMES, State


class Side(StrEnum):
    """Whose value is taken."""

    THEIRS = "theirs"
    YOURS = "yours"


@dataclass(frozen=True)
class FieldMerge:
    """A field that somebody changed. ``clash``: both did, differently."""

    field: str
    base: Any
    theirs: Any
    yours: Any
    merged: Any
    clash: bool

    @property
    def changed_by(self) -> Side | None:
        """Who alone changed it; None where both did."""
        if self.theirs == self.base:
            return Side.YOURS
        return Side.THEIRS if self.yours == self.base else None


@dataclass(frozen=True)
class Merge:
    """The fields that either side changed, in the order they are told."""

    theirs: State
    fields: tuple[FieldMerge, ...]

    @property
    def clashes(self) -> tuple[FieldMerge, ...]:
        """Those that have to be decided."""
        return tuple(field for field in self.fields if field.clash)

    def settled(self, choices: Mapping[str, Side]) -> State | None:
        """The merged state with each clash decided; None where ``choices`` leaves one open."""
        merged = dict(self.theirs)
        for field in self.fields:
            if not field.clash:
                merged[field.field] = field.merged
            elif field.field in choices:
                merged[field.field] = field.yours if choices[field.field] is Side.YOURS else field.theirs
            else:
                return None
        return merged


@dataclass(frozen=True)
class Settlement:
    """How somebody settles a conflict: over which version of theirs, and whose value each clash gets."""

    version: int
    choices: Mapping[str, Side]


class ChangedMeanwhile(Conflict):
    """Somebody else saved the record while it was being edited; ``merge`` holds both sides.

    ``version``: the one that stands now, to settle over; ``by``, ``at``: who saved last, and when.
    """

    def __init__(self, merge: Merge, *, version: int, by: str, at: datetime) -> None:
        self.merge = merge
        self.version = version
        self.by = by
        self.at = at
        super().__init__(N_("{name} has saved this record meanwhile; compare both before you save"), name=by)


def merge(base: State, theirs: State, yours: State) -> Merge:
    """Compare three states of one kind of record."""
    fields = []
    for field in FIELD_NAMES:
        if field not in theirs:
            continue
        was, now, wanted = base[field], theirs[field], yours[field]
        if was == now == wanted:
            continue
        merged, clash = _merge_value(was, now, wanted)
        fields.append(FieldMerge(field, was, now, wanted, merged, clash))
    return Merge(theirs, tuple(fields))


def _merge_value(base: Any, theirs: Any, yours: Any) -> tuple[Any, bool]:
    if theirs == yours or yours == base:
        return theirs, False
    if theirs == base:
        return yours, False
    if isinstance(theirs, dict) and isinstance(yours, dict) and isinstance(base, dict):
        return _merge_entries(base, theirs, yours)
    if all(isinstance(value, list) and all(isinstance(code, str) for code in value) for value in (base, theirs, yours)):
        kept = (set(theirs) & set(yours)) | (set(theirs) - set(base)) | (set(yours) - set(base))
        return sorted(kept), False
    return yours, True


def _merge_entries(base: dict, theirs: dict, yours: dict) -> tuple[dict, bool]:
    merged, clash = {}, False
    for key in sorted({*base, *theirs, *yours}):
        was, now, wanted = base.get(key), theirs.get(key), yours.get(key)
        value = now if wanted == was else wanted
        clash |= now != wanted and was not in (now, wanted)
        if value is not None:
            merged[key] = value
    return merged, clash
