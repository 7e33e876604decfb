"""The second step of signing in: a code of the authenticator app, or a recovery code."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.factor_settings import factor_settings
from portal.accounts.passkeys import SCRIPT, question_of_step
from portal.accounts.session_cookie import (
    PENDING_COOKIE,
    SECOND_FACTOR,
    admitted,
    client_of,
    require_own_page,
)
from portal.accounts.sign_in_queue import queue
from portal.plain_page import plain_page, problem_text
from portal.storage import engine
from stations import clock
from stations.accounts.admission import Admission, Owing, complete, owing
from stations.accounts.factor_check import with_code
from stations.accounts.sign_in_guard import SHUT_OUT_FOR
from stations.database import reading
from stations.errors import NotReady

SET_UP = f"{SECOND_FACTOR}/set-up"
TOO_LATE = "/sign-in?done=late"


def who_owes(request: Request) -> Owing | None:
    """Return who owes the second factor in this browser, or None."""
    with reading(engine()) as session:
        return owing(session, request.cookies.get(PENDING_COOKIE), clock.now())


def _form(request: Request, debt: Owing, *, wrong: bool = False, problem: str = "") -> Response:
    question = question_of_step(request, debt.username) if debt.has_passkey else ""
    return plain_page(
        request,
        "second_factor.html",
        401 if wrong else 200,
        script=SCRIPT if question else "",
        question=question,
        app=debt.has_app,
        passkey_wrong=request.query_params.get("done") == "wrong",
        wrong=wrong,
        problem=problem,
        username=debt.username,
        minutes=int(SHUT_OUT_FOR.total_seconds() // 60),
    )


def _show(request: Request) -> Response:
    debt = who_owes(request)
    if debt is None:
        return RedirectResponse(TOO_LATE, status_code=303)
    return _form(request, debt) if debt.has_factor else RedirectResponse(SET_UP, status_code=303)


def _take(request: Request, typed: str) -> Response:
    debt, client, now = who_owes(request), client_of(request), clock.now()
    if debt is None:
        return RedirectResponse(TOO_LATE, status_code=303)
    pending = request.cookies[PENDING_COOKIE]
    try:
        token = with_code(
            engine(),
            debt.username,
            typed,
            now,
            settings=factor_settings(),
            address=client.address,
            act=lambda session, user, given: complete(session, user, pending, client, now, second_factor=given),
        )
    except NotReady as error:
        return _form(request, debt, problem=problem_text(request, error))
    if token is None:
        return _form(request, debt, wrong=True)
    return admitted(request, Admission(token), debt.next_page)


async def show_step(request: Request) -> Response:
    """Answer with the form for the code."""
    return await run_in_threadpool(_show, request)


async def take_step(request: Request) -> Response:
    """Sign in who has given the password before and a right code now."""
    require_own_page(request)
    form = await request.form()
    typed = str(form.get("code", "")) or str(form.get("recovery_code", ""))
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_take, request, typed)


routes: list[BaseRoute] = [
    Route(SECOND_FACTOR, show_step, methods=["GET"]),
    Route(SECOND_FACTOR, take_step, methods=["POST"]),
]
