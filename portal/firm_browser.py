"""The token that identifies a firm's browser, in a cookie that scripts can't read.

Streamlit can't set a cookie, so the document of the pages that need it sets it. A visitor with cookies disabled gets a
token for this visit only; a reload starts a new visit.
"""

from __future__ import annotations

import re

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from stations.requests.code_session import new_browser_token
from stations.requests.draft import KEEP_FOR

PAGES = frozenset({"instruments", "request", "track"})
"""The pages that need it."""
COOKIE = "firm"
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_OF_THIS_VISIT = "browser_token"


def token_in(request: Request) -> str | None:
    """Return the token in a request's cookie; None if it has none in the format of our tokens."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def give_token(request: Request, response: Response) -> None:
    """Set the browser's token as a cookie of the response, a new one if the request has none.

    The cookie lasts as long as drafts are stored.
    """
    response.set_cookie(
        COOKIE,
        token_in(request) or new_browser_token(),
        max_age=int(KEEP_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "private, no-cache"


def browser_token() -> str:
    """Return the token of the browser that views the page being drawn."""
    token = st.context.cookies.get(COOKIE, "")
    if _TOKEN.fullmatch(token):
        return token
    kept: str = st.session_state.setdefault(_OF_THIS_VISIT, new_browser_token())
    return kept


def client() -> str:
    """Return what distinguishes the visitor best for counting tries: the network address, else the browser.

    Streamlit tells no address of a visitor on this machine.
    """
    address = st.context.ip_address
    return address if isinstance(address, str) and address else browser_token()


def network() -> str:
    """Return the visitor's network address; all visitors on this machine have one."""
    address = st.context.ip_address
    return address if isinstance(address, str) and address else "127.0.0.1"


def is_on_this_machine() -> bool:
    """Whether the visitor's address is not told, because it is this machine's own."""
    return not st.context.ip_address


def outlives_the_visit() -> bool:
    """Whether the browser has the cookie, so that it finds its draft again after a reload."""
    return bool(_TOKEN.fullmatch(st.context.cookies.get(COOKIE, "")))
