"""Three-way merge, field by field, of two people's changes to one record.

``base`` is the state that both started from, ``theirs`` the one saved meanwhile, ``yours`` the one to be saved. A field
that only one side changed gets that side's value. Services and chains are merged entry by entry, so that each side can
add one. A field that both sides changed differently is a clash, which somebody has to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stations.errors import Conflict
from stations.language import N_
from stations.registry.record_state import FIELD_NAMES, FieldValue, RecordState, StationState, value_of, with_values
from stations.registry.unread import Unread


class Side(StrEnum):
    """The side whose value is used."""

    THEIRS = "theirs"
    YOURS = "yours"


@dataclass(frozen=True)
class FieldMerge:
    """A field that somebody changed. ``clash``: both sides changed it, differently."""

    field: str
    base: FieldValue
    theirs: FieldValue
    yours: FieldValue
    merged: FieldValue
    clash: bool

    @property
    def changed_by(self) -> Side | None:
        """The side that changed it; None if both did."""
        if self.theirs == self.base:
            return Side.YOURS
        return Side.THEIRS if self.yours == self.base else None


@dataclass(frozen=True)
class Merge:
    """The fields that either side changed, in the order in which they are shown."""

    theirs: RecordState | None
    fields: tuple[FieldMerge, ...]

    @property
    def clashes(self) -> tuple[FieldMerge, ...]:
        """The fields that have to be decided."""
        return tuple(field for field in self.fields if field.clash)

    def settled(self, choices: Mapping[str, Side]) -> RecordState | None:
        """Return the merged state with each clash decided.

        Return None if ``choices`` lacks a clash, or if there is no record to merge into.
        """
        if self.theirs is None:
            return None
        merged: dict[str, FieldValue] = {}
        for field in self.fields:
            if not field.clash:
                merged[field.field] = field.merged
            elif field.field in choices:
                merged[field.field] = field.yours if choices[field.field] is Side.YOURS else field.theirs
            else:
                return None
        return with_values(self.theirs, merged)


@dataclass(frozen=True)
class Settlement:
    """A decision on a conflict: for ``version`` of their record, the side whose value each clash gets."""

    version: int
    choices: Mapping[str, Side]


class ChangedMeanwhile(Conflict):
    """Somebody else saved the record while it was being edited.

    ``merge``: both sides. ``version``: the present version, to be given in a ``Settlement``. ``by``, ``at``: who saved
    last, and when.
    """

    def __init__(self, merge: Merge, *, version: int, by: str, at: datetime) -> None:
        self.merge = merge
        self.version = version
        self.by = by
        self.at = at
        super().__init__(N_("{name} has saved this record meanwhile; compare both before you save"), name=by)


def merge(base: RecordState | None, theirs: RecordState | None, yours: RecordState) -> Merge:
    """Return the merge of three states of one kind of record; None as a state means that there is no record."""
    fields = []
    for field in FIELD_NAMES:
        if not hasattr(yours, field):
            continue
        was, now, wanted = (value_of(state, field) for state in (base, theirs, yours))
        if was == now == wanted:
            continue
        if now == wanted or wanted == was:
            merged, clash = now, False
        elif now == was:
            merged, clash = wanted, False
        elif field in _BY_ENTRY:
            merged, clash = _BY_ENTRY[field](base, theirs, yours)
        else:
            merged, clash = wanted, True
        fields.append(FieldMerge(field, was, now, wanted, merged, clash))
    return Merge(theirs, tuple(fields))


def _merge_chains(base: RecordState | None, theirs: RecordState | None, yours: RecordState) -> tuple[FieldValue, bool]:
    was, now, wanted = (set(state.chains) if state else set() for state in (base, theirs, yours))
    return tuple(sorted((now & wanted) | (now - was) | (wanted - was))), False


def _merge_services(
    base: RecordState | None, theirs: RecordState | None, yours: RecordState
) -> tuple[FieldValue, bool]:
    sides = [
        {offer.service_code: offer for offer in state.services} if isinstance(state, StationState) else {}
        for state in (base, theirs, yours)
    ]
    merged, clash = [], False
    for code in sorted({code for side in sides for code in side}):
        was, now, wanted = (side.get(code) for side in sides)
        value = now if wanted == was else wanted
        clash |= now != wanted and was not in (now, wanted)
        if value is not None:
            merged.append(value)
    return tuple(merged), clash


def _merge_unread(base: RecordState | None, theirs: RecordState | None, yours: RecordState) -> tuple[FieldValue, bool]:
    was, now, wanted = (set(state.unread) if state else set() for state in (base, theirs, yours))
    kept = dict(sorted((now & wanted) | (wanted - was) | (now - was)))
    return tuple(Unread(*one) for one in sorted(kept.items())), False


_BY_ENTRY: dict[str, Callable[[RecordState | None, RecordState | None, RecordState], tuple[FieldValue, bool]]] = {
    "chains": _merge_chains,
    "services": _merge_services,
    "unread": _merge_unread,
}
"""How the fields that are merged entry by entry are: the merged value, and whether entries clash."""
