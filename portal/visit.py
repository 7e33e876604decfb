"""Who looks at the page being drawn, when, and what they see: what a page hands to ``stations``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode, urlsplit

import streamlit as st

from portal.language import current
from portal.samples import samples_shown
from portal.storage import domain_settings, engine
from stations.access import Actor
from stations.database import reading
from stations.language import CHINA_TIME, Language
from stations.sign_ins import actor_of

SESSION_COOKIE = "session"


@dataclass(frozen=True)
class Visit:
    """``now``: the instant of this run, UTC; ``today``: the day it is in China; ``samples``: whether
    sample records are shown; ``actor``: who is signed in."""

    now: datetime
    today: date
    samples: bool
    actor: Actor | None
    language: Language


def visit() -> Visit:
    """The visit that the page being drawn belongs to."""
    now = datetime.now(UTC)
    token = st.context.cookies.get(SESSION_COOKIE)
    actor = None
    if token:
        with reading(engine()) as session:
            actor = actor_of(session, token, now, samples=domain_settings().samples)
    return Visit(now, now.astimezone(CHINA_TIME).date(), samples_shown(), actor, current())


def own_address() -> str:
    """Path and query of the page being drawn, to come back to."""
    page = urlsplit(st.context.url or "/").path or "/"
    query = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{page}?{urlencode(query)}" if query else page
