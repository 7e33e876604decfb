"""The cookie of a signed-in browser, and what a request tells about where it comes from."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.visit import SESSION_COOKIE
from stations.accounts.sign_ins import SIGNED_IN_FOR, Client


def signed_in(request: Request, token: str, next_page: str) -> RedirectResponse:
    """Go on to ``next_page`` with the token in an HttpOnly cookie."""
    response = RedirectResponse(next_page, status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def client_of(request: Request) -> Client:
    """Where a request comes from. Behind a proxy uvicorn has put the visitor's address in
    (``FORWARDED_ALLOW_IPS``)."""
    return Client(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def require_own_page(request: Request) -> None:
    """Let a form or a link pass that our own page sent.

    Raises:
        HTTPException: another site sent it.
    """
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)
