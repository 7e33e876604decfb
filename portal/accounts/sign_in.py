"""Signing in and out: plain pages outside Streamlit, because only they can set an HttpOnly cookie.

The cookie contains a random token; its user and expiry are in the database, so a reload keeps the sign-in and signing
out ends it on the server. Forms are accepted from pages of this site only.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from geo.province import province_in_use
from portal import language
from portal.accounts.factor_settings import factor_settings
from portal.accounts.passkeys import relying_party
from portal.accounts.session_cookie import FORGET, PENDING_COOKIE, admitted, client_of, require_own_page
from portal.accounts.sign_in_queue import queue
from portal.plain_page import plain_page
from portal.settings import settings
from portal.storage import domain_settings, engine
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts import accounts, password_check, sign_in_guard, sign_ins
from stations.accounts.admission import Admission, end_pending
from stations.database import reading, transaction
from stations.language import label


def _sign_in_page(request: Request, *, wrong: bool = False, username: str = "", next_page: str = "") -> HTMLResponse:
    spoken = language.of_request(request)
    with reading(engine()) as session:
        samples = sign_ins.list_sample_users(session) if domain_settings().samples else []
        no_accounts = accounts.count_users(session) == 0
        sample_users = [
            (user.username, user.name, spoken.join(label(spoken, duty.role) for duty in user.duties))
            for user in samples
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
        province=province_in_use().adcode,
        minutes=int(sign_in_guard.SHUT_OUT_FOR.total_seconds() // 60),
        provider=settings().provider,
        passkeys=relying_party(request) is not None,
        password_set=request.query_params.get("done") == "password",
        too_late=request.query_params.get("done") == "late",
    )


async def show_sign_in(request: Request) -> Response:
    """Answer with the form."""
    return await run_in_threadpool(_sign_in_page, request, next_page=request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    """Sign in with a password, or as a sample user."""
    require_own_page(request)
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    sample, next_page = str(form.get("sample", "")), str(form.get("next", ""))

    client = client_of(request)

    def check() -> Admission | None:
        now = clock.now()
        if sample and domain_settings().samples:
            with transaction(engine()) as session:
                token = sign_ins.enter_as_sample(session, sample, now, client=client)
            return Admission(token) if token else None
        return password_check.sign_in(
            engine(), username, password, now, client=client, settings=factor_settings(), next_page=next_page
        )

    with queue.turn(client.address):
        admission = await run_in_threadpool(check)
    if admission is None:
        return await run_in_threadpool(_sign_in_page, request, wrong=True, username=username, next_page=next_page)
    return admitted(request, admission, next_page)


async def show_sign_out(request: Request) -> Response:
    """Answer with a page that asks for confirmation: following a link must not sign out."""
    return plain_page(request, "sign_out.html")


async def sign_out(request: Request) -> Response:
    """End the sign-in on the server, also one that owes the second factor, and delete the cookies."""
    require_own_page(request)
    token, pending = request.cookies.get(SESSION_COOKIE), request.cookies.get(PENDING_COOKIE)

    def end() -> None:
        with transaction(engine()) as session:
            if token:
                sign_ins.sign_out(session, token, clock.now())
            if pending:
                end_pending(session, pending)

    if token or pending:
        await run_in_threadpool(end)
    response = RedirectResponse("/", status_code=303, headers=FORGET)
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(PENDING_COOKIE)
    return response


routes: list[BaseRoute] = [
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", show_sign_out, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
