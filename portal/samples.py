"""Whether this visitor sees sample records, and switching it.

Samples are shown where the installation has them (``SAMPLE``), unless the visitor chose to see the
documented records only; the choice is kept in the cookie ``samples``.
"""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from portal.language import is_own_path
from portal.storage import domain_settings

COOKIE = "samples"
_CHOICES = ("shown", "hidden")


def samples_shown() -> bool:
    """Whether sample records are taken into what the visitor whose page is being drawn sees."""
    return domain_settings().samples and st.context.cookies.get(COOKIE) != "hidden"


def samples_url(choice: str, page: str = "/") -> str:
    """Address that shows or hides samples (``shown``, ``hidden``) and goes on to ``page`` of this site."""
    return f"/samples/{choice}?next={quote(page, safe='')}"


def _switch(request: Request) -> RedirectResponse:
    choice = request.path_params["choice"]
    if choice not in _CHOICES:
        raise HTTPException(404)
    page = request.query_params.get("next", "/")
    response = RedirectResponse(page if is_own_path(page) else "/", status_code=303)
    response.set_cookie(COOKIE, choice, samesite="lax", httponly=True, secure=request.url.scheme == "https")
    response.headers["Cache-Control"] = "no-store"
    return response


routes: list[BaseRoute] = [Route("/samples/{choice}", _switch)]
