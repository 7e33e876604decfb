"""Searching the service catalogue from a page: the index is made once for each state of the data."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from stations.catalogue.service import Service, list_groups
from stations.catalogue.service_search import ServiceIndex
from stations.revision import current_revision


def search_services(session: Session, query: str) -> list[Service]:
    """The services that answer what somebody typed, best first; none where nothing does."""
    return [found.service for found in _index(session, current_revision(session)).search(query)]


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(_session: Session, revision: int) -> ServiceIndex:
    return ServiceIndex(list_groups(_session))
