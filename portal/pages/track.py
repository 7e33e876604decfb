"""查进度: following a request with its tracking number and code, without an account."""

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _
from portal.page_action import draw_outcome
from portal.page_end import end_page
from portal.request_actions import draw_message_form, draw_moves
from portal.request_receipt import TRACKED
from portal.request_view import draw_request, draw_timeline
from portal.storage import domain_settings, engine
from portal.visit import visit
from stations.database import reading, transaction
from stations.errors import NotFound
from stations.request_guard import CLOSED_FOR, TRIES_BEFORE_CLOSING, try_look_up
from stations.request_handling import look_up, move_as_firm, write_as_firm
from stations.request_moves import FINAL, MoveName, Party, moves_open_to

present = visit()
samples = domain_settings().samples
st.title(_("Follow a request"))


def open_request() -> None:
    """Look the request up, and keep number and code for this visit where they are right."""
    number, code = st.session_state["track_number"], st.session_state["track_code"]
    with transaction(engine()) as session:
        found = try_look_up(session, number, code, now=visit().now, samples=samples)
    st.session_state["track_wrong"] = found is None
    if found is not None:
        st.session_state[TRACKED] = (number, code)


if TRACKED not in st.session_state:
    st.html(
        Markup('<p class="lead">{}</p>').format(
            _("You got both when the request was filed. They are not sent to anyone and stand in no address.")
        )
    )
    if st.session_state.pop("track_wrong", False):
        notice(
            _(
                "No request has this tracking number and code; check both and try again. After {tries} wrong "
                "tries a number stays closed for {minutes} minutes, to the right code as well.",
                tries=TRIES_BEFORE_CLOSING,
                minutes=int(CLOSED_FOR.total_seconds() // 60),
            ),
            "bad",
        )
    with st.form("track_form", border=False, width=420):
        st.text_input(_("Tracking number"), key="track_number", placeholder="Q261124-0A1B2C", autocomplete="off")
        st.text_input(_("Code"), key="track_code", type="password", autocomplete="off")
        st.form_submit_button(_("Open"), type="primary", on_click=open_request)
    end_page()

number, code = st.session_state[TRACKED]
with reading(engine()) as session:
    try:
        request = look_up(session, number, code, samples=samples)
    except NotFound as error:
        del st.session_state[TRACKED]
        notice(_(error.message, **error.params), "bad")
        end_page()
    draw_outcome()
    draw_request(request, Party.FIRM)
    version = request.version

    def make(name: MoveName, note: str) -> Callable[[Session], object]:
        """The firm's move, on the version shown."""
        return lambda session: move_as_firm(session, number, code, name, version=version, note=note, now=visit().now)

    def write(text: str) -> Callable[[Session], object]:
        """The firm's message."""
        return lambda session: write_as_firm(session, number, code, text, now=visit().now)

    draw_moves(moves_open_to(Party.FIRM, request.state), make, "track")
    st.subheader(_("Steps and messages"))
    draw_timeline(request)
    if request.state not in FINAL:
        draw_message_form(write, "track")


def leave() -> None:
    """Forget number and code in this visit."""
    del st.session_state[TRACKED]


st.button(_("Close, and follow another request"), on_click=leave)
