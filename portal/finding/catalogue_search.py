"""Searching the service catalogue; the index is cached per data revision."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from stations.catalogue.service import Service, list_groups
from stations.catalogue.service_search import ServiceIndex
from stations.revision import current_revision


def search_services(session: Session, query: str) -> list[Service]:
    """Return the services that match the query, best first."""
    return [found.service for found in _index(session, current_revision(session)).search(query)]


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(_session: Session, revision: int) -> ServiceIndex:
    return ServiceIndex(list_groups(_session))
