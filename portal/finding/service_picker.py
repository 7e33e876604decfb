"""Choosing services from the catalogue: by search, or group by group.

The choice is stored in the address, ``?service=metrology.calibration&service=…``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st
from sqlalchemy.orm import Session

from portal.components import notice
from portal.finding.catalogue_search import draw_elsewhere, search_services
from portal.language import _, ngettext, pick
from portal.markdown_text import plain
from stations.catalogue.service import Service

PARAMETER = "service"
SHOWN = 40
"""So many characters of a search are said again where it finds nothing."""


def chosen_codes() -> list[str]:
    """Return the codes in the address in their order, without duplicates."""
    return list(dict.fromkeys(code.replace("\0", "") for code in st.query_params.get_all(PARAMETER)))


def draw_service_picker(session: Session, groups: Sequence[Service], chosen: Sequence[Service]) -> None:
    """Draw search, groups and chosen services; a choice is written to the address."""
    names = {service.code: pick(service.name_zh, service.name_en) for group in groups for service in group.services}
    names |= {group.code: pick(group.name_zh, group.name_en) for group in groups}
    codes = [service.code for service in chosen]
    query = st.text_input(
        _("Search services"),
        key="service_search",
        type="search",
        live=True,
        placeholder=_("Your own words: calibration, pressure gauge, CCC…"),
        label_visibility="collapsed",
    )
    if query and query.strip():
        answer = search_services(session, query)
        found = answer.found
        draw_elsewhere(answer.elsewhere)
        if found:
            told = ngettext("{count} service matches", "{count} services match", len(found))
            _draw_choices("found_services", told, [one.service.code for one in found], codes, names)
        elif not answer.elsewhere:
            notice(
                _(
                    "Nothing in the catalogue matches “{query}”. Try another word, choose from a group, or ask a "
                    "steward: any station advises free of charge.",
                    query=_shortened(query),
                ),
                "warn",
            )
        if not found:
            query = ""
    if not (query and query.strip()):
        by_code = {group.code: group for group in groups}
        group = st.pills(
            _("Groups of services"),
            list(by_code),
            key="service_group",
            format_func=lambda code: plain(names[code]),
            label_visibility="collapsed",
            wrap=True,
        )
        if group:
            told = _("{group}: choose one or more", group=names[group])
            _draw_choices("group_services", told, [service.code for service in by_code[group].services], codes, names)
    if codes:
        told = ngettext("{count} service chosen; tap to remove", "{count} services chosen; tap to remove", len(codes))
        _draw_choices("chosen_services", told, codes, codes, {code: f"{names[code]} ✕" for code in codes})


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _draw_choices(key: str, title: str, offered: Sequence[str], chosen: Collection[str], names: dict[str, str]) -> None:
    """Draw services that can be switched on and off; the address is the source of what is on."""
    st.session_state[key] = [code for code in offered if code in chosen]

    def change() -> None:
        kept = [code for code in chosen if code not in offered]
        st.query_params[PARAMETER] = [*kept, *st.session_state[key]]

    with st.container(key=f"{key}_choices"):
        st.pills(
            plain(title),
            offered,
            key=key,
            selection_mode="multi",
            format_func=lambda code: plain(names[code]),
            on_change=change,
            wrap=True,
        )
