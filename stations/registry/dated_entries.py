"""The rules of a record's dated history: which stage may follow which, in which order, and which needs a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput, Problems
from stations.language import N_, ListedAsWritten
from stations.partial_date import PartialDate
from stations.readers.dates import read_partial_date
from stations.registry.centre import Stage
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status

AHEAD = timedelta(days=366)
"""How far ahead of today a change may be dated."""

NEXT: dict[RecordKind, Mapping[StrEnum, frozenset[StrEnum]]] = {
    RecordKind.STATION: {
        Status.PLANNED: frozenset({Status.ACTIVE, Status.CLOSED}),
        Status.ACTIVE: frozenset({Status.SUSPENDED, Status.CLOSED}),
        Status.SUSPENDED: frozenset({Status.ACTIVE, Status.CLOSED}),
        Status.CLOSED: frozenset(),
    },
    RecordKind.CENTRE: {
        Stage.PLANNED: frozenset({Stage.APPROVED, Stage.UNDER_CONSTRUCTION, Stage.ACCEPTED, Stage.WITHDRAWN}),
        Stage.APPROVED: frozenset({Stage.UNDER_CONSTRUCTION, Stage.ACCEPTED, Stage.WITHDRAWN}),
        Stage.UNDER_CONSTRUCTION: frozenset({Stage.ACCEPTED, Stage.WITHDRAWN}),
        Stage.ACCEPTED: frozenset({Stage.WITHDRAWN}),
        Stage.WITHDRAWN: frozenset(),
    },
}
"""The statuses or stages that may follow each one. An error in the history is corrected, not followed by an entry."""

NEEDS_REASON: frozenset[StrEnum] = frozenset({Status.SUSPENDED, Status.CLOSED, Stage.WITHDRAWN})


@dataclass(frozen=True)
class EntryForm:
    """An entry of a dated history as entered in a form.

    ``stage``: a value of ``Status`` or ``Stage``. ``dated``: when it was reached. ``as_of``: otherwise, the date of the
    source that reports it.
    """

    stage: str
    dated: str = ""
    as_of: str = ""
    reason: str = ""
    source: str = ""


def check_entry(kind: RecordKind, form: EntryForm, today: date) -> HistoryEntry:
    """Return the entry that the form describes, checked without regard to the rest of the history.

    Raises:
        InvalidForm: with one problem for each wrong field: ``stage``, ``dated``, ``as_of``, ``reason``, ``source``.
    """
    problems = Problems()
    shape = SHAPES[kind]
    stage = problems.attempt(_read_stage, form.stage, shape.stages)
    dated = problems.attempt(_read_date, "dated", form.dated, today)
    as_of = problems.attempt(_read_date, "as_of", form.as_of, today)
    reason = problems.attempt(read_text, "reason", form.reason, limit=2000, required=stage in NEEDS_REASON)
    source = problems.attempt(read_text, "source", form.source, limit=2000, required=False)
    if not narrow(form.dated) and not narrow(form.as_of):
        problems.attempt(_ask_for_date)
    problems.stop()
    return HistoryEntry(stage, dated, as_of, reason or None, source or None)


def check_follows(kind: RecordKind, history: Sequence[HistoryEntry], entry: HistoryEntry) -> None:
    """Check that an entry may follow the last one of a history.

    Raises:
        InvalidInput: this status or stage may not come next, or its date is before that of the last entry.
    """
    if not history:
        return
    last = history[-1]
    if entry.stage not in NEXT[kind][last.stage]:
        raise InvalidInput(
            "stage",
            N_("This can't follow what the record is already; if its history is wrong, correct the history"),
        )
    check_order([last, entry])


def check_order(history: Sequence[HistoryEntry]) -> None:
    """Check that the entries of a history are in the order of their dates.

    Raises:
        InvalidInput: an entry is dated before the preceding one; the message gives its number, counted from 1.
    """
    days = [entry.known_from for entry in history]
    latest: date | None = None
    for number, day in enumerate(days, start=1):
        if day is None:
            continue
        if latest is not None and day < latest:
            raise InvalidInput(
                "dated",
                N_(
                    "Entry {number} ({date}) lies before the one that precedes it ({latest}); "
                    "put the entries in the order of their dates, or date it more exactly"
                ),
                number=number,
                date=day.isoformat(),
                latest=latest.isoformat(),
            )
        latest = day


def stage_on(history: Sequence[HistoryEntry], day: date) -> Status | Stage | None:
    """Return the status or stage on a day according to a history; None if none is known yet."""
    for entry in reversed(history):
        if (entry.known_from or date.min) <= day:
            return entry.stage
    return None


def _read_stage(value: str, stages: type[Status] | type[Stage]) -> Status | Stage:
    if value not in set(stages):
        raise InvalidInput("stage", N_("Choose one of: {known}"), known=ListedAsWritten(stages))
    return stages(value)


def _read_date(field: str, value: str, today: date) -> PartialDate | None:
    if not narrow(value):
        return None
    moment = read_partial_date(field, value)
    if moment.earliest > today + AHEAD:
        raise InvalidInput(field, N_("{date} lies more than a year ahead; check the year"), date=str(moment))
    return moment


def _ask_for_date() -> None:
    raise InvalidInput("dated", N_("Say since when: a year, a month or a day, such as 2025-06"))
