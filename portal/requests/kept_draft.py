"""The draft of a request while it is entered: in the fields, and on the server so that it survives a reload.

The content is written to the server whenever it has changed. Consent is not stored: it is given anew with each request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from portal.firm_browser import browser_token
from portal.paged_list import number_in_address
from portal.storage import engine
from portal.visit import own_address
from stations.database import reading, transaction
from stations.requests.draft import discard_draft, find_draft, new_draft, open_drafts, save_draft

DRAFT = "draft"
"""Of the form's address: the number of its draft among those of the browser, so that two tabs have two."""
_KEY = "draft_key"
_SERIAL = "draft_serial"
_SAVED = "draft_saved"
_SINCE = "draft_since"
PREFIX = "ask_"
"""Of the keys of the form's fields in the session's state."""

Typed = dict[str, Any]


@dataclass(frozen=True)
class OtherDraft:
    """A draft that this browser began in another form. ``href``: its form; ``product``: what it is about, or ""."""

    href: str
    product: str
    since: datetime


def form_address() -> str:
    """Return path and query of the form, without the number of its draft."""
    path, _, query = own_address().partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != DRAFT]
    return f"{path}?{urlencode(kept)}" if kept else path


def fill_fields(asked: Mapping[str, Any], address: str, now: datetime) -> None:
    """Fill the fields of a newly opened form from its draft, whose number is in the address, and from the address.

    The address takes precedence if the draft was entered at another address. ``asked``: field → value in the address;
    empty values are ignored.
    """
    if f"{PREFIX}firm_name" in st.session_state:
        return
    serial = number_in_address(DRAFT)
    with reading(engine()) as session:
        draft = find_draft(session, browser_token(), now, serial) if serial is not None else None
    typed: Typed = dict(draft.content) if draft else {}
    if typed.get("address") != address:
        typed |= {field: value for field, value in asked.items() if value}
    for field, value in typed.items():
        st.session_state[f"{PREFIX}{field}"] = value
    st.session_state.setdefault(f"{PREFIX}firm_name", "")
    st.session_state[_KEY] = draft.key if draft else None
    st.session_state[_SERIAL] = draft.serial if draft else None
    st.session_state[_SAVED] = draft.content if draft else None
    st.session_state[_SINCE] = draft.expires_at if draft else None


def other_drafts(now: datetime) -> list[OtherDraft]:
    """Return the drafts of other forms of this browser, while this one has none of its own yet."""
    if draft_serial() is not None:
        return []
    with reading(engine()) as session:
        drafts = open_drafts(session, browser_token(), now)
    found = []
    for draft in drafts:
        path, _, query = str(draft.content.get("address") or "/request").partition("?")
        href = f"{path}?{urlencode([*parse_qsl(query, keep_blank_values=True), (DRAFT, draft.serial)])}"
        found.append(OtherDraft(href, str(draft.content.get("product") or ""), draft.updated_at))
    return found


def keep(typed: Typed, now: datetime) -> None:
    """Write the input to the server if it has changed and contains anything typed by a person."""
    before = st.session_state.get(_SAVED)
    if typed == before or (before is None and not any(typed[field] for field in _TYPED_BY_HAND)):
        return
    begin_draft(typed, now)


def begin_draft(typed: Typed, now: datetime) -> str:
    """Write the input to the server, and return the key of this form's draft, whose number goes into the address."""
    with transaction(engine()) as session:
        serial = draft_serial()
        if serial is None:
            serial = new_draft(session, browser_token(), now).serial
        draft = save_draft(session, browser_token(), typed, now, serial)
    st.session_state[_SAVED], st.session_state[_SINCE] = typed, draft.expires_at
    st.session_state[_SERIAL] = draft.serial
    st.query_params[DRAFT] = str(draft.serial)
    # Another tab may have filed that draft meanwhile; this form still belongs to the one it began with.
    key: str = st.session_state.get(_KEY) or draft.key
    st.session_state[_KEY] = key
    return key


def draft_serial() -> int | None:
    """Return the number of this form's draft among those of the browser; None if none is stored yet."""
    return st.session_state.get(_SERIAL)


def kept_until() -> datetime | None:
    """Return when the draft expires; None if none is stored yet."""
    return st.session_state.get(_SINCE)


def draft_key() -> str | None:
    """Return the key of the draft that this form began with; None if none is stored yet."""
    return st.session_state.get(_KEY)


def discard() -> None:
    """Delete the draft with its files, and clear the fields."""
    with transaction(engine()) as session:
        discard_draft(session, browser_token(), draft_serial())
    st.query_params.pop(DRAFT, None)
    forget_fields()


def forget_fields() -> None:
    """Clear the fields; the draft on the server remains."""
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith((PREFIX, "draft_")):
            del st.session_state[key]


_TYPED_BY_HAND = ("firm_name", "credit_code", "contact_name", "phone", "email", "product", "description")
