"""What a request is late with that its next deadline does not tell: an answer given late, a wish that passed.

Once a late answer is given the clock runs anew, and nothing due shows how long the firm waited. Kept in mind
here for as long as the request is open. A station is late only with what it had: after a transfer the answer
of the station that took it over counts.
"""

from __future__ import annotations

from datetime import date

from stations.requests.deadlines import day_of
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.working_days import working_days_between


def answered_late_by(request: ServiceRequest) -> int:
    """How many working days after its day the station's first answer to an open request came; 0 where it
    came in time, is not given yet, or the request has come to its end."""
    if request.state in FINAL or not request.answered_late or not request.answered_at or not request.answer_due_on:
        return 0
    # Late over days off alone is late all the same.
    return max(working_days_between(request.answer_due_on, day_of(request.answered_at)), 1)


def wish_passed(request: ServiceRequest, today: date) -> bool:
    """Whether the day by which the firm wished the services lies before ``today`` and some are not done."""
    return request.wanted_on is not None and request.wanted_on < today and request.state.open
