"""The services that a station offers, by group, for choosing and requesting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice, page_url
from portal.language import _, ngettext, pick
from portal.markdown_text import plain
from stations.catalogue.service import Service, list_groups
from stations.registry.station import Station


def offered_services(session: Session, station: Station, as_of: date) -> list[tuple[Service, list[Service], bool]]:
    """Return the groups in which the station offers anything on that date.

    Each comes with its services to choose from, and whether the station's record names only the group.
    """
    offered = {offer.service_code for offer in station.offers if offer.holds_on(as_of)}
    found = []
    for group in list_groups(session):
        named = [service for service in group.services if service.code in offered]
        if named or group.code in offered:
            found.append((group, named or list(group.services), not named))
    return found


def draw_offers(session: Session, station: Station, as_of: date, *, ask: bool) -> None:
    """Draw the offered services; with ``ask`` they can be chosen for a request."""
    groups = offered_services(session, station, as_of)
    if not groups:
        notice(_("Its record names no service."), "warn")
        return
    chosen: list[str] = []
    for group, services, unsure in groups:
        names = {service.code: pick(service.name_zh, service.name_en) for service in services}
        title = pick(group.name_zh, group.name_en)
        if not ask:
            st.html(Markup("<p><strong>{}</strong> {}</p>").format(title, _list(names.values())))
            continue
        told = _("{group} (the record names the group only; ask what it does of it)", group=title) if unsure else title
        chosen += st.pills(
            plain(told),
            list(names),
            key=f"offers_{group.code}",
            selection_mode="multi",
            format_func={code: plain(name) for code, name in names.items()}.__getitem__,
            wrap=True,
        )
    if not ask:
        return
    if chosen:
        told = ngettext("Ask for {count} service", "Ask for {count} services at once", len(chosen))
        href = page_url("request", station=station.code, service=chosen)
        st.html(Markup('<p><a class="button" href="{}" target="_self">{}</a></p>').format(href, told))
    else:
        st.html(Markup('<p class="source">{}</p>').format(_("Choose one or more to ask for them in one request.")))


def _list(names: Iterable[str]) -> str:
    return " · ".join(names)
