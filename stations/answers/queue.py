"""The queue of requests: those in a person's duty, the most urgent first, as that person may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, sample_note
from stations.duty.roles import Actor
from stations.language import N_, Bilingual, Language
from stations.requests.deadlines import day_of, is_reminded
from stations.requests.escalation import Level, standing_levels
from stations.requests.lateness import answered_late_by, wish_passed
from stations.requests.queue import EVERYTHING, QueueFilter, QueuePlace, count_requests, list_requests, place_of
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_steward
from stations.requests.states import State


@dataclass(frozen=True)
class QueuedRequest:
    """A request as the actor may see it.

    ``steward``: the responsible steward, masked for those who may not see the name. ``level``: the level to which it is
    escalated. ``overdue``: whether its due date has passed.
    """

    request: ServiceRequest
    steward: str
    level: Level | None
    overdue: bool
    late_answer_days: int
    wish_passed: bool


@dataclass(frozen=True)
class Queue:
    """A page of the queue.

    ``counts``: the number of requests of the whole queue in each state. ``after``: the place after which the next page
    begins, None if this is the last.
    """

    requests: tuple[QueuedRequest, ...]
    counts: Mapping[State, int]
    after: QueuePlace | None


def queue_of(
    session: Session,
    actor: Actor,
    wanted: QueueFilter = EVERYTHING,
    *,
    samples: bool,
    today: date,
    after: QueuePlace | None = None,
    limit: int = 50,
) -> Queue:
    """Return one page of the requests in the actor's duty, the most urgent first."""
    found = list_requests(session, actor, wanted, samples=samples, after=after, limit=limit + 1)
    shown = found[:limit]
    levels = standing_levels(session, [request.id for request in shown])
    return Queue(
        requests=tuple(
            QueuedRequest(
                request=request,
                steward=shown_steward(actor, request),
                level=levels.get(request.id),
                overdue=request.due_on is not None and request.due_on < today,
                late_answer_days=answered_late_by(request),
                wish_passed=wish_passed(request, today),
            )
            for request in shown
        ),
        counts=count_requests(session, actor, wanted, samples=samples),
        after=place_of(shown[-1]) if len(found) > limit else None,
    )


QUEUED: Columns[QueuedRequest] = Columns(
    Column("number", lambda one: one.request.number, N_("Tracking number")),
    Column("filed_on", lambda one: day_of(one.request.created_at), N_("Filed"), show=lambda day, _: day.isoformat()),
    Column("state", lambda one: one.request.state, N_("State")),
    Column("reminded", lambda one: is_reminded(one.request)),
    Column("escalated_to", lambda one: one.level, N_("Escalated to")),
    Column("due_on", lambda one: one.request.due_on, N_("Due"), show=lambda day, _: day and day.isoformat()),
    Column("overdue", lambda one: one.overdue),
    Column("late_answer_days", lambda one: one.late_answer_days),
    Column("wish_passed", lambda one: one.wish_passed),
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
    Column("station", lambda one: one.request.station.code),
    Column(
        "station_name",
        lambda one: Bilingual(one.request.station.name, one.request.station.name_en),
        N_("Station"),
    ),
    Column("steward", lambda one: one.steward, N_("Quality steward")),
    Column("sample", lambda one: one.request.sample),
)

QUEUE_COLUMNS = QUEUED.take(
    "number", "filed_on", "state", "escalated_to", "due_on", "firm", "service_names", "station_name", "steward"
)
"""The table of requests, on the command line and as saved from the page."""


def _data(queue: Queue, _language: Language) -> dict[str, Any]:
    return {
        "counts": {state.value: count for state, count in queue.counts.items()},
        "after": str(queue.after) if queue.after else None,
        "requests": [QUEUED.as_data(one) for one in queue.requests],
    }


QUEUE: Presentation[Queue, QueuedRequest] = Presentation(
    data=_data,
    rows=lambda queue: queue.requests,
    columns=lambda _queue: QUEUE_COLUMNS,
    notes=lambda queue, language: [sample_note(language, sum(one.request.sample for one in queue.requests))],
)
"""The waiting requests, the most urgent first."""
