"""Drawing a service request: where it stands, what was asked, every step so far, the messages."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.components import Tone, facts, link, sample_tag, table, tag
from portal.found_stations import station_url
from portal.language import N_, _, current, pick
from portal.place_picker import county_name
from stations.labels import label
from stations.request_moves import MoveName, Party, State
from stations.service_request import RequestEvent, ServiceRequest

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

NEXT_STEP: dict[Party, dict[State, str]] = {
    Party.FIRM: {
        State.SUBMITTED: N_("The station reads your request and takes it on, asks for more, or says why it can't."),
        State.RETURNED: N_("It is your turn: the station needs more from you. Answer below and submit again."),
        State.ACCEPTED: N_("The station has taken it on and prepares the work."),
        State.IN_PROGRESS: N_("The services are being done; each is delivered by itself."),
        State.DELIVERED: N_("It is your turn: look at what was delivered, then confirm and close."),
        State.CLOSED: N_("You have confirmed what was delivered. The request is closed."),
        State.REFUSED: N_("The station can't take this on; its reason stands below. You can ask another station."),
        State.CANCELLED: N_("You have cancelled this request."),
    },
    Party.STATION: {
        State.SUBMITTED: N_("It is your turn: accept it, ask for what is missing, or refuse with a reason."),
        State.RETURNED: N_("The firm's answer is awaited."),
        State.ACCEPTED: N_("It is your turn: start the work, and deliver each service when it is done."),
        State.IN_PROGRESS: N_("It is your turn: deliver the services that are still open."),
        State.DELIVERED: N_("The firm's confirmation is awaited."),
        State.CLOSED: N_("The firm has confirmed. The request is closed."),
        State.REFUSED: N_("The station has refused this request."),
        State.CANCELLED: N_("The firm has cancelled this request."),
    },
}

STEPS: dict[MoveName, str] = {
    MoveName.ACCEPT: N_("The station took the request on"),
    MoveName.RETURN: N_("The station asked for more"),
    MoveName.ANSWER: N_("The firm answered and submitted again"),
    MoveName.REFUSE: N_("The station refused"),
    MoveName.START: N_("Work began"),
    MoveName.DELIVER: N_("All services are delivered"),
    MoveName.CLOSE: N_("The firm confirmed and closed"),
    MoveName.CANCEL: N_("The firm cancelled"),
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
        (event.at, 0, event.position, _step(event), label(current(), event.party), event.note)
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


def _step(event: RequestEvent) -> str:
    if event.item is not None:
        service = event.item.service
        return _("“{service}” was delivered", service=pick(service.name_zh, service.name_en))
    if event.move is None:
        return _("The firm filed the request")
    return _(STEPS[event.move])
