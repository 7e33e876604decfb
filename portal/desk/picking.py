"""Which requests of the page are picked for an act on several at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from stations.requests.bulk import Picked
from stations.requests.service_request import ServiceRequest


def picked_key(number: str) -> str:
    """Return the key of the box that picks a request."""
    return f"pick_{number}"


def pick_all(numbers: Iterable[str], picked: bool) -> None:
    """Pick all of these, or none of them."""
    for number in numbers:
        st.session_state[picked_key(number)] = picked


def picked_of(shown: Sequence[ServiceRequest]) -> list[Picked]:
    """Return those picked of the requests that are drawn, with the versions that the user sees."""
    return [(one.number, one.version) for one in shown if st.session_state.get(picked_key(one.number))]
