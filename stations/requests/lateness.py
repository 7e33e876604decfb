"""Lateness that a request's next deadline does not show: a late answer, and a wished date that has passed.

After a late answer a new period begins, and no deadline shows how long the firm waited; this module shows it while the
request is open. A station is late only with what it was responsible for: after a transfer the answer of the new station
counts.
"""

from __future__ import annotations

from datetime import date

from stations.language import day_in_china
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.working_days import working_days_between


def answered_late_by(request: ServiceRequest) -> int:
    """Return by how many working days the station's first answer to an open request was late.

    Return 0 if it was in time, has not been given yet, or the request is finished.
    """
    if request.state in FINAL or not request.answered_late or not request.answered_at or not request.answer_due_on:
        return 0
    # Late counts as at least one day, even if there were only days off in between.
    return max(working_days_between(request.answer_due_on, day_in_china(request.answered_at)), 1)


def wish_passed(request: ServiceRequest, today: date) -> bool:
    """Whether the date by which the firm wished the services is before ``today`` and some are not done."""
    return request.wanted_on is not None and request.wanted_on < today and request.state.open
