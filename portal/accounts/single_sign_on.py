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
from portal.accounts.session_cookie import admitted, client_of, require_own_page
from portal.identity_provider import ProviderSettings
from portal.own_path import is_own_path
from portal.plain_page import plain_page
from portal.settings import settings
from portal.storage import domain_settings, engine
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts.accounts import User
from stations.accounts.sign_ins import actor_of
from stations.accounts.single_sign_on import (
    ATTEMPT_LASTS,
    OidcAttempt,
    Vouched,
    begin_attempt,
    link_identity,
    sign_in_vouched,
    take_attempt,
)
from stations.database import transaction
from stations.errors import DomainError
from stations.language import N_

STATE_COOKIE = "single_sign_on"


def _provider() -> ProviderSettings:
    provider = settings().provider
    if provider is None:
        raise HTTPException(404)
    return provider


def _callback(request: Request) -> str:
    return str(request.base_url).rstrip("/") + CALLBACK


def _to_provider(request: Request, *, link: bool) -> Response:
    provider, now = _provider(), clock.now()
    next_page = request.query_params.get("next", "")
    try:
        with transaction(engine()) as session:
            token = request.cookies.get(SESSION_COOKIE)
            actor = actor_of(session, token, now, samples=domain_settings().samples) if link else None
            if link and actor is None:
                return RedirectResponse("/sign-in?next=/account", status_code=303)
            attempt = begin_attempt(
                session, next_page=next_page if is_own_path(next_page) else "", now=now, linking=actor
            )
        address = address_to_sign_in_at(provider, attempt, _callback(request))
    except DomainError as error:
        return _refused(request, error)
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        STATE_COOKIE,
        attempt.state,
        max_age=int(ATTEMPT_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def _back(request: Request) -> Response:
    provider, now = _provider(), clock.now()
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    try:
        if not state or not secrets.compare_digest(state.encode(), request.cookies.get(STATE_COOKIE, "").encode()):
            raise ProviderFailed(N_("This sign-in was begun in another browser or too long ago; please start again"))
        with transaction(engine()) as session:
            attempt = take_attempt(session, state, now)
            linking = attempt.linking_user
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
    return await run_in_threadpool(_to_provider, request, link=False)


async def go_and_link(request: Request) -> Response:
    """Redirect to the provider for linking an identity there to the account signed in here.

    Accepted from a page of this site only; otherwise another site could link an identity of its choice.
    """
    require_own_page(request)
    return await run_in_threadpool(_to_provider, request, link=True)


async def back(request: Request) -> Response:
    """Handle the callback from the provider."""
    return await run_in_threadpool(_back, request)


routes: list[BaseRoute] = [
    Route("/single-sign-on", go, methods=["GET"]),
    Route("/single-sign-on/link", go_and_link, methods=["GET"]),
    Route(CALLBACK, back, methods=["GET"]),
]
