"""The receipt of a filed request: its tracking number and secret code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from portal.components import link, notice, page_url, sample_tag
from portal.firm_browser import browser_token
from portal.language import _, current
from portal.navigation import page_named
from portal.number_and_code import draw_number_and_code, draw_saving_both
from portal.requests.deadlines import day_in_words
from portal.requests.kept_draft import forget_fields
from portal.requests.routing_view import routing_in_words
from portal.requests.station_contact import station_contact
from portal.share import draw_share
from portal.storage import engine
from stations.database import transaction
from stations.requests.draft import put_receipt_away
from stations.requests.service_request import ServiceRequest

FOLLOWED_REQUEST = "tracked_request"
"""Key in the session state: which of the requests open in this browser is shown, by its number."""


@dataclass(frozen=True)
class Receipt:
    """The data of a receipt.

    ``code`` is shown only here, because the database contains only its hash. ``address``: of the form it was sent from;
    ``unconfirmed``: the address for notices to which a code is sent, "" if none is. ``answer_by``: the last day for the
    station's answer; ``parts``: the numbers of the other requests of the same form, each with its station.
    """

    number: str
    code: str
    station: str
    steward: str
    routing: tuple[str, ...]
    sample: bool
    filed: str
    address: str
    unconfirmed: str
    answer_by: str
    contact: Markup
    parts: tuple[str, ...]


def receipt_of(request: ServiceRequest, code: str, address: str, now: datetime) -> Receipt:
    """Return the receipt of a request just filed. The session must still be open."""
    return Receipt(
        number=request.number,
        code=code,
        station=current().pick(request.station.name, request.station.name_en),
        steward=request.steward or "",
        routing=tuple(routing_in_words(request)),
        sample=request.sample,
        filed=current().format_datetime(request.created_at),
        address=address,
        unconfirmed=request.notice_address or "" if request.notice_proof and not request.notice_confirmed_at else "",
        answer_by=day_in_words(request.answer_due_on) if request.answer_due_on else "",
        contact=station_contact(request.station, request.office, now),
        parts=tuple(
            f"{part.number} · {current().pick(part.station.name, part.station.name_en)}" for part in request.split_off
        ),
    )


def draw_receipt(receipt: Receipt) -> None:
    """Draw the receipt, with ways to save it (copy, print, file) and to follow the request."""
    st.title(_("The request is filed"))
    draw_number_and_code(_("Tracking number"), receipt.number, receipt.code, _text(receipt))
    notice(
        _(
            "Write both down or save them now: with both, and without an account, you see the request and the answers "
            "to it. The code is shown only here. If you lose it, the number or address that you confirm for notices "
            "opens your requests, or the station gives you a new code once it knows who you are."
        )
    )
    if receipt.parts:
        parts = Markup("").join(Markup("<li>{}</li>").format(part) for part in receipt.parts)
        told = _("The same code opens the other parts, which you follow by themselves:")
        notice(Markup("{}<ul>{}</ul>").format(told, parts))
    if receipt.unconfirmed and not receipt.sample:
        notice(
            _(
                "A code of six digits is being sent to {address}. Enter it under “Follow this request”; each step is "
                "told there from then on.",
                address=receipt.unconfirmed,
            )
        )
    if receipt.sample:
        notice(
            Markup("{} {}").format(
                sample_tag(),
                _(
                    "{station} is invented, so this request is a sample as well and nobody will answer it.",
                    station=receipt.station,
                ),
            ),
            "sample",
        )
    with st.container(horizontal=True, key="receipt_actions"):
        if st.button(_("Follow this request"), type="primary"):
            st.session_state[FOLLOWED_REQUEST] = receipt.number
            st.switch_page(page_named("track"))
        draw_saving_both(receipt.number, _text(receipt))
    st.html(receipt.contact)
    draw_share(
        page_url("track", number=receipt.number),
        _("Link and QR code of this request"),
        _("QR code of the page where the request is followed"),
    )
    st.header(_("Who answers, and why"))
    st.html(
        Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(told) for told in receipt.routing))
    )
    st.header(_("What happens next"))
    steps = [
        _(
            "By {day}, {station} takes the request on, asks for more, or says why it can't.",
            station=receipt.station,
            day=receipt.answer_by,
        ),
        _("A quality steward has the services done; each is delivered by itself."),
        _("You see every step under “Follow a request”, write to the station there, and confirm at the end."),
    ]
    st.html(Markup("<ol>{}</ol>").format(Markup("").join(Markup("<li>{}</li>").format(step) for step in steps)))
    with st.container(horizontal=True, vertical_alignment="center", key="receipt_onward"):
        st.html(Markup("<p>{}</p>").format(link(page_url("find"), _("Ask for something else"))))
        st.button(
            _("I have both: put this away"),
            type="tertiary",
            on_click=_put_away,
            args=(receipt.address,),
            help=_("On a computer that others use too. Otherwise a reload shows it for half an hour."),
        )


def _put_away(address: str) -> None:
    with transaction(engine()) as session:
        put_receipt_away(session, browser_token(), address)
    forget_fields()


def _text(receipt: Receipt) -> str:
    lines = [
        _("Request to {station}, filed {when}", station=receipt.station, when=receipt.filed),
        _("Tracking number: {number}", number=receipt.number),
        _("Code: {code}", code=receipt.code),
        *receipt.parts,
        _("Keep the code to yourself: whoever has both sees the request."),
    ]
    return "\r\n".join(lines) + "\r\n"
