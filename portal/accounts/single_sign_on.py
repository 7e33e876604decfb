"""Signing in through the configured identity provider: the redirect to it, and the callback from it.

The attempt is stored on the server; the browser has only its ``state``, in a separate cookie, so that nobody can be
made to return with another person's code.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.factor_settings import factor_settings
from portal.accounts.openid_connect import CALLBACK, ProviderFailed, address_to_sign_in_at, exchange_code
from portal.accounts.second_factor_set_up import WRONG_PROOF
from portal.accounts.session_cookie import admitted, client_of, require_own_page, signed_in
from portal.accounts.sign_in_queue import queue
from portal.identity_provider import ProviderSettings
from portal.language import of_request
from portal.own_path import is_own_path
from portal.plain_page import plain_page, problem_text
from portal.settings import settings
from portal.storage import engine
from stations import clock
from stations.accounts.accounts import User
from stations.accounts.factor_check import SignedInUser, change_factor
from stations.accounts.own_account import has_password
from stations.accounts.second_factor import second_factor_of
from stations.accounts.sign_ins import SignedIn
from stations.accounts.single_sign_on import (
    ATTEMPT_LASTS,
    OidcAttempt,
    Vouched,
    begin_attempt,
    link_identity,
    sign_in_vouched,
    take_attempt,
)
from stations.database import reading, transaction
from stations.errors import DomainError
from stations.language import N_

STATE_COOKIE = "single_sign_on"
LINK = "/single-sign-on/link"
_BEGUN_ELSEWHERE = N_("This sign-in was begun in another browser or too long ago; please start again")


def _provider() -> ProviderSettings:
    provider = settings().provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _callback(request: Request) -> str:
    return str(request.base_url).rstrip("/") + CALLBACK


def _to_provider(request: Request) -> Response:
    provider, now = _provider(), clock.now()
    next_page = request.query_params.get("next", "")
    try:
        with transaction(engine()) as session:
            attempt = begin_attempt(session, next_page=next_page if is_own_path(next_page) else "", now=now)
        address = address_to_sign_in_at(provider, attempt, _callback(request))
    except DomainError as error:
        return _refused(request, error)
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    _remember(request, response, attempt.state)
    return response


def _remember(request: Request, response: Response, state: str) -> None:
    response.set_cookie(
        STATE_COOKIE,
        state,
        max_age=int(ATTEMPT_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _link_page(request: Request, here: SignedIn, status: int = 200, problem: str = "", address: str = "") -> Response:
    """Answer with the form that asks who is there or, after the proof, with a link to the provider at ``address``.

    A link, since browsers let no form of ours lead to another site (``form-action`` of our security policy).
    """
    provider, username = _provider(), here.actor.username
    with reading(engine()) as session:
        asks_password, asks_code = has_password(session, username), second_factor_of(session, username) is not None
    return plain_page(
        request,
        "link_identity.html",
        status,
        problem=problem,
        username=username,
        provider=provider.name or provider.issuer,
        asks_password=asks_password,
        asks_code=asks_code,
        address=address,
    )


def _linking(request: Request, form: dict[str, str] | None = None) -> Response:
    provider, now, here = _provider(), clock.now(), signed_in(request, clock.now())
    if here is None or here.actor.sample:
        return RedirectResponse("/account" if here else "/sign-in?next=/account", status_code=303)
    if form is None:
        return _link_page(request, here)
    try:
        attempt = change_factor(
            engine(),
            SignedInUser(here.actor.username, here.code, client_of(request).address),
            form.get("password", ""),
            form.get("code", ""),
            now,
            settings=factor_settings(),
            act=lambda session, _user: begin_attempt(session, next_page="", now=now, linking=here.actor),
        )
        if attempt is None:
            return _link_page(request, here, 401, of_request(request).translate(WRONG_PROOF))
        address = address_to_sign_in_at(provider, attempt, _callback(request))
    except DomainError as error:
        return _link_page(request, here, 422, problem_text(request, error))
    response = _link_page(request, here, address=address)
    _remember(request, response, attempt.state)
    return response


def _back(request: Request) -> Response:
    provider, now = _provider(), clock.now()
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    try:
        if not state or not secrets.compare_digest(state.encode(), request.cookies.get(STATE_COOKIE, "").encode()):
            raise ProviderFailed(_BEGUN_ELSEWHERE)
        with transaction(engine()) as session:
            attempt = take_attempt(session, state, now)
            linking = attempt.linking_user
        here = signed_in(request, now) if linking else None
        if linking and (here is None or here.actor.username != linking.username):
            raise ProviderFailed(_BEGUN_ELSEWHERE)  # signed out meanwhile
        if not code:  # denied by the person or by the provider
            raise ProviderFailed(N_("The identity provider did not let you in"))
        vouched = exchange_code(
            provider,
            code,
            nonce=attempt.nonce,
            code_verifier=attempt.code_verifier,
            callback=_callback(request),
            now=now,
        )
        response = _link(linking, vouched, now) if linking else _sign_in(request, attempt, vouched, now)
    except DomainError as error:
        response = _refused(request, error)
    response.delete_cookie(STATE_COOKIE)
    return response


def _sign_in(request: Request, attempt: OidcAttempt, vouched: Vouched, now: datetime) -> Response:
    with transaction(engine()) as session:
        admission = sign_in_vouched(
            session,
            vouched,
            now,
            client=client_of(request),
            settings=factor_settings(),
            next_page=attempt.next_page,
        )
    return admitted(request, admission, attempt.next_page)


def _link(user: User, vouched: Vouched, now: datetime) -> Response:
    with transaction(engine()) as session:
        link_identity(session, session.merge(user, load=False), vouched, now)
    return RedirectResponse("/account", status_code=303, headers={"Cache-Control": "no-store"})


def _refused(request: Request, error: DomainError) -> Response:
    return plain_page(request, "sign_in_refused.html", 403, error=error)


async def go(request: Request) -> Response:
    """Redirect to the provider for signing in."""
    return await run_in_threadpool(_to_provider, request)


async def show_link(request: Request) -> Response:
    """Answer with the form that asks for a proof before an identity is linked to the account signed in here."""
    return await run_in_threadpool(_linking, request)


async def take_link(request: Request) -> Response:
    """Take the proof, and lead to the provider.

    Accepted from a page of this site only; otherwise another site could link an identity of its choice.
    """
    require_own_page(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_linking, request, form)


async def back(request: Request) -> Response:
    """Handle the callback from the provider."""
    return await run_in_threadpool(_back, request)


routes: list[BaseRoute] = [
    Route("/single-sign-on", go, methods=["GET"]),
    Route(LINK, show_link, methods=["GET"]),
    Route(LINK, take_link, methods=["POST"]),
    Route(CALLBACK, back, methods=["GET"]),
]
