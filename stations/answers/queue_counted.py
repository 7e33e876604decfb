"""What a figure of the evaluation counts of each request in the queue: its first answer, or some of its services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import as_plain
from stations.evaluation.behind import services_counted
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import Period
from stations.language import N_, Bilingual, Language, day_in_china
from stations.requests.service_request import RequestItem, ServiceRequest


@dataclass(frozen=True)
class CountedPart:
    """The first answer of a request, or one of its services.

    ``service``: code and name, None for the answer. ``done_on``: when it was given or delivered, None if not yet.
    """

    service: tuple[str, Bilingual] | None
    due_on: date | None
    done_on: date | None
    in_time: bool


def counted_of(
    session: Session, requests: Sequence[ServiceRequest], indicator: Indicator, period: Period, today: date
) -> dict[int, tuple[CountedPart, ...]] | None:
    """Return request id → what the figure counts of it; None if it counts requests, not parts of them."""
    if indicator is Indicator.ANSWERED_IN_TIME:
        return {one.id: (_answer(one),) for one in requests}
    services = services_counted(session, requests, indicator, period, today)
    if not services:
        return None
    return {one.id: tuple(_service(item) for item in services.get(one.id, ())) for one in requests}


def _answer(request: ServiceRequest) -> CountedPart:
    answered = request.answered_at and day_in_china(request.answered_at)
    return CountedPart(None, request.answer_due_on, answered, request.answered_late is False)


def _service(item: RequestItem) -> CountedPart:
    return CountedPart(
        service=(item.service_code, Bilingual(item.service.name_zh, item.service.name_en)),
        due_on=item.due_on,
        done_on=item.delivered_at and day_in_china(item.delivered_at),
        in_time=item.delivered_late is False,
    )


def counted_in_words(part: CountedPart, language: Language) -> tuple[str, str]:
    """Return the deadline and when it was met, and the judgement: in time or not."""
    told = {"due": language.format_date(part.due_on) if part.due_on else "—"}
    if part.service:
        told["service"] = language.pick(*part.service[1])
    if part.done_on:
        told["day"] = language.format_date(part.done_on)
    message = {
        (False, True): N_("answer due {due}, given {day}"),
        (False, False): N_("answer due {due}, not given yet"),
        (True, True): N_("{service}: due {due}, delivered {day}"),
        (True, False): N_("{service}: due {due}, not delivered yet"),
    }[part.service is not None, part.done_on is not None]
    judged = language.translate(N_("in time")) if part.in_time else language.translate(N_("not in time"))
    return language.translate(message, **told), judged


def counted_data(parts: Sequence[CountedPart] | None) -> list[dict[str, Any]] | None:
    """Return the parts for JSON."""
    if parts is None:
        return None
    return [
        {
            "service": part.service[0] if part.service else None,
            "due_on": as_plain(part.due_on),
            "done_on": as_plain(part.done_on),
            "in_time": part.in_time,
        }
        for part in parts
    ]
