"""What an act on several requests needs before it can be asked about: whom, to which station, which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from sqlalchemy.orm import Session

from portal.desk.takers import takers_in_words
from portal.language import _, current, pick
from portal.option_labels import distinct
from portal.required_fields import mark_required
from portal.visit import visit
from stations.duty.roles import Actor
from stations.language import label
from stations.requests.bulk import BulkAction, assigning, handing_over, urging, writing
from stations.requests.handling import MESSAGE_LIMIT
from stations.requests.moves import NOTE_LIMIT
from stations.requests.service_request import ServiceRequest
from stations.requests.stewards import stewards_of
from stations.requests.transfer import stations_to_take_all
from stations.requests.urging import TEXT_LIMIT, Addressee, UrgingForm, addressees_for, usual_day

Ask = Callable[[Callable[[], BulkAction]], None]
Chosen = Sequence[ServiceRequest]


def draw_assigning(session: Session, chosen: Chosen, ask: Ask) -> None:
    """Draw the choice of a steward of their stations, or of nobody."""
    stations = {request.station.code: request.station for request in chosen}
    named = {
        user.username: f"{user.name} · {pick(station.name, station.name_en)}"
        for station in stations.values()
        for user in stewards_of(session, station)
    }
    stewards = distinct(named)
    key = "bulk_steward"
    if st.session_state.get(key, "") not in stewards:
        st.session_state[key] = ""
    with st.popover(_("Assign"), disabled=not chosen):
        st.selectbox(
            _("Quality steward"),
            ["", *stewards],
            key=key,
            format_func=lambda username: stewards.get(username, _("Nobody by name")),
        )
        _draw_ask("bulk_assign", lambda: ask(lambda: assigning(st.session_state[key])))


def draw_handing_over(session: Session, chosen: Chosen, ask: Ask) -> None:
    """Draw the choice of a station that can take all of them, and the reason."""
    names = takers_in_words(stations_to_take_all(session, chosen, visit().today)) if chosen else {}
    station, note = "bulk_station", "bulk_note"
    if st.session_state.get(station) not in names:
        st.session_state[station] = None
    with st.popover(_("Hand over"), disabled=not chosen):
        mark_required(station, note, told=False)
        st.selectbox(
            _("Station that takes them over"),
            list(names),
            key=station,
            format_func=lambda code: names.get(code, code),
            placeholder=_("Choose a station") if names or not chosen else _("No station offers all of these"),
            filter_mode="contains",
        )
        st.text_area(_("Reason (the firm reads it too)"), key=note, max_chars=NOTE_LIMIT)
        _draw_ask(
            "bulk_transfer",
            lambda: ask(lambda: handing_over(st.session_state[station] or "", st.session_state[note])),
        )


def draw_writing(chosen: Chosen, ask: Ask) -> None:
    """Draw the field for one message to all of their firms."""
    text = "bulk_text"
    with st.popover(_("Message"), disabled=not chosen):
        mark_required(text, told=False)
        st.text_area(_("Message to each of the firms"), key=text, max_chars=MESSAGE_LIMIT)
        _draw_ask("bulk_message", lambda: ask(lambda: writing(st.session_state[text])))


def draw_urging(actor: Actor, chosen: Chosen, ask: Ask) -> None:
    """Draw who is urged, by when they have to answer, and the words."""
    whom, day, text = "bulk_urged", "bulk_urged_day", "bulk_urged_text"
    offered = [one for one in Addressee if all(one in addressees_for(actor, each.station.area) for each in chosen)]
    with st.popover(_("Urge"), disabled=not chosen):
        mark_required(whom, day, text, told=False)
        st.selectbox(_("Who is urged"), offered, key=whom, format_func=lambda one: label(current(), one))
        st.date_input(_("Answer by"), usual_day(visit().today), key=day, format="YYYY-MM-DD")
        st.text_area(_("What is asked (the firm does not read it)"), key=text, max_chars=TEXT_LIMIT)
        _draw_ask(
            "bulk_urge",
            lambda: ask(
                lambda: urging(
                    UrgingForm(st.session_state[whom] or "", st.session_state[text], st.session_state[day])
                )
            ),
        )


def _draw_ask(key: str, on_click: Callable[[], None]) -> None:
    st.button(_("Go on: see what will change"), type="primary", key=key, on_click=on_click)
