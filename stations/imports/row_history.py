"""The dated history of a row's station: its first entries, or those that follow the registered ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.row_reading import RowReading
from stations.language import N_
from stations.partial_date import PartialDate
from stations.registry.dated_entries import AHEAD, NEEDS_REASON, check_follows
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status

_REASON_LIMIT = 2000  # characters, as in the form of a change of status


class HistoryReader:
    """Reads the histories of a list's rows."""

    def __init__(self, today: date) -> None:
        self._today = today

    def check_dates(self, reading: RowReading) -> None:
        """Keep a date too far ahead, or a reason too long, as unread words."""
        for column in ("opened", "since"):
            moment: PartialDate | None = reading.values.get(column)
            if moment is not None and moment.earliest > self._today + AHEAD:
                message = N_("{date} lies more than a year ahead; check the year")
                reading.problem(column, InvalidInput(column, message, date=str(moment)))
        if len(reading.values.get("reason") or "") > _REASON_LIMIT:
            message = N_("This is too long; {limit} characters at most")
            reading.problem("reason", InvalidInput("reason", message, limit=_REASON_LIMIT))

    def first(self, reading: RowReading) -> tuple[HistoryEntry, ...]:
        """Return the history of a new station. It is empty if the row states a status that is not understood."""
        if "status" in reading.unread:
            return ()
        status = reading.values.get("status") or Status.ACTIVE
        opened, since = self._date(reading, "opened"), self._date(reading, "since")
        if status in (Status.ACTIVE, Status.PLANNED):
            return (self._entry(reading, status, since or (opened if status is Status.ACTIVE else None)),)
        last = self._entry(reading, status, since)
        if opened is None:
            return (last,)
        first = HistoryEntry(Status.ACTIVE, opened)
        try:
            check_follows(RecordKind.STATION, [first], last)
        except InvalidInput as problem:
            reading.remark("opened", Weight.DOUBT, problem.message, **problem.params)
            reading.keep_unread("opened")
            return (last,)
        return (first, last)

    def later(self, reading: RowReading, history: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
        """Return the registered history, followed by the row's status if that is another one."""
        status, since = reading.values.get("status"), self._date(reading, "since")
        self._compare_opening(reading, history)
        if status is None:
            return history
        now = next((entry for entry in reversed(history) if (entry.known_from or date.min) <= self._today), None)
        if now is not None and now.stage == status:
            if since is not None and not _agree(now.dated, since):
                reading.differs = True
                reading.remark(
                    "since",
                    Weight.DOUBT,
                    N_("The registry dates this status {standing}; an import does not rewrite it, edit the record"),
                    standing=str(now.dated or now.as_of or "—"),
                )
            return history
        entry = self._entry(reading, status, since)
        try:
            check_follows(RecordKind.STATION, history, entry)
        except InvalidInput as problem:
            reading.differs = True
            reading.remark("status", Weight.DOUBT, problem.message, **problem.params)
            reading.keep_unread("status")
            return history
        return (*history, entry)

    def _compare_opening(self, reading: RowReading, history: Sequence[HistoryEntry]) -> None:
        opened = self._date(reading, "opened")
        first = next((entry for entry in history if entry.stage is Status.ACTIVE), None)
        if opened is not None and first is not None and not _agree(first.dated, opened):
            reading.differs = True
            reading.remark(
                "opened",
                Weight.DOUBT,
                N_("The registry says opened {standing}; an import does not rewrite it, edit the record"),
                standing=str(first.dated or "—"),
            )

    def _date(self, reading: RowReading, column: str) -> PartialDate | None:
        moment: PartialDate | None = reading.values.get(column)
        return None if column in reading.unread else moment

    def _entry(self, reading: RowReading, status: Status, since: PartialDate | None) -> HistoryEntry:
        """Return the history entry. Without ``since``, the status is dated as known today."""
        reason = None if "reason" in reading.unread else reading.values.get("reason")
        if reason is None and status in NEEDS_REASON:
            reading.remark("reason", Weight.DOUBT, N_("The list gives no reason for this status; write it"))
        return HistoryEntry(status, since, None if since else PartialDate.of(self._today), reason or None)


def _agree(standing: PartialDate | None, told: PartialDate) -> bool:
    """Whether a registered date and one of a list may be the same, one of them perhaps less exact."""
    return standing is not None and (str(standing).startswith(str(told)) or str(told).startswith(str(standing)))
