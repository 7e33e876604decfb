"""What a visitor chose for all pages, kept in a cookie: the answer to the address that chooses it."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.own_path import is_own_path


def choice_url(cookie: str, choice: str, page: str) -> str:
    """Address that keeps ``choice`` in ``cookie`` and goes on to ``page``, a path of this site."""
    return f"/{cookie}/{choice}?next={quote(page, safe='')}"


def keep_choice(request: Request, cookie: str, choices: Container[str], max_age: int | None = None) -> RedirectResponse:
    """Keep the ``choice`` in the path of the request, for ``max_age`` seconds (None: until the browser is
    closed), and go on to the page that it names under ``next``.

    Raises:
        HTTPException: 404, it is none of ``choices``.
    """
    choice = request.path_params["choice"]
    if choice not in choices:
        raise HTTPException(404)
    page = request.query_params.get("next", "/")
    response = RedirectResponse(page if is_own_path(page) else "/", status_code=303)
    response.set_cookie(
        cookie, choice, max_age=max_age, samesite="lax", httponly=True, secure=request.url.scheme == "https"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
