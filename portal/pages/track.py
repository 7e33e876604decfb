"""查进度: following a request with its tracking number and code, without an account.

``?number=…``: the number to follow. ``?recover=1`` asks for a contact in place of the code. ``?confirm=…``, from a
message, confirms or refuses the address that the message came to.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.components import notice, page_url
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
from portal.requests.live_request import watch_request
from portal.requests.message_form import draw_message_form
from portal.requests.own_contact import draw_new_code, draw_own_contact
from portal.requests.own_data import draw_own_data
from portal.requests.rating_form import draw_rating
from portal.requests.recovery_form import ASKED, draw_recovery
from portal.requests.request_view import (
    draw_facts,
    draw_services,
    draw_standing,
    draw_timeline,
    hastened,
    question_in_words,
)
from portal.requests.station_contact import station_contact
from portal.share import draw_share
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import reading, transaction
from stations.errors import NotFound
from stations.language import label
from stations.requests.access import keep_family_open
from stations.requests.attached_file import CheckedFile
from stations.requests.attachments import list_attachments
from stations.requests.code_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, try_look_up
from stations.requests.code_session import close_in_browser, opened_requests
from stations.requests.escalation import list_escalations
from stations.requests.handling import move_as_firm, write_as_firm
from stations.requests.lookup import Browser, look_up, stamp_of
from stations.requests.moves import MoveName
from stations.requests.notice_standing import newest_notice
from stations.requests.notice_way import choose_notice_way, try_notice_code
from stations.requests.one_time_code import wrong_code
from stations.requests.rating import get_rating
from stations.requests.service_request import ServiceRequest
from stations.requests.shown_request import open_question, shown_whole
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


def show_opened(numbers: list[str]) -> None:
    """Show the first of requests that were just opened, and no longer the form for number and code."""
    st.session_state[FOLLOWED_REQUEST] = numbers[0]
    st.session_state["track_another"] = False


def open_request() -> None:
    """Look the request up, and open it in this browser if number and code are right."""
    number, code = st.session_state["track_number"], st.session_state["track_code"]
    st.session_state["track_empty"] = not (number.strip() and code.strip())
    if st.session_state["track_empty"]:
        return
    found = try_look_up(engine(), number, code, client=client(), now=clock(), samples=samples)
    if found.found is not None:
        with transaction(engine()) as session:
            keep_family_open(session, browser, session.get_one(ServiceRequest, found.found.id), clock())
    time.sleep(found.wait.total_seconds())  # after the transaction, so that the wait blocks nobody else
    st.session_state["track_wrong"] = found.found is None
    if found.found is not None:
        show_opened([found.found.number])


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
            _("You got both when the request was filed. The code is sent to nobody and stands in no address.")
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
        asked = text_in_address("number")
        st.session_state.setdefault("track_number", asked)
        st.text_input(_("Tracking number"), key="track_number", placeholder="Q261124-0A1B2C", autocomplete="off")
        st.text_input(_("Code"), key="track_code", type="password", autocomplete="off")
        if st.session_state.pop("track_empty", False):
            notice(_("Type both the tracking number and the code."), "bad")
        st.form_submit_button(_("Open"), type="primary", on_click=open_request)
    draw_recovery(clock, show_opened, unfolded=text_in_address("recover") == "1" or bool(st.session_state.get(ASKED)))
    if opened:
        st.button(_("Back to the open request"), on_click=lambda: st.session_state.update(track_another=False))
    end_page()

if (asked := text_in_address("number")) in opened and st.session_state.get("track_asked") != asked:
    st.session_state[FOLLOWED_REQUEST] = st.session_state["track_asked"] = asked
number = choose_opened(
    opened,
    FOLLOWED_REQUEST,
    _("Requests open in this browser"),
    lambda one: f"{one.product} · {label(current(), one.state)}",
).number

with reading(engine()) as session:
    try:
        request = look_up(session, number, proof, now=present.now, samples=samples)
    except NotFound as error:
        notice(_(error.message, **error.params), "bad")
        end_page()
    files = list_attachments(session, request)
    escalations = list_escalations(session, request)
    rating = get_rating(session, request)
    version, stamp = request.version, stamp_of(session, number)
    whole = shown_whole(request)
    question = open_question(whole)
    sending = newest_notice(session, request)

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

    def confirm(code: str) -> None:
        """Confirm the address for notices; a wrong code counts."""
        with transaction(engine()) as session:
            mine = look_up(session, number, proof, now=clock(), samples=samples)
            right = try_notice_code(session, mine, code, now=clock())
        if not right:
            raise wrong_code("notice_code")

    # Containers keep what follows in its place, so that nothing being typed is lost when a part above comes or goes.
    with st.container(key="section_told"):
        draw_outcome()
        draw_new_code(number)
    with st.container(key="section_standing"):
        draw_standing(request, Party.FIRM, present.today)
        office = None if request.steward_username else request.office
        st.html(station_contact(request.station, office, present.now))
        draw_unconfirmed(request, sending, confirm, choose)
    with st.container(key="section_moves"):
        asked_now = question_in_words(question, request.station) if question else None
        draw_moves(request.state, Party.FIRM, make, "track", question=asked_now)
        draw_reopening(request, proof, present.today, clock)
        draw_reminder(request, proof, present.today, clock)
    with st.container(key="section_services"):
        draw_services(whole, files, present.today)
        draw_rating(request, rating, proof, present.now, clock)
    with st.container(key="section_timeline"):
        st.subheader(_("Steps and messages"))
        draw_timeline(whole, files, escalations, hastened(list_urgings(session, request)))
    with st.container(key="section_message"):
        if request.state not in FINAL:
            draw_message_form(write, "track")
    with st.container(key="section_filed"):
        st.subheader(_("What was filed"))
        draw_facts(whole, files, Party.FIRM)
        if request.erased_at is None:
            draw_notice_way(request, choose)
            draw_own_contact(request, proof, clock)
        draw_own_data(whole, files, rating, proof, version, clock)
        draw_share(
            page_url("track", number=number),
            _("Link and QR code of this request"),
            _("QR code of the page where the request is followed"),
        )
watch_request(number, stamp)

with st.container(horizontal=True):
    st.button(_("Follow another request"), on_click=follow_another)
    st.button(
        _("Close it in this browser"),
        on_click=lambda: leave(number),
        help=_("On a computer that others use too. Number and code open it again."),
    )
