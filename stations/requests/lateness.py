"""When something is late: what is overdue, and lateness that a request's next deadline does not show.

That is a late answer, and a wished date that has passed. After a late answer a new period begins, and no deadline shows
how long the firm waited; this module shows it while the request is open. A station is late only with what it was
responsible for: after a transfer the answer of the new station counts.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement

from stations.language import N_, Language, day_in_china
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.working_days import working_days_between


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether the last day for something has passed; on the day itself it is still in time."""
    return due_on is not None and due_on < today


def overdue_on(today: date) -> ColumnElement[bool]:
    """Return the SQL condition that what the station of a request has to do next is overdue, as in ``is_overdue``."""
    return ServiceRequest.due_on < today


def days_left(due_on: date | None, today: date) -> int | None:
    """Return the working days until a last day, negative if it has passed; None if there is no such day."""
    if due_on is None:
        return None
    return -_days_late(due_on, today) if is_overdue(due_on, today) else working_days_between(today, due_on)


def _days_late(due_on: date, day: date) -> int:
    # Late counts as at least one day, even if there were only days off in between.
    return max(working_days_between(due_on, day), 1)


def answered_late_by(request: ServiceRequest) -> int:
    """Return by how many working days the station's first answer to an open request was late.

    Return 0 if it was in time, has not been given yet, or the request is finished.
    """
    if request.state in FINAL or not request.answered_late or not request.answered_at or not request.answer_due_on:
        return 0
    return _days_late(request.answer_due_on, day_in_china(request.answered_at))


def late_answer_in_words(language: Language, days: int) -> str:
    """Return by how many working days an answer was late, in words."""
    return language.ngettext("Answered {count} working day late", "Answered {count} working days late", days)


def wish_passed_in_words(language: Language, wanted_on: date) -> str:
    """Return in words that the day wished for has passed."""
    return language.translate(N_("Wished by {day}, passed"), day=language.format_date(wanted_on))


def wish_passed(request: ServiceRequest, today: date) -> bool:
    """Whether the date by which the firm wished the services is before ``today`` and some are not done."""
    return request.wanted_on is not None and request.wanted_on < today and request.state.open
