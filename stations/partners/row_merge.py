"""What a row and others changed since both held the same: merged by field, and which fields clash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from stations.errors import Conflict
from stations.keeping.record_merge import ChangedMeanwhile, FieldMerge, Settlement, Side
from stations.partners.station_row import Settling, StationRow
from stations.partners.sync_conflict import STATUS, told_fields
from stations.registry.record_json import state_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import StationState

STATION: Final = RecordKind.STATION
Fields = list[dict[str, Any]]


class Clash(Exception):
    """Fields were changed on both sides, differently."""

    def __init__(self, code: str, fields: Fields, wanted: StationState, base_version: int, version: int) -> None:
        self.code, self.fields, self.wanted = code, fields, wanted
        self.base_version, self.version = base_version, version
        super().__init__(code)


def merged(row: StationRow, save: Callable[[Settlement | None], object]) -> Fields:
    """Save what a row changed, merged with what others saved meanwhile. Return the fields that clash.

    ``save``: saves it, with a decision on clashes where there is one. Nothing is saved where fields clash, or where
    both sides made the same change.
    """
    settlement = Settlement(row.settle.version, row.settle.fields) if row.settle else None
    for _turn in range(2):
        try:
            save(settlement)
        except ChangedMeanwhile as changed:
            if changed.merge.clashes:
                return told_fields(_undecided(changed.merge.clashes, row.settle, changed.version))
            settlement = Settlement(changed.version, {})
        except Conflict:  # both sides made the same change
            return []
        else:
            return []
    return []


def _undecided(clashes: Sequence[FieldMerge], settle: Settling | None, version: int) -> list[FieldMerge]:
    """Return the clashes that a row does not decide; all, if it decides for another version than ours now has."""
    if settle is None or settle.version != version:
        return list(clashes)
    return [one for one in clashes if one.field not in settle.fields] or list(clashes)


def status_wanted(row: StationRow, ours: StationState, base: StationState, version: int) -> tuple[bool, Fields]:
    """Return whether a row asks for another status than the record has, and the clash if others changed it too.

    ``ours``: the record at ``version``; ``base``: as both held it last.
    """
    if row.status is None:
        return False, []
    now, was, theirs = stage_of(ours), stage_of(base), row.status.stage
    if theirs in (now, was):
        return False, []
    if now != was:
        side = row.settle.fields.get(STATUS) if row.settle and row.settle.version <= version else None
        if side is None:
            told = {"field": STATUS, "base": was, "ours": now, "theirs": theirs}
            return False, [{**told, "entry": asdict(row.status)}]
        if side is Side.THEIRS:
            return False, []
    return True, []


def stage_of(state: StationState) -> str:
    """Return what a station is by the end of its history; "" if there is none."""
    return state.history[-1].stage.value if state.history else ""


def fields_of(state: StationState) -> dict[str, Any]:
    """Return the fields of a station that a row can change, as JSON."""
    document = state_to_json(state, STATION)
    document.pop("history", None)
    document.pop("unread", None)
    return document
