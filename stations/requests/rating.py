"""The firm's satisfaction: one rating of a delivered request, by questions and by service.

Sources, as far as they could be read when this was written: GB/T 39045-2020 is, by its catalogue entry,
行政许可满意度测评指南 (guide to measuring satisfaction with administrative licences); its text was not available, so
its own list of indicators is *not* verified here. The questions below are those of the national 政务服务“好差评”
(good-or-bad ratings of government services, standards GB/T 39734 and 39735-2020) as a government page publishes them:
for online services efficiency (办事效率), accuracy of the guidance (办事指南精确度) and convenience (办事便捷度); at
the window competence (服务水平) and attitude (服务态度); in addition overall satisfaction (整体满意度), and its five
grades from 非常满意 to 非常不满意. The result of each service is rated separately, because each is delivered
separately.

The figures of a station are published; who rated never is. Only the station and its administrators can read a comment:
it may name people, and nobody has reviewed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.changes.kinds import Happening
from stations.database import Base, Versioned, choice
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidForm, InvalidInput
from stations.language import N_, day_in_china
from stations.requests.deadlines import CHANGE_RATING_WITHIN, RATE_WITHIN, days_after
from stations.requests.feed_entry import tell_feed
from stations.requests.handling import FIRM
from stations.requests.lookup import Proof, look_up
from stations.requests.service_request import RequestItem, ServiceRequest, until_erased

COMMENT_LIMIT = 1000
GRADES = range(1, 6)
"""From 1, very dissatisfied (非常不满意), to 5, very satisfied (非常满意)."""


class Question(StrEnum):
    """A question about the request as a whole."""

    OVERALL = "overall"
    EFFICIENCY = "efficiency"
    GUIDANCE = "guidance"
    CONVENIENCE = "convenience"
    COMPETENCE = "competence"
    ATTITUDE = "attitude"


class Rating(Base, Versioned):
    """A firm's rating of its request. ``overall``: the overall grade, also contained in ``grades``."""

    __tablename__ = "rating"
    in_caches = False
    personal_data = until_erased(written=("comment",))
    __table_args__ = (CheckConstraint("overall BETWEEN 1 AND 5", name="overall"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"), unique=True)
    overall: Mapped[int] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(Text)

    request: Mapped[ServiceRequest] = relationship()
    grades: Mapped[list[RatingGrade]] = relationship(
        back_populates="rating", cascade="all, delete-orphan", order_by="RatingGrade.id"
    )


class RatingGrade(Base):
    """The grade of one question, or of one service's result."""

    __tablename__ = "rating_grade"
    in_caches = False
    personal_data = None
    __table_args__ = (
        UniqueConstraint("rating_id", "question"),
        UniqueConstraint("rating_id", "item_id"),
        CheckConstraint("(question IS NULL) <> (item_id IS NULL)", name="about"),
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id", ondelete="CASCADE"), index=True)
    question: Mapped[Question | None] = mapped_column(choice(Question, "question"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("request_item.id", ondelete="CASCADE"), index=True)
    grade: Mapped[int] = mapped_column(Integer)

    rating: Mapped[Rating] = relationship(back_populates="grades")
    item: Mapped[RequestItem | None] = relationship()


def get_rating(session: Session, request: ServiceRequest) -> Rating | None:
    """Return the rating of a request; None if there is none."""
    return session.scalar(select(Rating).where(Rating.request_id == request.id))


def may_rate(request: ServiceRequest, rating: Rating | None, now: datetime) -> bool:
    """Whether the firm can rate the request now, or change its ``rating``."""
    if not request.state.facts.done or request.erased_at is not None:
        return False
    if rating is not None:
        return day_in_china(now) <= days_after(rating.created_at, CHANGE_RATING_WITHIN).day
    return day_in_china(now) <= days_after(_delivered_at(request), RATE_WITHIN).day


def rate(
    session: Session,
    number: str,
    proof: Proof,
    questions: Mapping[Question, int | None],
    services: Mapping[str, int | None],
    comment: str,
    *,
    now: datetime,
) -> Rating:
    """Rate a delivered request, or change its rating. ``services``: the grade of each service, by code.

    The overall question is required; the other questions and the services are optional.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: it is not delivered, or the time for rating or for changing the rating is over.
        InvalidForm: the overall grade is missing, a grade is invalid, or the comment is too long.
    """
    request = look_up(session, number, proof, now=now)
    session.refresh(request, with_for_update=True)
    rating = get_rating(session, request)
    if not may_rate(request, rating, now):
        raise Conflict(N_("This request can't be rated: it is not delivered, or the time for it is over"))
    items = {item.service_code: item for item in request.items}
    overall, text = _check(questions, services, comment, items)
    if rating is None:
        rating = Rating(request=request, overall=overall, created_at=now, version=0)
        session.add(rating)
    else:
        # A flush inserts before it deletes, so that the old grades would violate the unique constraints.
        rating.grades.clear()
        session.flush()
    rating.overall, rating.comment = overall, text
    rating.grades = [RatingGrade(question=one, grade=grade) for one, grade in questions.items() if grade is not None]
    rating.grades += [
        RatingGrade(item=items[code], grade=grade) for code, grade in services.items() if grade is not None
    ]
    rating.version += 1
    rating.updated_at = now
    log.record(
        session,
        at=now,
        actor=FIRM,
        action=AuditAction.RATE,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        overall=rating.overall,
    )
    tell_feed(session, request, Happening.RATED, actor=FIRM, now=now)
    return rating


def _check(
    questions: Mapping[Question, int | None],
    services: Mapping[str, int | None],
    comment: str,
    items: Mapping[str, RequestItem],
) -> tuple[int, str]:
    """Return the overall grade and the comment, checked."""
    problems = []
    overall = questions.get(Question.OVERALL)
    if overall is None:
        problems.append(InvalidInput(Question.OVERALL.value, N_("Choose one of the five grades")))
    for name, grade in (*questions.items(), *services.items()):
        if grade is not None and grade not in GRADES:
            problems.append(InvalidInput(str(name), N_("Choose one of the five grades")))
    problems += [
        InvalidInput(code, N_("The request does not ask for “{code}”"), code=code)
        for code in services
        if code not in items
    ]
    try:
        text = read_text("comment", comment, limit=COMMENT_LIMIT, required=False)
    except InvalidInput as problem:
        problems.append(problem)
    if problems or overall is None:
        raise InvalidForm(problems)
    return overall, text


def _delivered_at(request: ServiceRequest) -> datetime:
    return max(item.delivered_at for item in request.items if item.delivered_at is not None)
