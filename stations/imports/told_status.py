"""What a row tells of its station's status, and how its dates fill in a registered history that lacks them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.row_reading import RowReading
from stations.imports.status_words import StatusTold
from stations.language import N_
from stations.partial_date import PartialDate
from stations.registry.dated_entries import check_order
from stations.registry.record_state import HistoryEntry
from stations.registry.station import Status

ENDS = frozenset({Status.SUSPENDED, Status.CLOSED})

History = tuple[HistoryEntry, ...]


class Told(NamedTuple):
    """What a row tells; None for what it does not say or what can't be read."""

    status: Status | None
    opened: PartialDate | None
    since: PartialDate | None


def told_by(reading: RowReading, today: date, *, of_ends: bool, planned: bool) -> Told:
    """Return what a row tells. ``of_ends``: whether the dates of the status are, by their heading, those of ends.
    ``planned``: whether the registry has the station as planned and never as more than that.

    A date in the cell of the status is that of the status or, if it is planned and the date lies ahead, of its opening;
    where another column says otherwise, the row is doubtful.
    """
    opening, since = (reading.values.get(one) if one not in reading.unread else None for one in ("opened", "since"))
    told: StatusTold | None = None if "status" in reading.unread else reading.values.get("status")
    if told is not None and told.fitting_out and (planned or (opening is not None and opening.earliest > today)):
        told = told._replace(status=Status.PLANNED)  # fitted out before it opens
    if of_ends and told is not None and told.status not in ENDS:
        keep_date(reading, "since", since)
        since = None
    if told is not None and told.moment is not None:
        ahead = told.status is Status.PLANNED and told.moment.latest > today
        column, stated = ("opened", opening) if ahead else ("since", since)
        if stated is not None and not stated.agrees_with(told.moment):
            message = N_("The status says {told}, this column {stated}; correct one of the two")
            reading.remark(column, Weight.DOUBT, message, told=str(told.moment), stated=str(stated))
        if ahead:
            opening = opening or told.moment
        else:
            since = since or told.moment
    return Told(told.status if told else None, opening, since)


def keep_date(reading: RowReading, column: str, moment: PartialDate | None) -> None:
    """Keep a date of a row beside the record, as words."""
    if moment is not None:
        reading.keep_unread(column, str(moment))


def keep_until_understood(reading: RowReading, *columns: str) -> None:
    """Keep what a row says in columns of the history beside the record until its status is known."""
    for column in columns:
        value = reading.values.get(column)
        if value is not None and column not in reading.unread:
            message = N_("{value} is kept beside the record until the status is understood")
            reading.remark(column, Weight.NOTE, message, value=str(value))
            reading.keep_unread(column, str(value))


def keep_planned_opening(reading: RowReading, opened: PartialDate | None, today: date) -> None:
    """Keep the opening date of a planned station as words; if it has passed, it contradicts the status: a doubt."""
    if opened is None:
        return
    if opened.latest <= today:
        message = N_("The station is planned, yet {date} is given as its opening; correct the status or the date")
        reading.refuse("opened", message, date=str(opened))
    else:
        message = N_("{date} is kept beside the record as the planned date of opening")
        reading.remark("opened", Weight.NOTE, message, date=str(opened))
    keep_date(reading, "opened", opened)


def active_from(reading: RowReading, opened: PartialDate | None, since: PartialDate | None) -> PartialDate | None:
    """Return from when a new station is active; the more exact of two dates. Two that differ are a doubt."""
    if opened is None or since is None:
        reading.settled.add("since" if opened is None else "opened")
        return since or opened
    if not opened.agrees_with(since):
        message = N_("Opened {opened}, active since {since}: what it was in between is not said; edit the record")
        reading.refuse("opened", message, opened=str(opened), since=str(since))
        keep_date(reading, "opened", opened)
        return since
    reading.settled.add("opened")
    return max(opened, since, key=lambda moment: len(str(moment)))


def date_entry(reading: RowReading, history: History, at: int, column: str, moment: PartialDate) -> History:
    """Return the history with the date of a row's column in an entry that has none; a different date is a doubt."""
    entry = history[at]
    if entry.dated is not None and entry.dated.agrees_with(moment):
        reading.settled.add(column)
        return history
    known = entry.dated or entry.as_of
    if known is not None and (entry.dated is not None or moment.earliest > known.latest):
        if entry.dated is None:
            message = N_(
                "The registry has no date here, only a report that this was so by {standing}; {told} is later. An "
                "import does not rewrite it, edit the record"
            )
        elif column == "opened":
            message = N_("The registry says opened {standing}; an import does not rewrite it, edit the record")
        else:
            message = N_("The registry dates this status {standing}; an import does not rewrite it, edit the record")
        reading.differs = True
        reading.refuse(column, message, standing=str(known), told=str(moment))
        return history
    dated = HistoryEntry(entry.stage, moment, None, entry.reason, entry.source)
    return _in_order(reading, history, (*history[:at], dated, *history[at + 1 :]), column)


def reported_in(reading: RowReading, *columns: str) -> PartialDate | None:
    """Return the date of the report in the first of these columns that has one; such columns are settled."""
    for column in columns:
        report: PartialDate | None = reading.values.get(f"{column}_as_of")
        if report is not None and column not in reading.unread:
            reading.settled.add(column)
            return report
    return None


def doubt_report(reading: RowReading, entry: HistoryEntry, column: str) -> None:
    """Doubt a row whose report of a status is of another day than the undated one that the registry has."""
    report = reported_in(reading, column)
    if report is None or entry.dated is not None or (entry.as_of is not None and entry.as_of.agrees_with(report)):
        return
    message = N_("The registry has a report of {standing} for this; an import does not rewrite it, edit the record")
    reading.differs = True
    reading.refuse(column, message, standing=str(entry.as_of or "—"), told=str(report))


def before_entry(reading: RowReading, history: History, entry: HistoryEntry) -> History:
    """Return the part of the registered history that a row's new entry follows: without a last entry that no source
    dates and that was only reported on a later day, as by an import of the same list before it was corrected.
    """
    last = history[-1]
    if last.dated is None and last.as_of is not None and entry.dated and entry.dated.latest < last.as_of.latest:
        message = N_("The registry’s undated status, reported as of {date}, gives way to the earlier date of this row")
        reading.remark("status", Weight.NOTE, message, date=str(last.as_of))
        return history[:-1]
    return history


def put_opening(reading: RowReading, history: History, opened: PartialDate, today: date) -> History:
    """Return a history that never says the station is active, with its opening before its end; if it has not ended, the
    station is planned.
    """
    end = next((at for at, entry in enumerate(history) if entry.stage in ENDS), None)
    if end is None:
        keep_planned_opening(reading, opened, today)
        return history
    opening = HistoryEntry(Status.ACTIVE, opened)
    return _in_order(reading, history, (*history[:end], opening, *history[end:]), "opened")


def _in_order(reading: RowReading, history: History, filled: History, column: str) -> History:
    """Return the filled history; if its dates are not in order, the other one, with a doubt and the words kept."""
    try:
        check_order(filled)
    except InvalidInput as problem:
        reading.refuse(column, problem.message, **problem.params)
        reading.keep_unread(column)
        return history
    reading.settled.add(column)
    return filled
