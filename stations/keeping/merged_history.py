"""The dated history of a merged record: the entries of both records, as far as they may follow each other.

``dated_entries.NEXT`` defines which status or stage may follow which.
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
"""The statuses and stages in which a record serves firms; a warning precedes a merge that ends one."""


@dataclass(frozen=True)
class MergedHistory:
    """The result of merging two histories, both parts in order of time.

    ``entries``: those that may follow each other. ``left_out``: those that do not fit among them.
    """

    entries: tuple[HistoryEntry, ...]
    left_out: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class MergeEffect:
    """The effect of a merge on the status or stage on one day; None if none is known.

    ``ends_work``: one of the two records was in service and the merged one is not.
    """

    before: Status | Stage | None
    after: Status | Stage | None
    ends_work: bool


def both_histories(kind: RecordKind, mine: Sequence[HistoryEntry], theirs: Sequence[HistoryEntry]) -> MergedHistory:
    """Return the entries of the record that remains and of the other, in the order of their dates.

    An entry that both have occurs once. An entry that may not follow the one before it is left out: an active station
    does not become planned. A final entry of the other record is left out if the remaining record goes on after it. The
    order of the remaining record's own entries is not checked.
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
    """Return the effect on the status on ``today`` when ``merged`` replaces the two histories."""
    before, gone, after = (stage_on(history, today) for history in (survivor, other, merged))
    return MergeEffect(before, after, bool({before, gone} & AT_WORK) and after not in AT_WORK)


def _by_day(entry: HistoryEntry) -> tuple[bool, date]:
    day = entry.known_from
    return day is None, day or date.min
