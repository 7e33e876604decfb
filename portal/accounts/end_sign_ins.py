"""Ending one's own sign-ins: one browser, all others, or all, after the password once more (ASVS 7.5.2).

Whoever sits at a browser that was left open can't lock its owner out elsewhere.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.session_cookie import FORGET, client_of, real_sign_in, require_own_page
from portal.accounts.sign_in_queue import queue
from portal.language import N_, of_request
from portal.plain_page import plain_page, problem_text
from portal.storage import engine
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts.factor_check import SignedInUser, prove_presence
from stations.accounts.own_account import has_password
from stations.accounts.sign_ins import SignedIn, end_sign_in, end_sign_ins
from stations.database import reading, transaction
from stations.errors import Busy, DomainError

PATH = "/end-sign-ins"
OTHERS, ALL = "others", "all"
_WRONG = N_("The password is wrong, or was guessed wrongly too often; then wait a quarter of an hour.")


def _form(request: Request, here: SignedIn, which: str, status: int = 200, problem: str = "") -> Response:
    with reading(engine()) as session:
        asks_password = has_password(session, here.actor.username)
    return plain_page(request, "end_sign_ins.html", status, which=which, problem=problem, asks_password=asks_password)


def _show(request: Request) -> Response:
    here = real_sign_in(request, clock.now())
    if here is None:
        return RedirectResponse("/account", status_code=303)
    return _form(request, here, request.query_params.get("which", OTHERS))


def _take(request: Request, which: str, password: str) -> Response:
    now = clock.now()
    here = real_sign_in(request, now)
    if here is None:
        return RedirectResponse("/account", status_code=303)
    username = here.actor.username
    try:
        if not prove_presence(engine(), SignedInUser(username, here.code, client_of(request).address), password, now):
            return _form(request, here, which, 401, of_request(request).translate(_WRONG))
        with transaction(engine()) as session:
            if which in (OTHERS, ALL):
                end_sign_ins(session, username, now, by=username, but=here.code if which == OTHERS else None)
            else:
                end_sign_in(session, here.actor, which, now)
    except Busy:
        raise  # nothing is wrong with what was entered
    except DomainError as error:
        return _form(request, here, which, 422, problem_text(request, error))
    answer = RedirectResponse("/" if which == ALL else "/account?done=signed_out", status_code=303)
    if which == ALL:
        answer.headers.update(FORGET)
        answer.delete_cookie(SESSION_COOKIE)
    return answer


async def show(request: Request) -> Response:
    """Answer with the form that asks for the password."""
    return await run_in_threadpool(_show, request)


async def take(request: Request) -> Response:
    """End what was asked for."""
    require_own_page(request)
    form = await request.form()
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_take, request, str(form.get("which", OTHERS)), str(form.get("password", "")))


routes: list[BaseRoute] = [Route(PATH, show, methods=["GET"]), Route(PATH, take, methods=["POST"])]
