"""Drawing one request at the work desk, with the actions of the signed-in user."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice, page_url
from portal.desk.assign_form import draw_assigning
from portal.desk.delivery_form import draw_delivery_forms
from portal.desk.filters import filters_in_address
from portal.desk.internal_notes import draw_note_form, notes_told, taken_back_told
from portal.desk.lateness import draw_lateness
from portal.desk.new_code_form import draw_made_code, draw_new_code_form
from portal.desk.split_form import draw_splitting
from portal.desk.transfer_form import draw_transfer
from portal.desk.urging_view import draw_urging_form, draw_urgings, urgings_told
from portal.language import _
from portal.notices.notice_choice import draw_unreached
from portal.page_action import draw_outcome
from portal.requests.actions import draw_moves
from portal.requests.message_form import draw_message_form
from portal.requests.rating_form import draw_given_rating
from portal.requests.request_view import draw_facts, draw_services, draw_standing, draw_timeline
from portal.requests.template_choice import Templates
from portal.storage import engine
from portal.visit import visit
from stations.duty.masking import mask_field, sees_personal_data
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.requests.attached_file import CheckedFile
from stations.requests.attachments import list_attachments
from stations.requests.bulk_record import taken_back
from stations.requests.escalation import list_escalations
from stations.requests.handling import may_answer, move_as_station, write_as_station
from stations.requests.internal_notes import list_notes
from stations.requests.lookup import open_request
from stations.requests.moves import MOVES, MoveName, TemplateUse
from stations.requests.notice_standing import newest_notice
from stations.requests.personal_access import note_request_opened
from stations.requests.rating import get_rating
from stations.requests.reply_templates import fill_for_firm, list_templates
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import shown_files, shown_rating, shown_to
from stations.requests.states import FINAL, Party
from stations.requests.urging import list_urgings


def draw_request(session: Session, actor: Actor, number: str) -> None:
    """Draw the request of that number, or the reason why it can't be shown."""
    present = visit()
    back = page_url("desk", **filters_in_address())
    st.html(
        Markup('<p class="back"><a href="{}" target="_self" data-presses="close_request">{}</a></p>').format(
            back, _("Close and go back to the list")
        )
    )
    with st.container(key="pressed_close"):
        st.button(_("Close"), key="close_request", on_click=_close)
    try:
        request = open_request(session, actor, number, samples=present.samples)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        return
    draw_outcome()
    draw_made_code(number)
    in_clear = note_request_opened(engine(), actor, request, present.now)
    if not in_clear and sees_personal_data(actor, request.station.area):
        notice(_("Nothing can be saved at the moment, nor who reads personal data; so it is masked."), "warn")
    reader = actor if in_clear else None
    files = shown_files(reader, request, list_attachments(session, request))
    given = get_rating(session, request)
    escalations = list_escalations(session, request)
    answers = may_answer(actor, request)
    templates = {use: _filled(session, request, use) if answers and in_clear else {} for use in TemplateUse}
    shown = shown_to(reader, request)
    draw_standing(request, Party.STATION, present.today)
    draw_lateness(request, present.today)
    draw_unreached(request, newest_notice(session, request) if in_clear else None)
    urgings = list_urgings(session, request)
    if reader is not None:
        draw_urgings(session, actor, urgings, present.today)
    version = request.version

    def make(name: MoveName, note: str, _files: Sequence[CheckedFile]) -> Callable[[Session], object]:
        return lambda session: move_as_station(
            session, visit().actor, number, name, version=version, note=note, now=visit().now
        )

    def write(text: str, sent: Sequence[CheckedFile]) -> Callable[[Session], object]:
        return lambda session: write_as_station(session, visit().actor, number, text, files=sent, now=visit().now)

    if answers:
        draw_moves(
            request.state,
            Party.STATION,
            make,
            f"desk_{number}",
            templates={move.name: templates[move.template] for move in MOVES.values() if move.template},
        )
        with st.container(horizontal=True, key=f"arrange_{number}"):
            draw_assigning(session, request)
            draw_transfer(session, request)
            draw_splitting(session, request)
            draw_urging_form(actor, request)
            draw_new_code_form(request)
    draw_services(shown, files, present.today)
    if answers:
        draw_delivery_forms(request)
    if given:
        draw_given_rating(request, shown_rating(reader, request, given))
    st.subheader(_("Steps and messages"))
    inner = urgings_told(urgings) + notes_told(list_notes(session, request))
    inner += taken_back_told(taken_back(session, request))
    if reader is None:  # whoever may read no personal data reads none in what colleagues wrote
        inner = [replace(one, text=mask_field("note", one.text)) for one in inner]
    draw_timeline(shown, files, escalations, inner)
    if answers and request.state not in FINAL:
        draw_message_form(write, f"desk_{number}", templates[TemplateUse.MESSAGE])
    if answers:
        draw_note_form(number)
    st.subheader(_("What was filed"))
    draw_facts(shown, files, Party.STATION)


def _close() -> None:
    st.query_params.pop("number", None)


def _filled(session: Session, request: ServiceRequest, use: TemplateUse) -> Templates:
    return {one.title: fill_for_firm(one, request) for one in list_templates(session, use)}
