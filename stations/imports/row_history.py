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

_ENDS = frozenset({Status.SUSPENDED, Status.CLOSED})
_REASON_LIMIT = 2000  # characters, as in the form of a change of status

_ACTIVE_UNTIL_TODAY = N_(
    "Since when is not said: give one date for all such rows, or figures of past dates count it active until today"
)
_UNKNOWN_UNTIL_TODAY = N_(
    "Since when is not said: give one date for all such rows, or figures of past dates do not know the station"
)
_ACTIVE_UNTIL = N_("Since when is not said; {date} was taken: figures of earlier days count it active, later ones not")
_UNKNOWN_UNTIL = N_("Since when is not said; {date} was taken: figures of earlier days do not know the station")


class HistoryReader:
    """Reads the histories of a list's rows.

    ``status_date``: from when the stations are closed or suspended of which the rows do not say; ``list_date``:
    otherwise, the date of the list that reports it. ``undated``: the numbers of these rows, as they are read.
    """

    def __init__(self, today: date, status_date: PartialDate | None, list_date: PartialDate | None) -> None:
        self._today, self._status_date = today, status_date
        self._list_date = list_date
        self.undated: list[int] = []

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
        last = self._entry(reading, status, since, opened is not None)
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
        entry = self._entry(reading, status, since, now is not None and now.stage is Status.ACTIVE)
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

    def _entry(
        self, reading: RowReading, status: Status, since: PartialDate | None, active_before: bool = False
    ) -> HistoryEntry:
        """Return the history entry. Without ``since``, an end is dated as ``_end_told`` says, others as known today."""
        reason = None if "reason" in reading.unread else reading.values.get("reason")
        if reason is None and status in NEEDS_REASON:
            reading.remark("reason", Weight.NOTE, N_("No reason is given for this status; add it once it is known"))
        if since is None and status in _ENDS:
            since, told = self._end_told(reading, active_before)
        else:
            told = None if since else PartialDate.of(self._today)
        return HistoryEntry(status, since, told, reason or None)

    def _end_told(
        self, reading: RowReading, active_before: bool
    ) -> tuple[PartialDate | None, PartialDate | None]:
        """Return from when an end holds that the row does not date: a date, or that of the source that reports it.

        Remark on the row what that means for figures of past dates; if only today is known, as a doubt.
        """
        self.undated.append(reading.number)
        known = self._status_date or self._list_date
        if known is None:
            reading.remark("since", Weight.DOUBT, _ACTIVE_UNTIL_TODAY if active_before else _UNKNOWN_UNTIL_TODAY)
            return None, PartialDate.of(self._today)
        reading.remark("since", Weight.NOTE, _ACTIVE_UNTIL if active_before else _UNKNOWN_UNTIL, date=str(known))
        return (known, None) if self._status_date else (None, known)


def check_status_date(moment: PartialDate | None, today: date) -> None:
    """Check the date given for ends without one.

    Raises:
        InvalidInput: it lies in the future.
    """
    if moment is not None and moment.latest > today:
        message = N_("{date} reaches into the future; give the day from which it was so")
        raise InvalidInput("status_date", message, date=str(moment))


def _agree(standing: PartialDate | None, told: PartialDate) -> bool:
    """Whether a registered date and one of a list may be the same, one of them perhaps less exact."""
    return standing is not None and standing.agrees_with(told)
