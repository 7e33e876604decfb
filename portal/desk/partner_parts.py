"""The services that a station performs for requests of another station."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import phone_link, sample_tag, source, table, tag
from portal.language import _, current, pick
from portal.requests.deadlines import day_in_words, due_tag
from stations.duty.roles import Actor
from stations.language import day_in_china, label
from stations.requests.partner_parts import PartnerPart, list_parts


def draw_partner_parts(session: Session, actor: Actor, *, samples: bool, today: date) -> None:
    """Draw them, if there are any."""
    parts = list_parts(session, actor, samples=samples)
    if not parts:
        return
    st.subheader(_("Parts done for other stations"))
    table(
        [_("Tracking number"), _("Service"), _("What it is about"), _("Due"), _("Done by"), _("Answered for by")],
        [
            [
                Markup('<span class="nowrap">{}</span> {} {}').format(
                    part.number,
                    tag(label(current(), part.state), part.state.facts.tone),
                    sample_tag() if part.sample else "",
                ),
                pick(part.service.name_zh, part.service.name_en),
                Markup("<br>").join(text for text in (part.product, part.quantity, part.remarks) if text),
                _due(part, today),
                Markup("<br>").join(
                    text
                    for text in (
                        pick(part.institution.name, part.institution.name_en) if part.institution else "",
                        pick(part.partner.name, part.partner.name_en),
                    )
                    if text
                ),
                Markup("{}<br>{}").format(
                    pick(part.station.name, part.station.name_en),
                    phone_link(part.station.phone) if part.station.phone else "",
                ),
            ]
            for part in parts
        ],
        caption=_("Parts of open requests, the most urgent first"),
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
