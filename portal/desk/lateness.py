"""Marks of missed deadlines for the desk; they remain when the next deadline begins."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.components import tag
from portal.language import _, current, ngettext
from stations.requests.lateness import answered_late_by, wish_passed
from stations.requests.service_request import ServiceRequest


def lateness_tags(request: ServiceRequest, today: date) -> Markup:
    """Return the marks of one request, "" if there are none."""
    marks = []
    if late := answered_late_by(request):
        told = ngettext("Answered {count} working day late", "Answered {count} working days late", late)
        marks.append(tag(told, "bad"))
    if wish_passed(request, today):
        day = current().format_date(request.wanted_on)
        told = _("Wished for by {day}, which has passed", day=day)
        marks.append(tag(told, "warn"))
    return Markup(" ").join(marks)


def draw_lateness(request: ServiceRequest, today: date) -> None:
    """Draw the marks of the open request, if any."""
    if marks := lateness_tags(request, today):
        st.html(Markup('<p class="lateness">{}</p>').format(marks))
