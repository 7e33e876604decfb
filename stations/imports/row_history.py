"""The dated history of a row's station: its first entries, or those that follow the registered ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stations.errors import InvalidInput
from stations.imports.end_hints import EndHints
from stations.imports.history_cell import CONTRADICTED, history_together
from stations.imports.plan import Weight
from stations.imports.row_reading import RowReading
from stations.imports.status_words import StatusTold
from stations.imports.told_status import (
    ENDS,
    History,
    Told,
    active_from,
    before_entry,
    date_entry,
    doubt_report,
    keep_planned_opening,
    keep_until_understood,
    put_opening,
    reported_in,
    told_by,
)
from stations.language import N_, Worded
from stations.partial_date import PartialDate
from stations.registry.centre import Stage
from stations.registry.dated_entries import AHEAD, NEEDS_REASON, check_follows
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status
from stations.tables.sheet import SheetRow

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

    ``ends``: what else in a row says that its station has ended. ``status_date``: from when the stations are closed or
    suspended of which the rows do not say; ``list_date``: otherwise, the date of the list that reports it. ``undated``:
    the numbers of these rows, as they are read.
    """

    def __init__(
        self, today: date, ends: EndHints, status_date: PartialDate | None, list_date: PartialDate | None
    ) -> None:
        self._today, self._ends, self._status_date = today, ends, status_date
        self._list_date = list_date
        self.undated: list[int] = []

    def read(self, reading: RowReading, row: SheetRow) -> None:
        """Keep a date too far ahead, or a reason too long, as unread words; note what else says that it has ended."""
        told: StatusTold | None = reading.values.get("status")
        if told is not None and told.reason and "reason" not in reading.unread:
            reading.add_reason(told.reason)
        for column in ("opened", "since", "status"):
            value = reading.values.get(column)
            moment: PartialDate | None = value.moment if isinstance(value, StatusTold) else value
            if moment is not None and moment.earliest > self._today + AHEAD:
                message = N_("{date} lies more than a year ahead; check the year")
                reading.problem(column, InvalidInput(column, message, date=str(moment)))
        for column in ("opened", "since"):
            report: PartialDate | None = reading.values.get(f"{column}_as_of")
            if report is not None and report.earliest > self._today:
                message = N_("{date} lies in the future; no report can say by then what was so")
                reading.problem(column, InvalidInput(column, message, date=str(report)))
        if len(reading.values.get("reason") or "") > _REASON_LIMIT:
            message = N_("This is too long; {limit} characters at most")
            reading.problem("reason", InvalidInput("reason", message, limit=_REASON_LIMIT))
        if "status" not in reading.unread and (told is None or told.status not in ENDS):
            reading.ended = self._ends.words(row)

    def first(self, reading: RowReading) -> tuple[HistoryEntry, ...]:
        """Return the history of a new station. It is empty if the row states a status that is not understood.

        A row with a whole history, as the exported list has it, has that, and what its status says beyond it.
        """
        if reading.values.get("history") and "history" not in reading.unread:
            return self.later(reading, ())
        told = self._told(reading)
        self._doubt_running(reading, told.status)
        if told.status is None and "status" in reading.unread:
            keep_until_understood(reading, "opened", "since", "reason")
            return ()
        status, opened, since = told.status or Status.ACTIVE, told.opened, told.since
        if status is Status.PLANNED:
            keep_planned_opening(reading, opened, self._today)
            return (self._entry(reading, status, since),)
        if status is Status.ACTIVE:
            return (self._entry(reading, status, active_from(reading, opened, since)),)
        reported = reported_in(reading, "opened")
        last = self._entry(reading, status, since, bool(opened or reported))
        if opened is None and reported is None:
            return (last,)
        first = HistoryEntry(Status.ACTIVE, opened, reported)
        try:
            check_follows(RecordKind.STATION, [first], last)
        except InvalidInput:
            message = N_("Opened {opened}, yet {status} since {since}; correct one of the two")
            began, ended = str(opened or reported), str(last.dated or last.as_of)
            reading.refuse("opened", message, opened=began, status=Worded(status.label), since=ended)
            reading.keep_unread("opened")
            return (last,)
        reading.settled.add("opened")
        return (first, last)

    def later(self, reading: RowReading, history: History) -> History:
        """Return the registered history, with dates that it lacks, followed by the row's status if that is another one.

        A station without any history gets one as if it were new, once its row says a status.
        """
        if written := reading.values.get("history"):
            together = history_together(written, history)
            if together is None:
                reading.remark("history", Weight.NOTE, CONTRADICTED)
            history = together or history
        told = self._told(reading, planned=bool(history) and all(one.stage is Status.PLANNED for one in history))
        if not history and told.status is not None:
            return self.first(reading)
        now = self._now(history)
        self._doubt_running(reading, told.status or (history[now].stage if now is not None else None))
        if not history:
            keep_until_understood(reading, "opened", "since", "reason")
            return history
        if told.status is None and "status" in reading.unread:
            keep_until_understood(reading, "since", "reason")
            told = told._replace(since=None)
        opening = next((at for at, entry in enumerate(history) if entry.stage is Status.ACTIVE), None)
        if told.opened is not None and opening is not None:
            history = date_entry(reading, history, opening, "opened", told.opened)
        history = self._moved_on(reading, told, history)
        if opening is not None and opening < len(history):
            doubt_report(reading, history[opening], "opened")
        if told.opened is not None and not any(entry.stage is Status.ACTIVE for entry in history):
            history = put_opening(reading, history, told.opened, self._today)
        return history

    def _moved_on(self, reading: RowReading, told: Told, history: History) -> History:
        """Return the history with what the row says of the present status: another one, or the date of this one."""
        now = self._now(history)
        if now is not None and told.status in (None, history[now].stage):
            if told.since is not None:
                history = date_entry(reading, history, now, "since", told.since)
            else:
                doubt_report(reading, history[now], "since")
            reason = None if told.status is None or "reason" in reading.unread else reading.values.get("reason")
            if reason and not history[now].reason:
                reading.settled.add("reason")
                history = (*history[:now], replace(history[now], reason=reason), *history[now + 1 :])
            return history
        if told.status is None:
            return history
        since = told.since
        if told.status is Status.ACTIVE and not any(entry.stage is Status.ACTIVE for entry in history):
            since = active_from(reading, told.opened, since)
        entry = self._entry(reading, told.status, since, now is not None and history[now].stage is Status.ACTIVE)
        standing = before_entry(reading, history, entry)
        try:
            check_follows(RecordKind.STATION, standing, entry)
        except InvalidInput as problem:
            reading.differs = True
            reading.refuse("status", problem.message, **problem.params)
            reading.keep_unread("status")
            return history
        return (*standing, entry)

    def _told(self, reading: RowReading, *, planned: bool = False) -> Told:
        return told_by(reading, self._today, of_ends=self._ends.date_is_of_an_end, planned=planned)

    def _now(self, history: History) -> int | None:
        """Return the place of the entry that holds today; None if none does yet."""
        days = [entry.known_from or date.min for entry in history]
        return max((at for at, day in enumerate(days) if day <= self._today), default=None)

    def _doubt_running(self, reading: RowReading, status: Status | Stage | None) -> None:
        """Doubt a station that is not closed or suspended by its status, but by other words of its row; keep these."""
        if reading.ended and status not in ENDS:
            message = N_("“{words}” says that it is closed or suspended, the status does not; write the status")
            reading.remark("status", Weight.DOUBT, message, words=reading.ended)
            reading.keep_unread("status", reading.ended)

    def _entry(
        self, reading: RowReading, status: Status, since: PartialDate | None, active_before: bool = False
    ) -> HistoryEntry:
        """Return the history entry. Without ``since``, an end is dated as ``_end_told`` says, others as known today."""
        reason = None if "reason" in reading.unread else reading.values.get("reason")
        if reason is None and status in NEEDS_REASON:
            reading.remark("reason", Weight.NOTE, N_("No reason is given for this status; add it once it is known"))
        reading.settled |= {column for column, value in (("since", since), ("reason", reason)) if value}
        reported = reported_in(reading, *(("since", "opened") if status is Status.ACTIVE else ("since",)))
        if since is None and reported is None and status in ENDS:
            since, told = self._end_told(reading, active_before)
        else:
            told = reported if since or reported else PartialDate.of(self._today)
        return HistoryEntry(status, since, told, reason or None)

    def _end_told(self, reading: RowReading, active_before: bool) -> tuple[PartialDate | None, PartialDate | None]:
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
