"""Filters of the stations found: open now (``?open=now``), and serving a chain (``?chain=…``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from portal.address_choice import draw_choice_of_one, text_in_address
from portal.language import _, pick
from stations.catalogue.chain import list_chains

OPEN, CHAIN = "open", "chain"
NOW = "now"


def filters_in_address(session: Session, now: datetime) -> dict[str, Any]:
    """Return the filters in the address as arguments of ``nearest_stations``; unlisted chains are ignored."""
    known = {chain.code for chain in list_chains(session)}
    chain = text_in_address(CHAIN)
    return {
        "open_at": now if st.query_params.get(OPEN) == NOW else None,
        "chains": [chain] if chain in known else [],
    }


def draw_filters(session: Session) -> bool:
    """Draw the filters, which are stored in the address. Return whether one is on."""
    key = f"filter_{OPEN}"
    st.session_state[key] = st.query_params.get(OPEN) == NOW

    def change() -> None:
        if st.session_state[key]:
            st.query_params[OPEN] = NOW
        else:
            st.query_params.pop(OPEN, None)

    with st.container(horizontal=True, vertical_alignment="bottom", key="find_filters"):
        st.toggle(_("Open now"), key=key, on_change=change)
        chains = {chain.code: pick(chain.name_zh, chain.name_en) for chain in list_chains(session)}
        chain = draw_choice_of_one(CHAIN, _("Serves the chain"), chains)
    return st.session_state[key] or chain is not None
