"""Setting a password: the first with a one-time code, a new one with the current password."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.passkeys import relying_party
from portal.accounts.session_cookie import client_of, require_own_page, signed_in
from portal.accounts.sign_in_queue import queue
from portal.language import of_request
from portal.plain_page import plain_page, problem_text
from portal.storage import engine
from stations import clock
from stations.accounts.own_account import change_password, set_first_password
from stations.accounts.passwords import MIN_PASSWORD
from stations.errors import Busy, DomainError
from stations.language import N_

_WRONG_CODE = N_("The user name or the one-time code is wrong, or the code has run out. Ask for a new one.")
_WRONG_PASSWORD = N_("The current password is wrong, or was guessed wrongly too often; then wait a quarter of an hour.")


def _form(request: Request, template: str, *, problem: str = "", status: int = 200, username: str = "") -> Response:
    return plain_page(
        request,
        template,
        status,
        problem=problem,
        username=username,
        min_length=MIN_PASSWORD,
        passkeys=relying_party(request) is not None,
    )


async def show_first_password(request: Request) -> Response:
    """Answer with the form for a one-time code."""
    return _form(request, "first_password.html", username=request.query_params.get("user", ""))


async def take_first_password(request: Request) -> Response:
    """Set the password and redirect to the sign-in page."""
    require_own_page(request)
    typed = {name: str(value) for name, value in (await request.form()).items()}
    username = typed.get("username", "")

    def act() -> Response:
        try:
            done = set_first_password(
                engine(),
                username,
                typed.get("code", ""),
                typed.get("new_password", ""),
                typed.get("repeated", ""),
                clock.now(),
                client=client_of(request),
            )
        except Busy:
            raise  # nothing is wrong with what was entered
        except DomainError as error:
            problem = problem_text(request, error)
            return _form(request, "first_password.html", problem=problem, status=422, username=username)
        if not done:
            told = of_request(request).translate(_WRONG_CODE)
            return _form(request, "first_password.html", problem=told, status=401, username=username)
        return RedirectResponse("/sign-in?done=password", status_code=303)

    with queue.turn(client_of(request).address):
        return await run_in_threadpool(act)


async def show_change(request: Request) -> Response:
    """Answer with the form for changing the password of the signed-in user."""
    here = await run_in_threadpool(signed_in, request, clock.now())
    if here is None:
        return RedirectResponse("/sign-in?next=/account", status_code=303)
    if here.actor.sample:  # the account page explains that sample accounts have no password
        return RedirectResponse("/account", status_code=303)
    return _form(request, "change_password.html")


async def take_change(request: Request) -> Response:
    """Change the password; all other sign-ins of the user end."""
    require_own_page(request)
    typed = {name: str(value) for name, value in (await request.form()).items()}

    def act() -> Response:
        now = clock.now()
        here = signed_in(request, now)
        if here is None:
            return RedirectResponse("/sign-in?next=/account", status_code=303)
        try:
            done = change_password(
                engine(),
                here.actor,
                typed.get("password", ""),
                typed.get("new_password", ""),
                typed.get("repeated", ""),
                now,
                sign_in=here.code,
            )
        except Busy:
            raise  # nothing is wrong with what was entered
        except DomainError as error:
            return _form(request, "change_password.html", problem=problem_text(request, error), status=422)
        if not done:
            told = of_request(request).translate(_WRONG_PASSWORD)
            return _form(request, "change_password.html", problem=told, status=401)
        return RedirectResponse("/account?done=password", status_code=303)

    with queue.turn(client_of(request).address):
        return await run_in_threadpool(act)


routes: list[BaseRoute] = [
    Route("/first-password", show_first_password, methods=["GET"]),
    Route("/first-password", take_first_password, methods=["POST"]),
    Route("/password", show_change, methods=["GET"]),
    Route("/password", take_change, methods=["POST"]),
]
