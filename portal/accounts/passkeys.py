"""Passkeys: making and removing one, and signing in with one, as the second step or in place of the password.

A small script of ours, ``portal/static/passkeys.js``, hands the question to the browser's authenticator and sends its
answer with the form that holds the question.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.session_cookie import (
    PENDING_COOKIE,
    SECOND_FACTOR,
    admitted,
    client_of,
    real_sign_in,
    require_own_page,
)
from portal.accounts.sign_in_queue import queue
from portal.language import N_, of_request
from portal.plain_page import plain_page, problem_text
from portal.storage import engine
from stations import clock
from stations.accounts.accounts import User, active_user
from stations.accounts.admission import Admission, complete, owing
from stations.accounts.factor_check import Given
from stations.accounts.passkeys import RelyingParty, add_passkey, ask_to_make, ask_to_use, use_passkey
from stations.accounts.passkeys_alone import ask_for_first_passkey, begin_with_passkey, signs_in_by_passkeys_alone
from stations.accounts.sign_ins import Method, end_sign_ins, open_sign_in
from stations.database import transaction
from stations.errors import Busy, DomainError, NotAllowed
from stations.notices.firm_address import public_url
from stations.province import portal_title

SCRIPT = "portal/passkeys.js"
MADE = f"{SECOND_FACTOR}/passkeys"
SECOND_STEP = f"{SECOND_FACTOR}/passkey"
SIGN_IN = "/passkey"
FIRST = "/first-passkey"
_STRANGER = "passkey sign-in"
_WRONG = N_("The passkey was not accepted. Please try once more, or sign in another way.")
_WRONG_CODE = N_(
    "The user name or the code is wrong, the code has run out, or this account has a second step that the code "
    "does not open. Set a password with it, or ask your administrator."
)
_NOT_HERE = N_("Passkeys work under the portal's public address only")


def relying_party(request: Request) -> RelyingParty | None:
    """Return the portal as authenticators know it: by ``PUBLIC_URL``, or as ``localhost`` where that is not set.

    None where the visitor calls it by another name, for which browsers refuse passkeys: they need a host name, by TLS.
    """
    address = urlsplit(public_url() or f"http://{request.headers.get('host', '')}")
    host = address.hostname or ""
    called = urlsplit(f"//{request.headers.get('host', '')}").hostname
    if host != called or _is_address(host) or (address.scheme != "https" and host != "localhost"):
        return None
    name = of_request(request).pick(*portal_title())
    return RelyingParty(host, f"{address.scheme}://{address.netloc}", name)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def require_party(request: Request) -> RelyingParty:
    """Return ``relying_party``.

    Raises:
        NotAllowed: there is none where the visitor is.
    """
    party = relying_party(request)
    if party is None:
        raise NotAllowed(_NOT_HERE)
    return party


def question_of_step(request: Request, username: str) -> str:
    """Return the question for a passkey of who owes the second factor; "" if there is none to ask for."""
    party = relying_party(request)
    if party is None:
        return ""
    with transaction(engine()) as session:
        user = active_user(session, username)
        if user is None:
            return ""
        return ask_to_use(session, user, party, clock.now(), begun_in=request.cookies.get(PENDING_COOKIE, ""))


def _first_form(request: Request, question: str, form: dict[str, str], problem: str = "") -> Response:
    return plain_page(
        request,
        "first_passkey.html",
        422 if problem else 200,
        script=SCRIPT,
        question=question,
        problem=problem,
        username=form.get("username", ""),
        code=form.get("code", ""),
    )


def _first(request: Request, form: dict[str, str]) -> Response:
    """Answer who has a one-time code and wants a passkey in place of a password: with the form, then with codes."""
    username, code, answer = form.get("username", ""), form.get("code", ""), form.get("credential", "")
    now, client, problem = clock.now(), client_of(request), ""
    try:
        if answer:
            name, here = form.get("name", ""), require_party(request)
            codes = begin_with_passkey(engine(), username, code, answer, name, here, now, client=client)
            if codes is not None:
                return plain_page(request, "recovery_codes.html", codes=codes.shown, next_page="/sign-in", alone=True)
    except Busy:
        raise  # nothing is wrong with what was entered
    except DomainError as error:
        problem = problem_text(request, error)
    party = relying_party(request)
    question = ask_for_first_passkey(engine(), username, code, party, now, client=client) if party else None
    if question is None:
        told = problem or of_request(request).translate(_WRONG_CODE)
        return plain_page(request, "first_passkey.html", 401, question="", problem=told, username=username)
    return _first_form(request, question, form, problem)


def form_to_make(request: Request, session: Session, user: User, begun_in: str, problem: str = "") -> Response:
    """Answer with the form that has a passkey made; its user has proved to be there."""
    alone = signs_in_by_passkeys_alone(session, user)
    question = ask_to_make(session, user, require_party(request), clock.now(), begun_in=begun_in, alone=alone)
    return plain_page(
        request, "passkey_new.html", 422 if problem else 200, script=SCRIPT, question=question, problem=problem
    )


def _make(request: Request, answer: str, name: str) -> Response:
    now = clock.now()
    here = real_sign_in(request, now)
    if here is None:
        return RedirectResponse("/account", status_code=303)
    username = here.actor.username
    try:
        with transaction(engine()) as session:
            user = active_user(session, username, lock=True)
            if user is not None:
                alone, party = signs_in_by_passkeys_alone(session, user), require_party(request)
                add_passkey(session, user, answer, name, party, now, begun_in=here.code, alone=alone)
                end_sign_ins(session, username, now, by=username, but=here.code)
    except DomainError as error:
        told = problem_text(request, error)
        return plain_page(request, "passkey_new.html", 422, question="", problem=told)
    return RedirectResponse("/account?done=passkey", status_code=303)


def _second_step(request: Request, answer: str) -> Response:
    now, client = clock.now(), client_of(request)
    pending, party = request.cookies.get(PENDING_COOKIE, ""), relying_party(request)
    token = None
    with transaction(engine()) as session:
        debt = owing(session, pending, now)
        user = active_user(session, debt.username, lock=True) if debt else None
        if user is not None and party is not None and use_passkey(session, user, answer, party, now, begun_in=pending):
            token = complete(session, user, pending, client, now, second_factor=Given.PASSKEY)
    if debt is None:
        return RedirectResponse("/sign-in?done=late", status_code=303)
    if token is None:
        return RedirectResponse(f"{SECOND_FACTOR}?done=wrong", status_code=303)
    return admitted(request, Admission(token), debt.next_page)


def _ask(request: Request, next_page: str, problem: str = "") -> Response:
    party = relying_party(request)
    if party is None:
        return RedirectResponse("/sign-in", status_code=303)
    with transaction(engine()) as session:
        question = ask_to_use(session, None, party, clock.now(), begun_in=_STRANGER)
    return plain_page(
        request,
        "passkey_sign_in.html",
        401 if problem else 200,
        script=SCRIPT,
        question=question,
        next_page=next_page,
        problem=problem,
    )


def _sign_in(request: Request, answer: str, next_page: str) -> Response:
    if not answer:
        return _ask(request, next_page)
    now, party = clock.now(), relying_party(request)
    token = None
    if party is not None:
        with transaction(engine()) as session:
            user = use_passkey(session, None, answer, party, now, begun_in=_STRANGER)
            if user is not None:
                token = open_sign_in(
                    session, user, Method.PASSKEY, client_of(request), now, second_factor=Given.PASSKEY
                )
    if token is None:
        return _ask(request, next_page, of_request(request).translate(_WRONG))
    return admitted(request, Admission(token), next_page)


async def _form(request: Request) -> dict[str, str]:
    require_own_page(request)
    return {name: str(value) for name, value in (await request.form()).items()}


async def take_made(request: Request) -> Response:
    """Store a passkey that was made."""
    form = await _form(request)
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_make, request, form.get("credential", ""), form.get("name", ""))


async def take_first(request: Request) -> Response:
    """Let who has a one-time code make a passkey, and store the one that was made."""
    form = await _form(request)
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_first, request, form)


async def take_second_step(request: Request) -> Response:
    """Sign in who has given the password before and a passkey now."""
    form = await _form(request)
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_second_step, request, form.get("credential", ""))


async def take_sign_in(request: Request) -> Response:
    """Ask for a passkey, or sign in with the one that answered."""
    form = await _form(request)
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_sign_in, request, form.get("credential", ""), form.get("next", ""))


routes: list[BaseRoute] = [
    Route(MADE, take_made, methods=["POST"]),
    Route(SECOND_STEP, take_second_step, methods=["POST"]),
    Route(SIGN_IN, take_sign_in, methods=["POST"]),
    Route(FIRST, take_first, methods=["POST"]),
]
