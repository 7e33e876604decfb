"""Moving some services of a request to another station."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from portal.desk.takers import takers_in_words
from portal.language import _, current, pick
from portal.option_labels import distinct
from portal.page_action import perform
from portal.required_fields import mark_required
from portal.visit import visit
from stations.duty.roles import Action as Duty
from stations.language import label
from stations.requests.moves import MOVES, NOTE_LIMIT, MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.splitting import split
from stations.requests.transfer import stations_to_take


def draw_splitting(session: Session, request: ServiceRequest) -> None:
    """Draw the form, if the request can be split: the services to move, and a station that offers all of them."""
    present = visit()
    may = present.actor is not None and present.actor.may(Duty.TRANSFER_REQUESTS, request.station.area)
    if not may or request.state not in MOVES[MoveName.SPLIT].sources or len(request.items) < 2:
        return
    number, version = request.number, request.version
    asked = {item.service_code: pick(item.service.name_zh, item.service.name_en) for item in request.items}
    names = distinct(asked)
    services, station, note = (f"split_{number}_{field}" for field in ("services", "station", "note"))
    name = label(current(), MoveName.SPLIT)
    with st.popover(name):
        mark_required(services, station, note, told=False)
        chosen = st.multiselect(
            _("Services that go to the other station"),
            list(names),
            key=services,
            format_func=names.__getitem__,
            placeholder=_("Choose services"),
        )
        going = [item for item in request.items if item.service_code in chosen]
        takers = stations_to_take(session, request, present.today, going) if going else []
        told = takers_in_words(takers)
        if st.session_state.get(station) not in told:
            st.session_state[station] = None
        st.selectbox(
            _("Station that takes it over, nearest to the firm first"),
            list(told),
            index=None,
            key=station,
            format_func=lambda code: told.get(code, code),
            placeholder=_("Choose a station") if told or not going else _("No station offers all of these"),
            filter_mode="contains",
        )
        st.text_area(_("Reason (the firm reads it too)"), key=note, max_chars=NOTE_LIMIT)
        st.button(
            name,
            type="primary",
            key=f"split_{number}",
            on_click=lambda: perform(
                lambda session: split(
                    session,
                    visit().actor,
                    number,
                    st.session_state[services],
                    st.session_state[station] or "",
                    version=version,
                    note=st.session_state[note],
                    now=visit().now,
                ),
                _("These services are a request of their own now; the firm's code opens both."),
            ),
        )
