"""Urging about the open request: what awaits its answer, the answer's form, and the form to urge."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import tag
from portal.language import _, current
from portal.page_action import draw_problems, perform
from portal.requests.request_view import Entry
from portal.required_fields import mark_required
from portal.visit import visit
from stations.duty.roles import Actor
from stations.language import label
from stations.requests.service_request import ServiceRequest
from stations.requests.states import FINAL
from stations.requests.urging import (
    LONGEST,
    TEXT_LIMIT,
    Urging,
    UrgingForm,
    addressees_for,
    answer_urging,
    may_answer_urging,
    urge,
    usual_day,
    withdraw_urging,
)


def draw_urgings(session: Session, actor: Actor, urgings: list[Urging], today: date) -> None:
    """Draw those that await their answer: to the one urged with the form, to the office with the way to take it back.
    """
    for one in (urging for urging in urgings if urging.open):
        key = f"urging_{one.id}"
        with st.container(border=True, key=key):
            late = tag(_("answer overdue"), "bad") if one.late(today) else ""
            st.html(
                Markup("<p><strong>{}</strong> {}</p><p>{}</p>").format(
                    _(
                        "{office} urges {whom}: answer by {day}",
                        office=label(current(), one.level),
                        whom=label(current(), one.addressee),
                        day=current().format_date(one.due_on),
                    ),
                    late,
                    one.text,
                )
            )
            if may_answer_urging(session, actor, one):
                _draw_answer(one, key)
            elif one.urged_by == actor.username:
                st.button(
                    _("Take the urging back"),
                    key=f"{key}_withdraw",
                    on_click=lambda urging_id=one.id, version=one.version: perform(
                        lambda session: withdraw_urging(
                            session, visit().actor, urging_id, version=version, now=visit().now
                        ),
                        _("The urging is taken back."),
                    ),
                )


def _draw_answer(urging: Urging, key: str) -> None:
    field, urging_id, version = f"{key}_answer", urging.id, urging.version
    with st.form(f"{key}_form", border=False):
        mark_required(field, told=False)
        st.text_area(_("Your answer to the office (the firm does not read it)"), key=field, max_chars=TEXT_LIMIT)
        draw_problems(field)
        st.form_submit_button(
            _("Answer the urging"),
            type="primary",
            on_click=lambda: perform(
                lambda session: answer_urging(
                    session, visit().actor, urging_id, st.session_state[field], version=version, now=visit().now
                ),
                _("The office that urged reads your answer."),
                field,
                beside=field,
            ),
        )


def draw_urging_form(actor: Actor, request: ServiceRequest) -> None:
    """Draw the form to urge, for an office above the request's station while the request is open."""
    offered = addressees_for(actor, request.station.area)
    if not offered or request.state in FINAL:
        return
    number = request.number
    whom, day, text = (f"urge_{number}_{field}" for field in ("whom", "day", "text"))
    today = visit().today
    with st.popover(_("Urge")), st.form(f"urge_{number}", border=False):
        mark_required(whom, day, text, told=False)
        st.selectbox(_("Who is urged"), offered, key=whom, format_func=lambda one: label(current(), one))
        st.date_input(
            _("Answer by"),
            usual_day(today),
            key=day,
            min_value=today,
            max_value=today + LONGEST,
            format="YYYY-MM-DD",
        )
        st.text_area(_("What is asked (the firm does not read it)"), key=text, max_chars=TEXT_LIMIT)
        draw_problems(text)
        st.form_submit_button(
            _("Urge"),
            type="primary",
            on_click=lambda: perform(
                lambda session: urge(
                    session,
                    visit().actor,
                    number,
                    UrgingForm(st.session_state[whom], st.session_state[text], st.session_state[day]),
                    now=visit().now,
                ),
                _("It is urged; the answer will stand here."),
                text,
                beside=text,
            ),
        )


def urgings_told(urgings: list[Urging]) -> list[Entry]:
    """Return the urgings and their answers as the offices and the station read them among the steps."""
    told = []
    for one in urgings:
        office, whom = label(current(), one.level), label(current(), one.addressee)
        day = current().format_date(one.due_on)
        what = _("{office} urged {whom}", office=office, whom=whom)
        told.append(Entry(one.created_at, "escalation", what, _("answer by {day}", day=day), one.text))
        if one.answered_at:
            judged = _("answered late") if one.answered_late else _("answered by the day")
            told.append(Entry(one.answered_at, "urging", _("Answer to the urging"), judged, one.answer or ""))
        if one.withdrawn_at:
            told.append(Entry(one.withdrawn_at, "urging", _("The urging was taken back"), office))
    return told
