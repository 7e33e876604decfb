"""Using the firm's details of an earlier request again: of those only that are open in this browser.

A request is open in a browser that filed it, or that gave its number and code.
"""

from __future__ import annotations

import streamlit as st

from portal.firm_browser import browser_token
from portal.language import _
from portal.markdown_text import plain
from portal.requests.kept_draft import PREFIX
from portal.storage import engine
from portal.visit import Visit
from stations.database import reading
from stations.requests.code_session import opened_requests

FIELDS = ("firm_name", "credit_code", "contact_name", "phone", "email")
MOST = 3
"""Of so many firms at most, those asked for last."""


def draw_reuse(present: Visit) -> None:
    """Draw a button for each firm whose details can be used again; nothing once a name is typed."""
    if st.session_state.get(f"{PREFIX}firm_name"):
        return
    found = _details(present)
    if not found:
        return
    with st.container(horizontal=True, key="reused_details"):
        for number, details in found.items():
            st.button(
                _("Use the details of {number}", number=number),
                key=f"reuse_{number}",
                help=plain(details["firm_name"]),
                on_click=_fill,
                args=(details,),
            )


def _details(present: Visit) -> dict[str, dict[str, str]]:
    """Return the details of each firm by the number of its newest request that is open here."""
    found: dict[str, dict[str, str]] = {}
    with reading(engine()) as session:
        for request in opened_requests(session, browser_token(), present.now, samples=present.samples):
            details = {field: getattr(request, field) or "" for field in FIELDS}
            known = {one["credit_code"] for one in found.values()}
            if request.erased_at is None and details["credit_code"] not in known and len(found) < MOST:
                found[request.number] = details
    return found


def _fill(details: dict[str, str]) -> None:
    for field, value in details.items():
        st.session_state[f"{PREFIX}{field}"] = value
