"""The firm's rating of a delivered request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.language import N_, _, current, pick
from portal.page_action import Action, draw_problems, perform
from stations.requests.deadlines import CHANGE_RATING_WITHIN, days_after
from stations.requests.lookup import Proof
from stations.requests.rating import Question, Rating, may_rate, rate
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import ShownRating, rating_whole

QUESTIONS: dict[Question, str] = {
    Question.OVERALL: N_("All in all"),
    Question.EFFICIENCY: N_("How quickly it was done"),
    Question.GUIDANCE: N_("How clear and right the guidance was"),
    Question.CONVENIENCE: N_("How easy it was to get done"),
    Question.COMPETENCE: N_("How well they knew their work"),
    Question.ATTITUDE: N_("How you were treated"),
}
GRADE_WORDS = {
    1: N_("1 very dissatisfied"),
    2: N_("2 dissatisfied"),
    3: N_("3 fairly satisfied"),
    4: N_("4 satisfied"),
    5: N_("5 very satisfied"),
}
COMMENT = "rating_comment"


def draw_rating(
    request: ServiceRequest, rating: Rating | None, proof: Proof, now: datetime, clock: Callable[[], datetime]
) -> None:
    """Draw the rating given, if any, and the form while the request can be rated."""
    if rating is not None:
        draw_given_rating(request, rating_whole(rating))
    if not may_rate(request, rating, now):
        return
    if rating is None:
        st.subheader(_("Say how it was"))
        _draw_form(request, None, proof, clock)
        return
    ends = current().format_date(days_after(rating.created_at, CHANGE_RATING_WITHIN).day)
    with st.expander(_("Change the rating (until {day})", day=ends)):
        _draw_form(request, rating, proof, clock)


def draw_given_rating(request: ServiceRequest, rating: ShownRating) -> None:
    """Draw a rating as given."""
    names: dict[int | None, str] = {item.id: pick(item.service.name_zh, item.service.name_en) for item in request.items}
    lines = Markup("").join(
        Markup('<div><dt>{}</dt><dd><span class="stars" role="img" aria-label="{}">{}</span></dd></div>').format(
            _(QUESTIONS[grade.question])
            if grade.question
            else _("Result of “{service}”", service=names[grade.item_id]),
            _("{grade} of 5 stars", grade=grade.grade),
            "★" * grade.grade + "☆" * (5 - grade.grade),
        )
        for grade in rating.grades
    )
    comment = Markup("<p>{}</p>").format(rating.comment) if rating.comment else ""
    st.html(
        Markup('<section class="rating"><h3>{}</h3><dl class="facts">{}</dl>{}</section>').format(
            _("The firm's rating"), lines, comment
        )
    )


def _draw_form(request: ServiceRequest, rating: Rating | None, proof: Proof, clock: Callable[[], datetime]) -> None:
    given = {(grade.question or grade.item_id): grade.grade for grade in rating.grades} if rating else {}
    with st.form("rating_form", border=False):
        st.html(
            Markup('<p class="source">{}</p>').format(
                _(
                    "Only the first is needed. Figures of the station are published, never your name; the comment is "
                    "read by the station and its administrators only."
                )
            )
        )
        for question, asked in QUESTIONS.items():
            _draw_grades(_(asked), question.value, given.get(question))
        for item in request.items:
            name = pick(item.service.name_zh, item.service.name_en)
            _draw_grades(_("Result of “{service}”", service=name), item.service_code, given.get(item.id))
        if COMMENT not in st.session_state and rating:
            st.session_state[COMMENT] = rating.comment
        st.text_area(_("Comment (optional)"), key=COMMENT)
        draw_problems(COMMENT)
        st.form_submit_button(
            _("Send the rating"),
            type="primary",
            on_click=lambda: perform(
                _rating(request, proof, clock), _("Thank you. Your rating is kept."), beside=COMMENT
            ),
        )


def _draw_grades(asked: str, name: str, grade: int | None) -> None:
    with st.container(key=f"stars_{name.replace('.', '_')}"):
        st.segmented_control(
            asked,
            list(GRADE_WORDS),
            key=f"rating_{name}",
            default=grade,
            format_func=lambda one: _(GRADE_WORDS[one]),
            wrap=True,
        )


def _rating(request: ServiceRequest, proof: Proof, clock: Callable[[], datetime]) -> Action:
    def grade(name: str) -> int | None:
        return st.session_state.get(f"rating_{name}")

    number = request.number
    questions = {question: grade(question.value) for question in QUESTIONS}
    services = {item.service_code: grade(item.service_code) for item in request.items}
    comment = st.session_state[COMMENT]

    def act(session: Session) -> object:
        return rate(session, number, proof, questions, services, comment, now=clock())

    return act
