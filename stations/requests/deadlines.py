"""The deadlines of a service request, in working days.

Firm and station see the same days. The numbers below are this portal's own rule; no published standard was found that
sets them. ``stations.working_days`` counts the days; a day beyond the published calendar is marked as provisional.

The period for accepting is suspended while the firm owes an answer. It starts anew after a transfer, and when a request
that had been accepted comes back with the firm's answer. The period for each service starts when the request is
accepted, or when the firm reopens that service; it is suspended while started work waits for the firm. Assigning a
steward does not affect any period and does not count as an answer.

Taking over is not answering: where an office accepts in the place of a station that has stewards, the firm's services
run from that day, but the station still owes its own first step by the day on which it had to accept
(``DueKind.TAKE_UP``, an inner matter that the firm is not told of). Until then it is as late as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stations.language import day_in_china
from stations.requests.lateness import is_overdue
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import FINAL, DueKind, Party, State
from stations.working_days import WorkingDeadline, add_working_days, is_published, working_days_between

ACCEPT_WITHIN = 2
"""Working days to accept a request, ask for more, or refuse it."""
DELIVER_WITHIN = 15
"""Working days to deliver a service for which the catalogue gives no usual number."""
REPLY_WITHIN = 2
"""Working days to reply to a message of the firm."""
REOPEN_WITHIN = 10
"""Working days after delivery or closing in which the firm can reopen a service."""
RATE_WITHIN = 30
"""Working days after the last delivery in which the firm can rate."""
CHANGE_RATING_WITHIN = 10
"""Working days after rating in which the firm can change its rating."""
REMIND_EVERY = 3
"""Working days without a step or a reminder after which the firm can remind the station."""


@dataclass(frozen=True)
class Due:
    """Something that a party has to do.

    ``by``: the last day for it; None if there is no limit (the firm's own tasks). ``item``: the service concerned.
    """

    kind: DueKind
    party: Party
    since: datetime
    by: WorkingDeadline | None = None
    item: RequestItem | None = None

    def overdue(self, today: date) -> bool:
        """Whether the last day for it has passed."""
        return self.by is not None and is_overdue(self.by.day, today)


def days_after(moment: datetime, days: int) -> WorkingDeadline:
    """Return the last day of a period of working days that begins at that moment."""
    return add_working_days(day_in_china(moment), days)


def deadlines(request: ServiceRequest) -> list[Due]:
    """Return what is due now: first by the last day, earliest first; then what has none.

    Events, items and messages must be loaded.
    """
    found = [*_deliveries(request), *_replies(request)]
    due = request.state.facts.due
    if due is DueKind.ACCEPT:
        since, paused = _accepting(request.events)
        found.append(Due(DueKind.ACCEPT, Party.STATION, since, days_after(since, ACCEPT_WITHIN + paused)))
    elif request.state.turn is Party.STATION and (owed := _owed_step(request.events)):
        found.append(owed)
    elif due in {DueKind.FIRM_ANSWER, DueKind.FIRM_CONFIRM}:
        found.append(Due(due, Party.FIRM, _entered(request).at))
    return sorted(found, key=lambda due: (due.by is None, due.by.day if due.by else date.max))


def settle(request: ServiceRequest) -> None:
    """Set the columns of a request that follow from its events and messages.

    These are: when each service is due, how many working days the delivered ones took, whether the station's first
    answer was in time, and when the station has to act next.
    """
    starts = _starts(request.events)
    for item in request.items:
        start, end = starts.get(item.service_code), item.delivered_at
        due = _delivery_due(item, start, request.events) if start else None
        if start is not None and end is not None and due is not None:
            paused = _paused(request.events, start, end)
            item.working_days = max(working_days_between(day_in_china(start), day_in_china(end)) - paused, 0)
            item.due_on, item.delivered_late = due.day, day_in_china(end) > due.day
        else:
            item.working_days = item.delivered_late = None
            # While the firm owes an answer, open services have no due date.
            item.due_on = due.day if due and not request.state.suspends else None
    since, answer = _first_answer(request.events)
    answer_due_on = days_after(since, ACCEPT_WITHIN).day
    request.answer_due_on = answer_due_on
    request.answered_at = answer.at if answer else None
    request.answered_late = day_in_china(answer.at) > answer_due_on if answer else None
    stations = [due.by.day for due in deadlines(request) if due.party is Party.STATION and due.by is not None]
    request.due_on = min(stations, default=None)


def reopening_ends(request: ServiceRequest) -> WorkingDeadline | None:
    """Return the last day on which the firm can reopen a service; None if nothing was delivered."""
    ends = [event.at for event in request.events if event.move is MoveName.CLOSE or _is_delivery(event)]
    return days_after(ends[-1], REOPEN_WITHIN) if ends else None


def reminding_begins(request: ServiceRequest) -> WorkingDeadline:
    """Return the first day on which the firm can remind the station: ``REMIND_EVERY`` after the last step."""
    return days_after(_steps(request.events)[-1].at, REMIND_EVERY)


def is_reminded(request: ServiceRequest) -> bool:
    """Whether the firm's reminder was the last step, so that the station has not acted since."""
    return bool(request.events) and _steps(request.events)[-1].move is MoveName.REMIND


def _deliveries(request: ServiceRequest) -> list[Due]:
    if not request.state.deliverable:
        return []
    starts = _starts(request.events)
    return [
        Due(
            DueKind.DELIVER,
            Party.STATION,
            starts[item.service_code],
            _delivery_due(item, starts[item.service_code], request.events),
            item,
        )
        for item in request.items
        if item.delivered_at is None
    ]


def _replies(request: ServiceRequest) -> list[Due]:
    if request.state in FINAL:
        return []
    words = [event.at for event in _steps(request.events) if event.party is Party.STATION]
    words += [message.at for message in request.messages if message.party is Party.STATION]
    open_ones = [
        message.at
        for message in request.messages
        if message.party is Party.FIRM and (not words or message.at > max(words))
    ]
    if not open_ones:
        return []
    return [Due(DueKind.REPLY, Party.STATION, min(open_ones), days_after(min(open_ones), REPLY_WITHIN))]


def _accepting(events: Sequence[RequestEvent]) -> tuple[datetime, int]:
    """Return when the period for accepting started, and for how many working days it has been suspended since."""
    since, paused, returned = events[0].at, 0, None
    for event in events:
        if event.move is MoveName.TRANSFER:
            since, paused = event.at, 0
        elif event.move is MoveName.RETURN:
            returned = event
        elif event.move is MoveName.ANSWER and returned is not None:
            if returned.source is State.ACCEPTED:
                since, paused = event.at, 0
            else:
                paused += working_days_between(day_in_china(returned.at), day_in_china(event.at))
    return since, paused


def _first_answer(events: Sequence[RequestEvent]) -> tuple[datetime, RequestEvent | None]:
    """Return when the present station got the request, and the station's first answer to the firm."""
    begin = max(place for place, event in enumerate(events) if place == 0 or event.move is MoveName.TRANSFER)
    taken_over = False
    for event in _steps(events[begin:]):
        if event.taken_over:
            taken_over = True
        elif event.move and MOVES[event.move].answers:
            return events[begin].at, event
        elif taken_over and event.party is Party.STATION:
            return events[begin].at, event  # its own first step, whichever it is
    return events[begin].at, None


def _owed_step(events: Sequence[RequestEvent]) -> Due | None:
    """Return the first step that a station owes after an office took the request on; None if it owes none."""
    if _first_answer(events)[1] is not None or not any(event.taken_over for event in events):
        return None
    since, paused = _accepting(events)
    return Due(DueKind.TAKE_UP, Party.STATION, since, days_after(since, ACCEPT_WITHIN + paused))


def _starts(events: Sequence[RequestEvent]) -> dict[str, datetime]:
    """Return when the period of each service started, by code; empty before the request is accepted."""
    starts: dict[str, datetime] = {}
    codes = [item.service_code for item in events[0].request.items]
    for event in events:
        if event.move is MoveName.ACCEPT:
            starts = dict.fromkeys(codes, event.at)
        elif event.move is MoveName.REOPEN and event.item is not None:
            starts[event.item.service_code] = event.at
        elif event.move in {MoveName.RETURN, MoveName.TRANSFER} and not event.target.suspends:
            starts = {}
    return starts


def _delivery_due(item: RequestItem, start: datetime, events: Sequence[RequestEvent]) -> WorkingDeadline:
    return days_after(start, (item.service.working_days or DELIVER_WITHIN) + _paused(events, start, item.delivered_at))


def _paused(events: Sequence[RequestEvent], start: datetime, until: datetime | None) -> int:
    """Return for how many working days between ``start`` and ``until`` work waited for the firm's answer.

    ``until`` None: up to now.
    """
    days = 0
    began: datetime | None = None
    for event in events:
        if until is not None and event.at > until:
            break
        suspended = event.source is not None and event.source.suspends
        if event.target.suspends and not suspended:
            began = max(event.at, start)
        elif began is not None and suspended and not event.target.suspends:
            days += working_days_between(day_in_china(began), day_in_china(event.at)) if event.at > start else 0
    return days


def _steps(events: Sequence[RequestEvent]) -> list[RequestEvent]:
    """Return the events without those that the firm is not told of, such as the assignment of a steward."""
    return [event for event in events if not (event.move and MOVES[event.move].silent)]


def _is_delivery(event: RequestEvent) -> bool:
    return event.move is None and event.item is not None


def _entered(request: ServiceRequest) -> RequestEvent:
    """Return the event by which the request came into its present state, by whatever move."""
    return next(
        event
        for event in reversed(request.events)
        if event.target is request.state and event.source is not event.target
    )


def is_provisional(day: date) -> bool:
    """Whether a stored day was counted beyond the published calendar."""
    return not is_published(day)
