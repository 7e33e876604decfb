"""Whether this visitor sees sample records, and switching it.

Samples are shown if the installation has them (``SAMPLE``), unless the visitor chose documented records only; the
choice is stored in the cookie ``samples``.
"""

from __future__ import annotations

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from portal.storage import domain_settings
from portal.visitor_choice import choice_url, keep_choice

COOKIE = "samples"
_CHOICES = ("shown", "hidden")


def samples_shown() -> bool:
    """Whether the visitor whose page is being drawn sees sample records."""
    return domain_settings().samples and st.context.cookies.get(COOKIE) != "hidden"


def samples_url(choice: str, page: str = "/") -> str:
    """Return the address that shows or hides samples (``shown``, ``hidden``) and redirects to ``page`` of this site."""
    return choice_url(COOKIE, choice, page)


def _switch(request: Request) -> RedirectResponse:
    return keep_choice(request, COOKIE, _CHOICES)


routes: list[BaseRoute] = [Route(f"/{COOKIE}/{{choice}}", _switch)]
