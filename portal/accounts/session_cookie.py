"""The cookie of a signed-in browser, and the origin of a request."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.visit import SESSION_COOKIE
from stations.accounts.sign_ins import SIGNED_IN_FOR, Client


def signed_in(request: Request, token: str, next_page: str) -> RedirectResponse:
    """Redirect to ``next_page`` with the token in an HttpOnly cookie."""
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
    """Return the address and user agent of a request, and the token that its browser holds.

    Behind a proxy uvicorn has already inserted the visitor's address (``FORWARDED_ALLOW_IPS``).
    """
    return Client(
        request.client.host if request.client else "",
        request.headers.get("user-agent", ""),
        request.cookies.get(SESSION_COOKIE, ""),
    )


def require_own_page(request: Request) -> None:
    """Check that a form or link was sent from a page of this site.

    Raises:
        HTTPException: 403, it was sent from another site.
    """
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)
