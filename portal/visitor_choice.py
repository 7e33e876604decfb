"""A visitor's choice for all pages, stored in a cookie by visiting an address."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.own_path import is_own_path


def choice_url(cookie: str, choice: str, page: str) -> str:
    """Return the address that stores ``choice`` in ``cookie`` and redirects to ``page``, a path of this site."""
    return f"/{cookie}/{choice}?next={quote(page, safe='')}"


def keep_choice(request: Request, cookie: str, choices: Container[str], max_age: int | None = None) -> RedirectResponse:
    """Store the ``choice`` in the request's path as a cookie, and redirect to the page in its parameter ``next``.

    Nothing is stored where the link stands on another site, or where the browser only looks ahead.

    ``max_age``: in seconds; None for until the browser is closed.

    Raises:
        HTTPException: 404, the choice is none of ``choices``.
    """
    choice = request.path_params["choice"]
    if choice not in choices:
        raise HTTPException(404)
    page = request.query_params.get("next", "/")
    response = RedirectResponse(page if is_own_path(page) else "/", status_code=303)
    if _chosen_here(request):
        response.set_cookie(
            cookie, choice, max_age=max_age, samesite="lax", httponly=True, secure=request.url.scheme == "https"
        )
    response.headers["Cache-Control"] = "no-store"
    return response


def _chosen_here(request: Request) -> bool:
    """Whether the visitor followed a link of this site, or typed the address.

    Browsers tell that in ``Sec-Fetch-Site``; those that don't name the page in ``Referer``, if any.
    """
    headers = request.headers
    if "prefetch" in headers.get("sec-purpose", "") + headers.get("purpose", ""):
        return False
    if site := headers.get("sec-fetch-site"):
        return site in {"same-origin", "none"}
    referer = headers.get("referer")
    return referer is None or urlsplit(referer).netloc == headers.get("host")
