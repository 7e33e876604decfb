"""States of stations held small, fifty thousand at once: as an import compares them, before and after.

A state as ``record_state`` has it is a dictionary of some 650 bytes; packed it is a tuple of its values in
one fixed order, a quarter of that, and equal values are held once.
"""

from __future__ import annotations

from typing import Any

from stations.registry.record_kind import RecordKind
from stations.registry.record_state import State, empty_state

PackedState = tuple[Any, ...]

_FIELDS = tuple(empty_state(RecordKind.STATION))


def pack(state: State, like: PackedState | None = None) -> PackedState:
    """The state, packed. ``like``: another one of the same station; what is equal in both is held once, and
    where all is, that one is given back itself."""
    packed = tuple(state[field] for field in _FIELDS)
    if like is None:
        return packed
    if packed == like:
        return like
    return tuple(old if new == old else new for new, old in zip(packed, like, strict=True))


def unpack(packed: PackedState) -> State:
    """The state again; what it holds is shared, so change none of its values in place."""
    return dict(zip(_FIELDS, packed, strict=True))
