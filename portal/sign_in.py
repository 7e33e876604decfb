"""Signing in and out: plain pages beside Streamlit's, because only they can set an HttpOnly cookie.

The cookie holds a random token; who it stands for, and until when, is in the database, so a reload
keeps the sign-in and signing out ends it on the server. Forms are taken from our own pages only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal import language
from portal.language import is_own_path
from portal.plain_page import plain_page
from portal.storage import domain_settings, engine
from portal.visit import SESSION_COOKIE
from stations import accounts, sign_ins
from stations.database import reading, transaction
from stations.labels import label

AFTER_SIGN_IN = "/desk"


def _next_page(value: str | None) -> str:
    return value if value and is_own_path(value) else AFTER_SIGN_IN


def _from_own_page(request: Request) -> None:
    """Let a form pass that our own page sent.

    Raises:
        HTTPException: another site sent it.
    """
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


def _sign_in_page(request: Request, *, wrong: bool = False, username: str = "", next_page: str = "") -> HTMLResponse:
    spoken = language.of_request(request)
    with reading(engine()) as session:
        samples = sign_ins.list_sample_users(session) if domain_settings().samples else []
        no_accounts = accounts.count_users(session) == 0
        sample_users = [
            (user.username, user.name, ", ".join(label(spoken, duty.role) for duty in user.duties)) for user in samples
        ]
    return plain_page(
        request,
        "sign_in.html",
        status=401 if wrong else 200,
        wrong=wrong,
        username=username,
        next_page=next_page,
        sample_users=sample_users,
        no_accounts=no_accounts,
        minutes=int(sign_ins.LOCKED_FOR.total_seconds() // 60),
    )


async def show_sign_in(request: Request) -> Response:
    """The form."""
    return await run_in_threadpool(_sign_in_page, request, next_page=request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    """Take the form: sign in with a password, or enter as a sample user."""
    _from_own_page(request)
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    sample, next_page = str(form.get("sample", "")), str(form.get("next", ""))

    def check() -> str | None:
        now = datetime.now(UTC)
        with transaction(engine()) as session:
            if sample and domain_settings().samples:
                return sign_ins.enter_as_sample(session, sample, now)
            return sign_ins.sign_in(session, username, password, now)

    token = await run_in_threadpool(check)
    if token is None:
        return await run_in_threadpool(_sign_in_page, request, wrong=True, username=username, next_page=next_page)
    response = RedirectResponse(_next_page(next_page), status_code=303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(sign_ins.SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def show_sign_out(request: Request) -> Response:
    """Ask before signing out: a link alone must not."""
    return plain_page(request, "sign_out.html")


async def sign_out(request: Request) -> Response:
    """End the sign-in on the server and in the browser."""
    _from_own_page(request)
    token = request.cookies.get(SESSION_COOKIE)

    def end() -> None:
        with transaction(engine()) as session:
            sign_ins.sign_out(session, token, datetime.now(UTC))

    if token:
        await run_in_threadpool(end)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


routes: list[BaseRoute] = [
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", show_sign_out, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
