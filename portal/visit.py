"""The visitor of the page being drawn, the time, and what they may see: the arguments pages pass to ``stations``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from portal.language import current
from portal.samples import samples_shown
from portal.storage import domain_settings, engine
from stations import clock
from stations.accounts.sign_ins import current_sign_in, note_use
from stations.database import reading, transaction
from stations.database_faults import can_still_be_read
from stations.duty.roles import Actor
from stations.language import Language, day_in_china
from stations.notices.firm_address import public_url

SESSION_COOKIE = "session"
_NO_WAIT = timedelta(seconds=1)


@dataclass(frozen=True)
class Visit:
    """One visitor's run of a page.

    ``now``: the time of this run, UTC; ``today``: the date in China; ``samples``: whether sample records are shown;
    ``actor``: the signed-in user; ``sign_in``: the code of their sign-in.
    """

    now: datetime
    today: date
    samples: bool
    actor: Actor | None
    language: Language
    sign_in: str | None = None


def visit() -> Visit:
    """Return the visit for the page being drawn, and record the use of its sign-in if due."""
    now = clock.now()
    token = st.context.cookies.get(SESSION_COOKIE)
    signed_in = None
    if token:
        with reading(engine()) as session:
            signed_in = current_sign_in(session, token, now, samples=domain_settings().samples)
    if token and signed_in and signed_in.to_note:
        _note_use(token, now)
    actor, code = (signed_in.actor, signed_in.code) if signed_in else (None, None)
    return Visit(now, day_in_china(now), samples_shown(), actor, current(), code)


def _note_use(token: str, now: datetime) -> None:
    try:
        with transaction(engine(), wait=_NO_WAIT) as session:
            note_use(session, token, now)
    except SQLAlchemyError as error:
        if not can_still_be_read(error):
            raise


def own_address() -> str:
    """Return the path and query of the page being drawn, for returning to it."""
    page = urlsplit(st.context.url or "/").path or "/"
    query = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{page}?{urlencode(query)}" if query else page


def site_address() -> str:
    """Return the address of this portal, such as ``https://portal.example.com``, for a link that is handed on.

    ``PUBLIC_URL`` where it is set; otherwise the address by which the visitor came, which is shown to that visitor
    only and never sent by the portal.
    """
    came = urlsplit(st.context.url or "")
    return public_url() or f"{came.scheme}://{came.netloc}"
