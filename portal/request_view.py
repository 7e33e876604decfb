"""Drawing a service request: where it stands, what was asked, every step so far, the messages."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, facts, link, sample_tag, table, tag
from portal.found_stations import station_url
from portal.language import _, current, pick
from portal.place_picker import county_name
from stations.labels import label
from stations.request_moves import Party, State
from stations.request_words import NEXT_STEP, step_in_words
from stations.service_request import ServiceRequest

STATE_TONES: dict[State, Tone] = {
    State.SUBMITTED: "warn",
    State.RETURNED: "warn",
    State.ACCEPTED: "",
    State.IN_PROGRESS: "",
    State.DELIVERED: "good",
    State.CLOSED: "good",
    State.REFUSED: "bad",
    State.CANCELLED: "bad",
}




def draw_request(request: ServiceRequest, party: Party) -> None:
    """Draw the request as one side sees it. Both see all of it: it is between the two."""
    st.html(
        Markup('<h2 class="request-title">{} {} {}</h2><p class="next-step">{}</p>').format(
            request.number,
            tag(label(current(), request.state), STATE_TONES[request.state]),
            sample_tag() if request.sample else "",
            _(NEXT_STEP[party][request.state]),
        )
    )
    table(
        [_("Service"), _("Who does it"), _("Delivered on"), _("Result")],
        [
            [
                pick(item.service.name_zh, item.service.name_en),
                item.performer or "",
                current().format_datetime(item.delivered_at) if item.delivered_at else tag(_("open")),
                item.result or "",
            ]
            for item in request.items
        ],
        caption=_("Services asked for"),
    )
    station = request.station
    facts(
        [
            (_("Station"), link(station_url(station.code), pick(station.name, station.name_en))),
            (_("Quality steward"), request.steward or ""),
            (_("Product or instrument concerned"), request.product),
            (_("What is it about?"), request.description),
            (_("Wanted by"), current().format_date(request.wanted_on) if request.wanted_on else ""),
            (_("Name of the firm"), request.firm_name),
            (_("Unified social credit code"), request.credit_code),
            (_("County the firm is in"), county_name(request.county)),
            (_("Contact person"), f"{request.contact_name} · {request.phone}"),
            (_("E-mail"), request.email or ""),
            (_("Filed"), current().format_datetime(request.created_at)),
        ]
    )


def draw_timeline(request: ServiceRequest) -> None:
    """Draw every step and every message, the oldest first."""
    told = [
        (event.at, 0, event.position, step_in_words(current(), event), label(current(), event.party), event.note)
        for event in request.events
    ]
    told += [
        (message.at, 1, message.id, _("Message"), f"{label(current(), message.party)} · {message.author}", message.text)
        for message in request.messages
    ]
    rows = [
        Markup("<li><time>{}</time><div><strong>{}</strong> <span>{}</span>{}</div></li>").format(
            current().format_datetime(at),
            what,
            who,
            Markup("<p>{}</p>").format(text) if text else "",
        )
        for at, _kind, _position, what, who, text in sorted(told, key=lambda entry: entry[:3])
    ]
    st.html(Markup('<ol class="timeline">{}</ol>').format(Markup("").join(rows)))
