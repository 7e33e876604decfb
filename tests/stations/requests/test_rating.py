from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import transaction
from stations.errors import Conflict, InvalidForm, NotFound
from stations.requests.filing import Draft
from stations.requests.moves import MoveName
from stations.requests.rating import Question, Rating, get_rating, may_rate, rate
from tests.conftest import NOW
from tests.stations.request_factories import SERVICES, file_one
from tests.stations.requests.test_request_reopening import delivered, reopen_first

DAY = timedelta(days=1)
FIVE = dict.fromkeys(Question, 5)


def test_a_delivered_request_is_rated_once_and_the_rating_can_be_changed_for_a_while(
    reference_engine: Engine,
) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        number = delivered(session, draft).number
    for questions, services, comment, days in (
        (FIVE, dict.fromkeys(SERVICES, 4), " 很好 ", 1),
        ({Question.OVERALL: 2, Question.ATTITUDE: None}, {SERVICES[0]: 1}, "", 2),
    ):
        with transaction(reference_engine) as session:
            rate(session, number, draft.code, questions, services, comment, now=NOW + days * DAY)
    with transaction(reference_engine) as session:
        (rating,) = session.scalars(sa.select(Rating)).all()
        assert (rating.overall, rating.comment, rating.version) == (2, "", 2)
        assert [(grade.question, grade.item and grade.item.service_code, grade.grade) for grade in rating.grades] == [
            (Question.OVERALL, None, 2),
            (None, SERVICES[0], 1),
        ]
        with pytest.raises(Conflict):
            rate(session, number, draft.code, FIVE, {}, "", now=NOW + 30 * DAY)
        told = session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.action == "rate")).all()
        assert told == [{"overall": 5}, {"overall": 2}]  # never the comment


def test_only_what_was_delivered_lately_is_rated(reference_engine: Engine) -> None:
    draft, other = Draft(), Draft()
    with transaction(reference_engine) as session:
        request, filed = delivered(session, draft), file_one(session, draft=other)
        assert may_rate(request, None, NOW + 41 * DAY) and not may_rate(request, None, NOW + 60 * DAY)
        with pytest.raises(Conflict):
            rate(session, filed.number, other.code, FIVE, {}, "", now=NOW)
        with pytest.raises(NotFound):
            rate(session, request.number, other.code, FIVE, {}, "", now=NOW)
        reopen_first(session, request, draft.code, 1)
        assert request.events[-1].move is MoveName.REOPEN
        with pytest.raises(Conflict):
            rate(session, request.number, draft.code, FIVE, {}, "", now=NOW + DAY)


def test_every_wrong_answer_is_told_and_nothing_is_kept(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = delivered(session, draft)
        questions = {Question.OVERALL: None, Question.ATTITUDE: 6}
        with pytest.raises(InvalidForm) as refused:
            rate(session, request.number, draft.code, questions, {"x": 0}, "x" * 1001, now=NOW)
        assert {problem.field for problem in refused.value.problems} == {"overall", "attitude", "x", "comment"}
        assert get_rating(session, request) is None
