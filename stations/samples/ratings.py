"""Invented ratings of the sample network's requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from stations.requests.moves import MoveName
from stations.requests.rating import Question, Rating, RatingGrade
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State

SHARE_RATED = 0.6
COMMENTS = ("示例评价：管家讲得很清楚，证书按时拿到。", "示例评价：样品寄送说明可以再详细一些。", "", "")


def add_sample_ratings(session: Session, chance: Random, requests: Sequence[ServiceRequest]) -> None:
    """Add ratings to a share of the closed requests; late ones get lower grades."""
    for request in requests:
        if request.state is not State.CLOSED or chance.random() >= SHARE_RATED:
            continue
        closed = next(event for event in reversed(request.events) if event.move is MoveName.CLOSE)
        at = closed.at + timedelta(minutes=3)
        late = any(item.delivered_late for item in request.items)
        weights = (2, 6, 20, 42, 30) if late else (0, 1, 7, 40, 52)

        def grade(weights: tuple[int, ...] = weights) -> int:
            return chance.choices(range(1, 6), weights=weights)[0]

        overall = grade()
        session.add(
            Rating(
                request=request,
                overall=overall,
                comment=chance.choice(COMMENTS),
                created_at=at,
                updated_at=at,
                grades=[
                    *(
                        RatingGrade(question=question, grade=overall if question is Question.OVERALL else grade())
                        for question in Question
                    ),
                    *(RatingGrade(item=item, grade=grade()) for item in request.items),
                ],
            )
        )
