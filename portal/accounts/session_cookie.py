"""The cookies of a browser that is signed in, or owes the second factor, and the origin of a request."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.own_path import is_own_path
from portal.storage import domain_settings, engine
from portal.visit import SESSION_COOKIE
from stations.accounts.admission import PENDING_LASTS, Admission
from stations.accounts.sign_ins import SIGNED_IN_FOR, Client, SignedIn, current_sign_in
from stations.database import reading

AFTER_SIGN_IN = "/desk"
PENDING_COOKIE = "sign_in_step"
SECOND_FACTOR = "/second-factor"
FORGET = {"Clear-Site-Data": '"storage"'}
"""What a browser is told when somebody signs out. Cookies stay: those of a firm's draft are none of an account."""


def next_page_of(value: str | None) -> str:
    """Return the page to open after signing in: ``value`` if it is a path of this site, else the desk."""
    return value if value and is_own_path(value) else AFTER_SIGN_IN


def admitted(request: Request, admission: Admission, next_page: str) -> RedirectResponse:
    """Redirect to ``next_page``, or to the form for the second factor, with the token in an HttpOnly cookie."""
    if admission.complete:
        response = _redirect(next_page_of(next_page))
        give_session(request, response, admission.token)
        return response
    response = _redirect(SECOND_FACTOR)
    _set_cookie(request, response, PENDING_COOKIE, admission.token, PENDING_LASTS)
    return response


def give_session(request: Request, response: Response, token: str) -> None:
    """Set the token of a sign-in as a cookie of the response."""
    _set_cookie(request, response, SESSION_COOKIE, token, SIGNED_IN_FOR)
    if PENDING_COOKIE in request.cookies:
        response.delete_cookie(PENDING_COOKIE)


def _redirect(page: str) -> RedirectResponse:
    return RedirectResponse(page, status_code=303, headers={"Cache-Control": "no-store"})


def _set_cookie(request: Request, response: Response, name: str, token: str, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def signed_in(request: Request, now: datetime) -> SignedIn | None:
    """Return the sign-in of the browser that sent a request, or None."""
    with reading(engine()) as session:
        return current_sign_in(session, request.cookies.get(SESSION_COOKIE), now, samples=domain_settings().samples)


def real_sign_in(request: Request, now: datetime) -> SignedIn | None:
    """Return the sign-in of the browser that sent a request; None of an invented person too, who has no account."""
    here = signed_in(request, now)
    return None if here is None or here.actor.sample else here


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
