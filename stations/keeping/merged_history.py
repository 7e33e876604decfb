"""The dated history of a record that two were merged into: the entries of both, as far as they follow each other.

Which may follow which is told in ``dated_entries.NEXT``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stations.registry.centre import Stage
from stations.registry.dated_entries import NEXT, stage_on
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status

AT_WORK: frozenset[StrEnum] = frozenset({Status.ACTIVE, Stage.ACCEPTED})
"""The status or stage of what serves; a merge that ends it is warned of."""


@dataclass(frozen=True)
class MergedHistory:
    """``entries``: those that follow each other, in order of time; ``left_out``: those that can't be among
    them, in order of time."""

    entries: tuple[HistoryEntry, ...]
    left_out: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class MergeEffect:
    """What a merge does to the status or stage, all as of one day; None where none is known to hold.
    ``ends_work``: one of the two was at work and the merged record is not."""

    before: StrEnum | None
    after: StrEnum | None
    ends_work: bool


def both_histories(kind: RecordKind, mine: Sequence[HistoryEntry], theirs: Sequence[HistoryEntry]) -> MergedHistory:
    """The entries of the record that stays and of the other, in the order of their dates.

    An entry that both have stands once. One that may not follow the one before it is left out: a station
    that runs does not become planned. Only an end that the other record tells of gives way, where the one
    that stays goes on after it. The order of one's own entries is not judged.
    """
    told = {(entry.stage, entry.dated, entry.as_of) for entry in mine}
    more = [entry for entry in theirs if (entry.stage, entry.dated, entry.as_of) not in told]
    of_both = [*((entry, True) for entry in mine), *((entry, False) for entry in more)]
    of_both.sort(key=lambda one: _by_day(one[0]))
    kept: list[tuple[HistoryEntry, bool]] = []
    left_out: list[HistoryEntry] = []
    for entry, own in of_both:
        if own and kept and not kept[-1][1] and not NEXT[kind][kept[-1][0].stage]:
            left_out.append(kept.pop()[0])
        if not kept or (own and kept[-1][1]) or entry.stage in NEXT[kind][kept[-1][0].stage]:
            kept.append((entry, own))
        else:
            left_out.append(entry)
    return MergedHistory(tuple(entry for entry, _ in kept), tuple(sorted(left_out, key=_by_day)))


def merge_effect(
    survivor: Sequence[HistoryEntry], other: Sequence[HistoryEntry], merged: Sequence[HistoryEntry], today: date
) -> MergeEffect:
    """What becomes of the status when ``merged`` takes the place of the two histories."""
    before, gone, after = (stage_on(history, today) for history in (survivor, other, merged))
    return MergeEffect(before, after, bool({before, gone} & AT_WORK) and after not in AT_WORK)


def _by_day(entry: HistoryEntry) -> tuple[bool, date]:
    day = entry.known_from
    return day is None, day or date.min
