"""The queue of requests: those in a person's duty, the most urgent first, as that person may see them.

Where the queue lists the requests behind a figure of the evaluation, it says what the figure counts of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, as_plain
from stations.answers.partner_parts import PARTS
from stations.answers.presentation import Presentation, sample_note
from stations.answers.queue_counted import CountedPart, counted_data, counted_in_words, counted_of
from stations.duty.roles import Actor
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period
from stations.language import N_, Bilingual, Language, day_in_china
from stations.requests.deadlines import is_reminded
from stations.requests.desk_figures import DeskFigures
from stations.requests.escalation import Level, standing_levels
from stations.requests.lateness import (
    answered_late_by,
    days_left,
    is_overdue,
    late_answer_in_words,
    wish_passed,
    wish_passed_in_words,
)
from stations.requests.partner_parts import PartnerPart
from stations.requests.queue import EVERYTHING, QueueFilter, count_requests, list_requests
from stations.requests.queue_order import MOST_URGENT, QueueOrder, QueuePlace, place_of
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_steward
from stations.requests.states import State
from stations.requests.urging import next_days


@dataclass(frozen=True)
class QueuedRequest:
    """A request as the actor may see it.

    ``steward``: the responsible steward, masked for those who may not see the name. ``level``: the level to which it is
    escalated. ``overdue``: whether its due date has passed. ``urged_until``: the earliest day by which an
    urging is to be answered.
    """

    request: ServiceRequest
    steward: str
    level: Level | None
    overdue: bool
    late_answer_days: int
    wish_passed: bool
    days_left: int | None
    urged_until: date | None
    counted: tuple[CountedPart, ...] | None


@dataclass(frozen=True)
class Queue:
    """A page of the queue.

    ``counts``: the number of requests of the whole queue in each state. ``after``: the place after which the next page
    begins, None if this is the last. ``parts``: what stations of the actor's duty do for requests of other stations.
    ``figures``: of the actor's whole duty, whatever is wanted here.
    """

    requests: tuple[QueuedRequest, ...]
    counts: Mapping[State, int]
    after: QueuePlace | None
    parts: tuple[PartnerPart, ...] = ()
    figures: DeskFigures | None = None


def queue_of(
    session: Session,
    actor: Actor,
    wanted: QueueFilter = EVERYTHING,
    *,
    samples: bool,
    today: date,
    figure: tuple[Indicator, Period] | None = None,
    order: QueueOrder = MOST_URGENT,
    after: QueuePlace | None = None,
    limit: int = 50,
) -> Queue:
    """Return one page of the requests in the actor's duty, in that order.

    ``figure``: the figure of the evaluation behind which the wanted requests are, with its period.
    """
    found = list_requests(session, actor, wanted, samples=samples, order=order, after=after, limit=limit + 1)
    shown = found[:limit]
    levels = standing_levels(session, [request.id for request in shown])
    urged = next_days(session, [request.id for request in shown])
    counted = counted_of(session, shown, *figure, today) if figure else None
    return Queue(
        requests=tuple(
            QueuedRequest(
                request=request,
                steward=shown_steward(actor, request),
                level=levels.get(request.id),
                overdue=is_overdue(request.due_on, today),
                late_answer_days=answered_late_by(request),
                wish_passed=wish_passed(request, today),
                days_left=days_left(request.due_on, today),
                urged_until=urged.get(request.id),
                counted=counted[request.id] if counted else None,
            )
            for request in shown
        ),
        counts=count_requests(session, actor, wanted, samples=samples),
        after=place_of(shown[-1]) if len(found) > limit else None,
    )


class Remark(StrEnum):
    """What there is to be noted about a request in the queue."""

    URGED = "urged"
    REMINDED = "reminded"
    ANSWERED_LATE = "answered_late"
    WISH_PASSED = "wish_passed"
    ON_SITE = "on_site"
    SAMPLE = "sample"


def remarks_on(one: QueuedRequest) -> list[Remark]:
    """Return the remarks that apply to a request."""
    holds = {
        Remark.URGED: one.urged_until is not None,
        Remark.REMINDED: is_reminded(one.request),
        Remark.ANSWERED_LATE: one.late_answer_days > 0,
        Remark.WISH_PASSED: one.wish_passed,
        Remark.ON_SITE: one.request.on_site,
        Remark.SAMPLE: one.request.sample,
    }
    return [remark for remark in Remark if holds[remark]]


def remark_in_words(one: QueuedRequest, remark: Remark, language: Language) -> str:
    """Return a remark on a request in words."""
    if remark is Remark.ANSWERED_LATE:
        return late_answer_in_words(language, one.late_answer_days)
    if remark is Remark.WISH_PASSED and one.request.wanted_on:
        return wish_passed_in_words(language, one.request.wanted_on)
    if remark is Remark.URGED and one.urged_until:
        day = language.format_date(one.urged_until)
        return language.translate(N_("Urged, answer by {day}"), day=day)
    words = {
        Remark.REMINDED: N_("Reminded"),
        Remark.ON_SITE: N_("On site"),
        Remark.SAMPLE: N_("Sample"),
    }
    return language.translate(words[remark])


def _remarks(one: QueuedRequest, language: Language) -> str:
    return language.semicolon.join(remark_in_words(one, remark, language) for remark in remarks_on(one))


def _counted(parts: Sequence[CountedPart] | None, language: Language) -> str:
    return language.semicolon.join(language.join(counted_in_words(part, language)) for part in parts or ())


QUEUED: Columns[QueuedRequest] = Columns(
    Column("number", lambda one: one.request.number, N_("Tracking number")),
    Column(
        "filed_on", lambda one: day_in_china(one.request.created_at), N_("Filed"), show=lambda day, _: day.isoformat()
    ),
    Column("state", lambda one: one.request.state, N_("State")),
    Column("reminded", lambda one: is_reminded(one.request)),
    Column("escalated_to", lambda one: one.level, N_("Escalated to")),
    Column(
        "remarks",
        lambda one: one,
        N_("Remarks"),
        show=_remarks,
        data=lambda one: as_plain(remarks_on(one)),
    ),
    Column("due_on", lambda one: one.request.due_on, N_("Due"), show=lambda day, _: day and day.isoformat()),
    Column("urged_until", lambda one: one.urged_until),
    Column("working_days_left", lambda one: one.days_left, N_("Working days left")),
    Column("overdue", lambda one: one.overdue),
    Column("late_answer_days", lambda one: one.late_answer_days),
    Column("wish_passed", lambda one: one.wish_passed),
    Column("on_site", lambda one: one.request.on_site),
    Column("firm", lambda one: one.request.firm_name, N_("Firm")),
    Column(
        "services",
        lambda one: [item.service_code for item in one.request.items],
    ),
    Column(
        "service_names",
        lambda one: [Bilingual(item.service.name_zh, item.service.name_en) for item in one.request.items],
        N_("Services"),
        in_data=False,
    ),
    Column("counted", lambda one: one.counted, N_("What is counted"), show=_counted, data=counted_data),
    Column("station", lambda one: one.request.station.code),
    Column(
        "station_name",
        lambda one: Bilingual(one.request.station.name, one.request.station.name_en),
        N_("Station"),
    ),
    Column("steward", lambda one: one.steward, N_("Quality steward")),
    Column("sample", lambda one: one.request.sample),
)


def queue_columns(queue: Queue) -> tuple[Column[QueuedRequest], ...]:
    """Return the columns of the table; behind a figure, with what it counts of each request."""
    judged = any(one.counted is not None for one in queue.requests)
    waiting = ("counted",) if judged else ("due_on", "working_days_left", "service_names")
    return QUEUED.take(
        "number", "filed_on", "state", "escalated_to", "remarks", "firm", *waiting, "station_name", "steward"
    )


def _data(queue: Queue, _language: Language) -> dict[str, Any]:
    return {
        "counts": {state.value: count for state, count in queue.counts.items()},
        "after": str(queue.after) if queue.after else None,
        "requests": [QUEUED.as_data(one) for one in queue.requests],
        "partner_parts": [PARTS.as_data(part) for part in queue.parts],
        "figures": asdict(queue.figures) if queue.figures else None,
    }


def figures_in_words(figures: DeskFigures, language: Language) -> str:
    """Return the figures of the desk on one line."""
    return language.translate(
        N_(
            "In this duty: {waiting} wait for the station, {overdue} overdue, {escalated} escalated, "
            "{mine} yours to act on, {urged} urged, {to_answer} of them for you to answer"
        ),
        **asdict(figures),
    )


def _notes(queue: Queue, language: Language) -> list[str]:
    parts = language.translate(
        N_("Parts done for other stations: {count}; --format json lists them"), count=len(queue.parts)
    )
    return [
        sample_note(language, sum(one.request.sample for one in queue.requests)),
        parts if queue.parts else "",
        figures_in_words(queue.figures, language) if queue.figures else "",
    ]


QUEUE: Presentation[Queue, QueuedRequest] = Presentation(
    data=_data,
    rows=lambda queue: queue.requests,
    columns=queue_columns,
    notes=_notes,
)
"""The waiting requests, the most urgent first."""
