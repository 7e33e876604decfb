"""查进度: following a request with its tracking number and code, without an account.

``?confirm=…``, from a message, confirms or refuses the address that the message came to.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import notice
from portal.filing.receipt import FOLLOWED_REQUEST
from portal.firm_browser import browser_token, client, network
from portal.language import _, current
from portal.notices.address_confirmation import draw_confirmation
from portal.notices.notice_choice import draw_notice_way, draw_unconfirmed
from portal.number_and_code import choose_opened
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.requests.actions import draw_moves
from portal.requests.firm_steps import draw_reminder, draw_reopening
from portal.requests.message_form import draw_message_form
from portal.requests.own_data import draw_own_data
from portal.requests.rating_form import draw_rating
from portal.requests.request_view import draw_facts, draw_services, draw_standing, draw_timeline, hastened
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import reading, transaction
from stations.errors import NotFound
from stations.requests.attached_file import CheckedFile
from stations.requests.attachments import list_attachments
from stations.requests.code_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, try_look_up
from stations.requests.code_session import close_in_browser, keep_open, opened_requests
from stations.requests.escalation import list_escalations
from stations.requests.handling import move_as_firm, write_as_firm
from stations.requests.lookup import Browser, look_up
from stations.requests.moves import MoveName
from stations.requests.notice_way import choose_notice_way, confirm_notice_address
from stations.requests.rating import get_rating
from stations.requests.shown_request import shown_whole
from stations.requests.states import FINAL, Party
from stations.requests.urging import list_urgings

present = visit()
samples = domain_settings().samples
browser = browser_token()
proof = Browser(browser, network())
st.title(_("Follow a request"))
if code := text_in_address("confirm"):
    draw_confirmation(code)
    end_page()


def clock() -> datetime:
    """Return the time at which a button is pressed."""
    return visit().now


def open_request() -> None:
    """Look the request up, and open it in this browser if number and code are right."""
    number, code = st.session_state["track_number"], st.session_state["track_code"]
    st.session_state["track_empty"] = not (number.strip() and code.strip())
    if st.session_state["track_empty"]:
        return
    found = try_look_up(engine(), number, code, client=client(), now=clock(), samples=samples)
    if found.found is not None:
        with transaction(engine()) as session:
            keep_open(session, browser, found.found, clock())
    time.sleep(found.wait.total_seconds())  # after the transaction, so that the wait blocks nobody else
    st.session_state["track_wrong"] = found.found is None
    if found.found is not None:
        st.session_state[FOLLOWED_REQUEST] = found.found.number
        st.session_state["track_another"] = False


def follow_another() -> None:
    """Ask for another number and code; requests already open stay open."""
    st.session_state["track_another"] = True


def leave(number: str) -> None:
    """Close the request in this browser."""
    with transaction(engine()) as session:
        close_in_browser(session, browser, look_up(session, number, proof, now=clock(), samples=samples))
    st.session_state.pop(FOLLOWED_REQUEST, None)


with reading(engine()) as session:
    opened = {one.number: one for one in opened_requests(session, browser, present.now, samples=samples)}

if not opened or st.session_state.get("track_another"):
    draw_outcome()
    st.html(
        Markup('<p class="lead">{}</p>').format(
            _("You got both when the request was filed. They are not sent to anyone and stand in no address.")
        )
    )
    if st.session_state.pop("track_wrong", False):
        notice(
            _(
                "No request has this tracking number and code; check both and try again. Each wrong try makes the "
                "next answer slower; after {tries} of them nothing opens for {minutes} minutes.",
                tries=TRIES_BEFORE_CLOSING,
                minutes=int(CLOSED_FOR.total_seconds() // 60),
            ),
            "bad",
        )
    with st.form("track_form", border=False, width=420):
        st.text_input(_("Tracking number"), key="track_number", placeholder="Q261124-0A1B2C", autocomplete="off")
        st.text_input(_("Code"), key="track_code", type="password", autocomplete="off")
        if st.session_state.pop("track_empty", False):
            notice(_("Type both the tracking number and the code."), "bad")
        st.form_submit_button(_("Open"), type="primary", on_click=open_request)
    if opened:
        st.button(_("Back to the open request"), on_click=lambda: st.session_state.update(track_another=False))
    end_page()

number = choose_opened(opened, FOLLOWED_REQUEST, _("Requests open in this browser"), lambda one: one.product).number

with reading(engine()) as session:
    try:
        request = look_up(session, number, proof, now=present.now, samples=samples)
    except NotFound as error:
        notice(_(error.message, **error.params), "bad")
        end_page()
    files = list_attachments(session, request)
    escalations = list_escalations(session, request)
    rating = get_rating(session, request)
    version = request.version
    whole = shown_whole(request)

    def make(name: MoveName, note: str, sent: Sequence[CheckedFile]) -> Callable[[Session], object]:
        """Return the firm's move on the version shown."""
        return lambda session: move_as_firm(
            session, number, proof, name, version=version, note=note, files=sent, now=clock()
        )

    def write(text: str, sent: Sequence[CheckedFile]) -> Callable[[Session], object]:
        """Return the action that sends the firm's message."""
        return lambda session: write_as_firm(session, number, proof, text, files=sent, now=clock())

    def choose(channel: str, address: str) -> Callable[[Session], object]:
        """Return the action that saves how the firm wants to be notified."""
        language = current().code
        return lambda session: choose_notice_way(
            session,
            look_up(session, number, proof, now=clock(), samples=samples),
            channel,
            address,
            language,
            now=clock(),
        )

    def confirm(code: str) -> Callable[[Session], object]:
        """Return the action that confirms the address for notices."""
        return lambda session: confirm_notice_address(
            session, look_up(session, number, proof, now=clock(), samples=samples), code, now=clock()
        )

    draw_outcome()
    draw_standing(request, Party.FIRM, present.today)
    draw_unconfirmed(request, confirm)
    draw_moves(request.state, Party.FIRM, make, "track")
    draw_reopening(request, proof, present.today, clock)
    draw_reminder(request, proof, present.today, clock)
    draw_services(whole, files, present.today)
    draw_rating(request, rating, proof, present.now, clock)
    st.subheader(_("Steps and messages"))
    draw_timeline(whole, files, escalations, hastened(list_urgings(session, request)))
    if request.state not in FINAL:
        draw_message_form(write, "track")
    st.subheader(_("What was filed"))
    draw_facts(whole, files, Party.FIRM)
    draw_notice_way(request, choose)
    draw_own_data(whole, files, rating, proof, version, clock)

with st.container(horizontal=True):
    st.button(_("Follow another request"), on_click=follow_another)
    st.button(
        _("Close it in this browser"),
        on_click=lambda: leave(number),
        help=_("On a computer that others use too. Number and code open it again."),
    )
