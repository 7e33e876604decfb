"""Marks of missed deadlines for the desk; they remain when the next deadline begins."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import tag
from portal.language import current
from stations.requests.lateness import answered_late_by, late_answer_in_words, wish_passed, wish_passed_in_words
from stations.requests.service_request import ServiceRequest


def lateness_tags(request: ServiceRequest, today: date) -> Markup:
    """Return the marks of one request, "" if there are none."""
    marks = []
    if late := answered_late_by(request):
        marks.append(tag(late_answer_in_words(current(), late), "bad"))
    if request.wanted_on and wish_passed(request, today):
        marks.append(tag(wish_passed_in_words(current(), request.wanted_on), "warn"))
    return Markup(" ").join(marks)


def draw_lateness(request: ServiceRequest, today: date) -> None:
    """Draw the marks of the open request, if any."""
    if marks := lateness_tags(request, today):
        st.html(Markup('<p class="lateness">{}</p>').format(marks))
