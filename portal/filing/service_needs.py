"""What a firm has to bring for each service that it asks for, and how long that usually takes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.language import _, pick
from portal.registry.usual_time import usual_time
from stations.catalogue.service import Service

OPEN = 3
"""Up to so many services are shown with all that is to be brought; more of them are opened one by one."""


def draw_service_needs(services: Sequence[Service]) -> None:
    """Draw one entry for each service; nothing if there are none."""
    if services:
        entries = Markup("").join(_entry(service, opened=len(services) <= OPEN) for service in services)
        st.html(Markup('<section class="needs" aria-label="{}">{}</section>').format(_("What to bring"), entries))


def _entry(service: Service, *, opened: bool) -> Markup:
    facts = [
        (_("What to bring"), _things(pick(service.bring_zh, service.bring_en))),
        (_("Fee"), pick(service.fee_zh, service.fee_en)),
    ]
    return Markup(
        '<details class="entry"{}><summary><strong>{}</strong><span>{}</span></summary>'
        '<dl class="facts">{}</dl></details>'
    ).format(
        Markup(" open") if opened else "",
        pick(service.name_zh, service.name_en),
        usual_time(service),
        Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, told) for name, told in facts if told),
    )


def _things(text: str) -> Markup | str:
    """Return what the catalogue lists, separated by semicolons, as a list."""
    things = [one.strip() for one in text.replace("；", ";").split(";") if one.strip()]
    if len(things) < 2:
        return text
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in things))
