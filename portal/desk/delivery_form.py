"""Delivering the services of a request one by one: the performer and the result."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import _, pick
from portal.markdown_text import plain
from portal.page_action import draw_problems, performed
from portal.requests.file_chooser import check_files, chosen_files, draw_file_chooser, empty_chooser
from portal.required_fields import mark_required
from portal.visit import visit
from stations.requests.attached_file import CheckedFile
from stations.requests.handling import deliver_item
from stations.requests.service_request import RequestItem, ServiceRequest


def draw_delivery_forms(request: ServiceRequest) -> None:
    """Draw a form for each undelivered service if the state of the request allows delivery."""
    if not request.state.deliverable:
        return
    for item in request.items:
        if item.delivered_at is None:
            _draw_form(request, item)


def _draw_form(request: ServiceRequest, item: RequestItem) -> None:
    code, name = item.service_code, pick(item.service.name_zh, item.service.name_en)
    planned = item.institution.name if item.institution else ""
    number, version = request.number, request.version
    performer, result, files = (f"{name}_{number}_{code}" for name in ("performer", "result", "report"))

    def deliver() -> None:
        who, what, chosen = st.session_state[performer], st.session_state[result], chosen_files(files)
        checked: list[CheckedFile] = []

        def act(session: Session) -> object:
            return deliver_item(
                session,
                visit().actor,
                number,
                code,
                version=version,
                performer=who,
                result=what,
                files=checked,
                now=visit().now,
            )

        told = _("“{service}” is delivered.", service=name)
        if performed(act, told, beside=result, prepare=lambda: checked.extend(check_files(chosen))):
            empty_chooser(files)

    with st.expander(_("Deliver “{service}”", service=plain(name))), st.form(f"deliver_{number}_{code}", border=False):
        mark_required(performer, result)
        st.text_input(_("Who did the work"), value=planned, key=performer)
        st.text_area(
            _("Result"),
            key=result,
            placeholder=_("e.g. certificate number, where the report can be fetched"),
        )
        draw_file_chooser(files, _("Certificate or report"))
        draw_problems(result)
        st.form_submit_button(_("Deliver"), type="primary", on_click=deliver)
