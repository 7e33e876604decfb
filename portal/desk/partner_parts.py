"""The services that a station performs for requests of another station."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import phone_link, sample_tag, source, tag
from portal.language import _, current, pick
from portal.requests.deadlines import day_in_words, due_tag
from stations.answers.partner_parts import PART_COLUMNS
from stations.duty.roles import Actor
from stations.language import day_in_china, label
from stations.requests.partner_parts import PartnerPart, list_parts


def draw_partner_parts(session: Session, actor: Actor, *, samples: bool, today: date) -> None:
    """Draw them, if there are any."""
    parts = list_parts(session, actor, samples=samples)
    if not parts:
        return
    st.subheader(_("Parts done for other stations"))
    draw_answer(
        PART_COLUMNS,
        parts,
        caption=_("Parts of open requests, the most urgent first"),
        drawn={
            "number": lambda part: Markup('<span class="nowrap">{}</span>').format(part.number),
            "state": lambda part: Markup("{} {}").format(
                tag(label(current(), part.state), part.state.facts.tone), sample_tag() if part.sample else ""
            ),
            "sample": lambda _part: "",  # beside the state
            "product": lambda part: part.product,
            "due_on": lambda part: _due(part, today),
            "delivered_on": lambda _part: "",  # in the words of the deadline
            "partner_name": lambda part: pick(part.partner.name, part.partner.name_en),
            "station_phone": lambda part: phone_link(part.station.phone) if part.station.phone else "",
        },
        beneath={
            **{"state": "number", "sample": "number", "quantity": "product", "remarks": "product"},
            **{"delivered_on": "due_on", "institution": "partner_name", "station_phone": "station_name"},
        },
        headed={"product": _("What it is about")},
        stacks=True,
        file="partner-parts",
    )
    source(
        _(
            "The station that answers for a request speaks with the firm and delivers; call it about your part. The "
            "firm and the other parts are not shown here."
        )
    )


def _due(part: PartnerPart, today: date) -> Markup | str:
    if part.delivered_at is not None:
        return Markup("{} {}").format(
            tag(_("Delivered"), "good"), _("on {day}", day=current().format_date(day_in_china(part.delivered_at)))
        )
    if part.due_on is None:
        return tag(_("open"))
    return Markup("{} {}").format(day_in_words(part.due_on), due_tag(part.due_on, today))
