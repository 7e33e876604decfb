"""The token that tells a firm's browser from all others: in a cookie that no script can read.

Streamlit can't set a cookie, so the document of the pages that need it brings one along. Who has
cookies turned off is told apart by a token of this visit only, and a reload begins anew.
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
    """The token that a request carries; None where it carries none that we may have given."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def give_token(request: Request, response: Response) -> None:
    """Let the answer carry the browser's token, a new one where it has none, for as long as drafts are kept."""
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
    """The token of the browser that looks at the page being drawn."""
    token = st.context.cookies.get(COOKIE, "")
    if _TOKEN.fullmatch(token):
        return token
    return st.session_state.setdefault(_OF_THIS_VISIT, new_browser_token())


def outlives_the_visit() -> bool:
    """Whether the browser keeps its token, and so finds its draft again after a reload."""
    return bool(_TOKEN.fullmatch(st.context.cookies.get(COOKIE, "")))
