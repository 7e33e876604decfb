"""Searching the service catalogue; the index is cached per data revision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import notice
from portal.language import _, pick
from stations.catalogue.service import list_entries
from stations.catalogue.service_search import SearchAnswer, ServiceIndex
from stations.catalogue.word_tables import Elsewhere
from stations.revision import current_revision


def search_services(session: Session, query: str) -> SearchAnswer:
    """Return the services that match the query, best first, and who does what no station does."""
    return _index(session, current_revision(session)).answer(query)


def draw_elsewhere(others: Sequence[Elsewhere]) -> None:
    """Draw who does what was searched for, where no station does it."""
    for one in others:
        told = _("This is not done by a station, but by: {who}.", who=pick(*one.who))
        notice(Markup("{}<br><small>{}</small>").format(told, _("Rests on: {source}", source=pick(*one.basis))))


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(_session: Session, revision: int) -> ServiceIndex:
    return ServiceIndex(list_entries(_session))
