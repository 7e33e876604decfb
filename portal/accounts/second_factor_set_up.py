"""Setting a second factor up, by who is signed in or must have one before the first page; changing and removing it.

The QR code is drawn here: no secret goes to anybody else. Recovery codes are shown once, in the answer to the form that
makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import segno
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.accounts.factor_settings import factor_settings
from portal.accounts.passkeys import form_to_make, relying_party, require_party
from portal.accounts.second_factor_step import SET_UP, TOO_LATE, who_owes
from portal.accounts.session_cookie import (
    PENDING_COOKIE,
    client_of,
    give_session,
    next_page_of,
    real_sign_in,
    require_own_page,
    signed_in,
)
from portal.accounts.sign_in_queue import queue
from portal.language import of_request
from portal.plain_page import plain_page, problem_text
from portal.storage import engine
from stations import clock
from stations.accounts.accounts import User
from stations.accounts.admission import Owing, complete, offer_to_who_owes
from stations.accounts.factor_check import Given, SignedInUser, change_factor, confirm_offer
from stations.accounts.own_account import has_password
from stations.accounts.passkeys import Passkey, list_passkeys
from stations.accounts.passkeys_alone import give_up_passkey, leave_password
from stations.accounts.second_factor import (
    NewRecoveryCodes,
    Offer,
    delete_second_factor,
    offer_second_factor,
    offered,
    renew_recovery_codes,
    second_factor_of,
)
from stations.audit.vocabulary import AuditAction
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import DomainError, NotAllowed, NotFound
from stations.language import N_
from stations.province import portal_title

CONFIRM = f"{SET_UP}/code"
Result = TypeVar("Result")
WRONG_PROOF = N_("The password or the code is wrong, or too many were tried; then wait a quarter of an hour.")
_WRONG_CODE = N_(
    "This code is not the one of the app now. Wait for the next one and enter it; "
    "after five wrong ones, wait a quarter of an hour and begin again."
)
_NEEDED = N_("Your duties need the second step, so it stays; you can set up another phone instead.")
_ONLY_WAY = N_("There is no password, so this is your only way in and stays.")
_NONE_YET = N_("There is no second step yet; set it up first.")


@dataclass(frozen=True)
class _Setter:
    """Who sets a second factor up: signed in, or owing it before the first page.

    ``begun_in``: what the browser is known by: the code of its sign-in, or the token of one that owes.
    """

    username: str
    begun_in: str
    actor: Actor | None = None
    debt: Owing | None = None

    @property
    def must(self) -> bool:
        """Whether the second factor may not be removed."""
        return self.actor is None or factor_settings().requires(duty.role for duty in self.actor.duties)


def _setter(request: Request) -> _Setter | None:
    debt = who_owes(request)
    if debt and not debt.has_factor:
        return _Setter(debt.username, request.cookies[PENDING_COOKIE], debt=debt)
    here = real_sign_in(request, clock.now())
    if here is None:
        return None
    return _Setter(here.actor.username, here.code, here.actor)


def _elsewhere(request: Request) -> Response:
    """Answer who may not set anything up here: sign in first; an invented person has nothing to set up."""
    known = signed_in(request, clock.now()) is not None
    return RedirectResponse("/account" if known else f"/sign-in?next={SET_UP}", status_code=303)


def _issuer(request: Request) -> str:
    return of_request(request).pick(*portal_title())


def _choices(request: Request, setter: _Setter, status: int = 200, problem: str = "") -> Response:
    with reading(engine()) as session:
        state = second_factor_of(session, setter.username)
        password = has_password(session, setter.username)
        asks_password = setter.debt is None and password
        passkeys = [_shown(request, one) for one in list_passkeys(session, setter.username)]
    return plain_page(
        request,
        "second_factor_set_up.html",
        status,
        problem=problem,
        username=setter.username,
        state=state,
        asks_password=asks_password,
        alone=state is not None and not state.app and not password,
        must=setter.must,
        owes=setter.debt is not None,
        passkeys=passkeys,
        passkeys_work=relying_party(request) is not None,
    )


def _shown(request: Request, passkey: Passkey) -> dict[str, object]:
    """Return what the page shows of a passkey."""
    spoken = of_request(request)
    told = spoken.translate(N_("added on {day}"), day=spoken.format_datetime(passkey.added_at))
    if passkey.last_used_at:
        told = spoken.translate(
            N_("{added}, last used on {day}"), added=told, day=spoken.format_datetime(passkey.last_used_at)
        )
    return {"id": passkey.id, "name": passkey.name, "told": told}


def _qr_page(request: Request, setter: _Setter, offer: Offer, status: int = 200, problem: str = "") -> Response:
    drawn = segno.make(offer.address, error="m", micro=False)
    title = of_request(request).translate(N_("QR code for the authenticator app"))
    return plain_page(
        request,
        "second_factor_code.html",
        status,
        problem=problem,
        username=setter.username,
        qr=Markup(drawn.svg_inline(scale=5, border=4, title=title, omitsize=True, light="#fff")),
        address=offer.address,
        secret=" ".join(offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)),
    )


def _codes_page(request: Request, codes: NewRecoveryCodes, next_page: str, *, new: bool) -> Response:
    return plain_page(request, "recovery_codes.html", codes=codes.shown, next_page=next_page, new=new)


def _show(request: Request) -> Response:
    setter = _setter(request)
    return _choices(request, setter) if setter else _elsewhere(request)


def _change(
    request: Request,
    setter: _Setter,
    form: dict[str, str],
    act: Callable[[Session, User], Result],
    prepare: Callable[[], object] = lambda: None,
) -> Result | None:
    return change_factor(
        engine(),
        SignedInUser(setter.username, setter.begun_in, client_of(request).address),
        form.get("password", ""),
        form.get("code", ""),
        clock.now(),
        settings=factor_settings(),
        act=act,
        prepare=prepare,
    )


def _begin(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    if setter.debt is None:
        offer = _change(
            request,
            setter,
            form,
            lambda session, user: offer_second_factor(
                session,
                user,
                clock.now(),
                settings=factor_settings(),
                issuer=_issuer(request),
                begun_in=setter.begun_in,
            ),
        )
        return _qr_page(request, setter, offer) if offer else None
    with transaction(engine()) as session:
        offer = offer_to_who_owes(
            session,
            setter.begun_in,
            clock.now(),
            settings=factor_settings(),
            issuer=_issuer(request),
        )
    return _qr_page(request, setter, offer) if offer else RedirectResponse(TOO_LATE, status_code=303)


def _require_factor(setter: _Setter) -> None:
    with reading(engine()) as session:
        if second_factor_of(session, setter.username) is None:
            raise NotFound(_NONE_YET)


def _with_new_codes(
    request: Request,
    setter: _Setter,
    form: dict[str, str],
    act: Callable[[Session, User, NewRecoveryCodes], object],
) -> NewRecoveryCodes | None:
    """Make recovery codes, outside the transaction, for a change that stores them. Return them if it was made."""
    _require_factor(setter)
    made: list[NewRecoveryCodes] = []
    done = _change(
        request,
        setter,
        form,
        lambda session, user: act(session, user, made[0]),
        prepare=lambda: made.append(NewRecoveryCodes()),
    )
    return made[0] if done else None


def _renew(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    codes = _with_new_codes(
        request, setter, form, lambda session, user, new: renew_recovery_codes(session, user, new, clock.now())
    )
    return _codes_page(request, codes, "/account", new=False) if codes else None


def _leave_password(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    codes = _with_new_codes(
        request,
        setter,
        form,
        lambda session, user, new: leave_password(session, user, new, clock.now(), sign_in=setter.begun_in),
    )
    if codes is None:
        return None
    return plain_page(request, "recovery_codes.html", codes=codes.shown, next_page="/account", alone=True)


def _remove(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    if setter.must:
        raise NotAllowed(_NEEDED)
    _require_factor(setter)
    with reading(engine()) as session:
        if not has_password(session, setter.username):
            raise NotAllowed(_ONLY_WAY)
    done = _change(
        request,
        setter,
        form,
        lambda session, user: delete_second_factor(
            session, user, AuditAction.REMOVE_SECOND_FACTOR, clock.now(), by=user.username
        ),
    )
    return RedirectResponse("/account?done=factor_removed", status_code=303) if done else None


def _add_passkey(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    _require_factor(setter)
    require_party(request)
    return _change(request, setter, form, lambda session, user: form_to_make(request, session, user, setter.begun_in))


def _remove_passkey(request: Request, setter: _Setter, form: dict[str, str]) -> Response | None:
    _require_factor(setter)
    number = form.get("action", "").partition(":")[2]
    passkey_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0

    def remove(session: Session, user: User) -> bool:
        give_up_passkey(session, user, passkey_id, clock.now())
        return True

    done = _change(request, setter, form, remove)
    return RedirectResponse("/account?done=passkey_removed", status_code=303) if done else None


_ACTIONS = {
    "begin": _begin,
    "renew": _renew,
    "remove": _remove,
    "leave_password": _leave_password,
    "add_passkey": _add_passkey,
    "remove_passkey": _remove_passkey,
}


def _take(request: Request, form: dict[str, str]) -> Response:
    setter = _setter(request)
    if setter is None:
        return _elsewhere(request)
    action = _begin if setter.debt else _ACTIONS.get(form.get("action", "").partition(":")[0], _begin)
    try:
        answer = action(request, setter, form)
    except DomainError as error:
        return _choices(request, setter, 422, problem_text(request, error))
    return answer or _choices(request, setter, 401, of_request(request).translate(WRONG_PROOF))


def _confirm(request: Request, typed: str) -> Response:
    setter, now = _setter(request), clock.now()
    if setter is None:
        return _elsewhere(request)
    client = client_of(request)

    def finish(session: Session, user: User) -> str | None:
        return (
            complete(session, user, setter.begun_in, client, now, second_factor=Given.APP_CODE) if setter.debt else None
        )

    try:
        done = confirm_offer(
            engine(),
            setter.username,
            typed,
            now,
            settings=factor_settings(),
            begun_in=setter.begun_in,
            keep=None if setter.debt else setter.begun_in,
            act=finish,
        )
        if done is None:
            return _offer_again(request, setter, now)
    except DomainError as error:
        return _choices(request, setter, 422, problem_text(request, error))
    codes, token = done
    answer = _codes_page(request, codes, next_page_of(setter.debt.next_page) if setter.debt else "/account", new=True)
    if token:
        give_session(request, answer, token)
    return answer


def _offer_again(request: Request, setter: _Setter, now: datetime) -> Response:
    with reading(engine()) as session:
        offer = offered(
            session,
            setter.username,
            now,
            settings=factor_settings(),
            issuer=_issuer(request),
            begun_in=setter.begun_in,
        )
    if offer is None:
        return RedirectResponse(SET_UP, status_code=303)
    return _qr_page(request, setter, offer, 422, of_request(request).translate(_WRONG_CODE))


async def show_set_up(request: Request) -> Response:
    """Answer with what can be done with the own second factor."""
    return await run_in_threadpool(_show, request)


async def take_set_up(request: Request) -> Response:
    """Show a new secret, make new recovery codes, or remove the second factor."""
    require_own_page(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_take, request, form)


async def take_code(request: Request) -> Response:
    """Take a first code of the secret that was shown, and show the recovery codes."""
    require_own_page(request)
    typed = str((await request.form()).get("code", ""))
    with queue.turn(client_of(request).address):
        return await run_in_threadpool(_confirm, request, typed)


routes: list[BaseRoute] = [
    Route(SET_UP, show_set_up, methods=["GET"]),
    Route(SET_UP, take_set_up, methods=["POST"]),
    Route(CONFIRM, take_code, methods=["POST"]),
]
