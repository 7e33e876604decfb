"""Errors of the HTTP interfaces: problem details (RFC 9457), in the language of the request.

``errors`` names each parameter or field that can't be used: where it is (``query``, ``path``, ``header``, ``body``),
its name, and what to do. ``reference`` is that of the log (``X-Request-ID``).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from portal.api.inquiry import spoken_to
from portal.failure import log_failure
from portal.metrics import METHODS, route_class
from stations.changes.feed import TooOld
from stations.database_faults import fault_of
from stations.errors import (
    Busy,
    Conflict,
    DomainError,
    InvalidForm,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    NotReady,
    Outdated,
)
from stations.language import N_, Language
from stations.partners.key_check import KeyRefused, TooManyGuesses
from stations.reference import current_reference

MEDIA_TYPE = "application/problem+json"
TRY_AGAIN_AFTER_S = 60
_CHALLENGE = 'Bearer realm="interfaces"'
_log = logging.getLogger("portal.api")

_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (LimitReached, 429),
    (InvalidInput, 400),
    (InvalidForm, 400),
    (NotFound, 404),
    (NotAllowed, 403),
    (Outdated, 412),
    (Conflict, 409),
    (Busy, 503),
    (NotReady, 503),
    (TooOld, 410),
    (TooManyGuesses, 429),
    (KeyRefused, 401),
)
_TITLES: Mapping[int, str] = {
    400: N_("The request can't be understood"),
    401: N_("A key is needed"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("The address does not take this method"),
    406: N_("The answer can't be given in this form"),
    409: N_("This can't be done as things stand"),
    410: N_("Kept no longer"),
    411: N_("The length of the body is missing"),
    412: N_("The record has changed meanwhile"),
    413: N_("Too large"),
    415: N_("The body has a type that is not taken"),
    422: N_("The request can't be carried out"),
    428: N_("The version that you saw is missing"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side"),
    503: N_("Not available at the moment"),
}
_READING: Mapping[str, str] = {
    "missing": N_("This is missing."),
    "unprintable": N_("This has a sign that no text has."),
    "given_twice": N_("This is given twice; give it once."),
    "extra_forbidden": N_("There is no such field; leave it out."),
    "json_invalid": N_("The body is no valid JSON."),
    "string_too_long": N_("This is longer than {max_length} characters."),
    "string_too_short": N_("This is shorter than {min_length} characters."),
    "too_long": N_("There are more than {max_length} of these."),
    "too_short": N_("There are fewer than {min_length} of these."),
    "greater_than_equal": N_("“{input}” is less than {ge}."),
    "less_than_equal": N_("“{input}” is more than {le}."),
    "enum": N_("“{input}” is not one of: {expected}"),
    "literal_error": N_("“{input}” is not one of: {expected}"),
}
"""What is said of an error that pydantic finds, by its type."""
_UNREADABLE = N_("The body is not of the kind that its Content-Type says.")
_OTHERWISE = N_("“{input}” is not of the kind that is expected here ({type}).")
_LONGEST_SHOWN = 80


class ProblemResponse(JSONResponse):
    """Problem details. What was sent may be quoted, and may hold half of a character: that becomes a question mark."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """Return the content as bytes."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def problem_example(language: Language, status: int) -> dict[str, Any]:
    """Return what a problem with this status looks like."""
    told: dict[str, Any] = {"type": "about:blank", "title": title_of(language, status), "status": status}
    if status == 400:
        detail = language.translate(N_("“{text}” lacks the day; write it as 2025-12-31"), text="2025-12")
        told |= {"detail": detail, "errors": [{"in": "query", "name": "as_of", "detail": detail}]}
    return told


def title_of(language: Language, status: int) -> str:
    """Return what a status means."""
    return language.translate(_TITLES[status]) if status in _TITLES else HTTPStatus(status).phrase


def problem(
    language: Language,
    status: int,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """Return the answer to a request that failed. ``detail`` and the texts in ``errors`` are already translated."""
    content: dict[str, Any] = {"type": "about:blank", "title": title_of(language, status), "status": status}
    if detail:
        content["detail"] = detail
    if errors:
        content["errors"] = list(errors)
    if reference := current_reference():
        content["reference"] = reference
    content.update(members)
    every = {"Cache-Control": "no-store", "Content-Language": language.tag, "Vary": "Accept-Language"}
    every.update(headers or {})
    if status == 401:
        every.setdefault("WWW-Authenticate", f'{_CHALLENGE}, error="invalid_token"')
    if status == 503:
        every.setdefault("Retry-After", str(TRY_AGAIN_AFTER_S))
    return ProblemResponse(content, status, headers=every)


HEADERS = frozenset({"if-match", "idempotency-key", "x-request-code", "x-request-session"})
"""Headers that routes read: an error about one says so."""


class Refusal(HTTPException):
    """A request that is refused for a reason that the domain does not know. ``message``: with its ``params``."""

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] | None = None, header: str = "", **params: Any
    ) -> None:
        super().__init__(status, headers=headers)
        self.message, self.params, self.header = message, params, header


def _where(request: Request, field: str) -> str:
    if field.lower() in HEADERS:
        return "header"
    if field in request.path_params:
        return "path"
    if field in request.query_params:
        return "query"
    return "query" if request.method in {"GET", "HEAD", "DELETE"} else "body"


def _told(request: Request, language: Language, problem: InvalidInput) -> dict[str, str]:
    detail = language.translate(problem.message, **problem.params)
    return {"in": _where(request, problem.field), "name": problem.field, "detail": detail}


def of_domain_error(request: Request, error: Exception) -> Response:
    """Return the answer to a request that the domain refused."""
    assert isinstance(error, DomainError)
    language = spoken_to(request)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
    if isinstance(error, InvalidForm):
        errors = [_told(request, language, one) for one in error.problems]
        if all(isinstance(one, LimitReached) for one in error.problems):
            status = 429
        return problem(language, status, "; ".join(one["detail"] for one in errors), errors=errors)
    told = language.translate(error.message, **error.params)
    errors = [_told(request, language, error)] if isinstance(error, InvalidInput) else []
    wait = error.wait if isinstance(error, KeyRefused) else None
    headers = {"Retry-After": str(round(wait.total_seconds()))} if wait else {}
    if status == 401 and "authorization" not in request.headers:  # RFC 6750, 3.1: no error where nothing was presented
        headers["WWW-Authenticate"] = _CHALLENGE
    return problem(language, status, told, errors=errors, headers=headers)


def _of_reading(request: Request, error: Exception) -> Response:
    """Return the answer to a request whose parameters or body do not have the described form."""
    assert isinstance(error, RequestValidationError)
    language = spoken_to(request)
    errors = []
    for one in error.errors():
        place, *names = one["loc"]
        shown = str(one.get("input"))[:_LONGEST_SHOWN]
        told = language.translate(
            _READING.get(one["type"], _OTHERWISE), **{"input": shown, "type": one["type"], **one.get("ctx", {})}
        )
        errors.append({"in": str(place), "name": ".".join(map(str, names)) or str(place), "detail": told})
    detail = "; ".join(f"{one['name']}: {one['detail']}" for one in errors)
    return problem(language, 400, detail, errors=errors)


def _of_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    language = spoken_to(request)
    if isinstance(error, Refusal):
        detail = language.translate(error.message, header=error.header, **error.params)
        errors = [{"in": "header", "name": error.header, "detail": detail}] if error.header else []
        return problem(language, error.status_code, detail, errors=errors, headers=error.headers)
    headers = {"Allow": _methods_at(request)} if error.status_code == 405 else error.headers
    told = _of_body(request) if error.status_code == 400 else ""  # what a library says of it is in English
    return problem(language, error.status_code, language.translate(told) if told else "", headers=headers)


def _of_body(request: Request) -> str:
    """Return what is said where a library can't read the body of a request, as a msgid; "" if it has none."""
    kind = request.headers.get("content-type", "")
    if not kind or request.method in {"GET", "HEAD"}:
        return ""
    return _READING["json_invalid"] if "json" in kind.lower() else _UNREADABLE


def _methods_at(request: Request) -> str:
    """Return the methods that an address takes: several routes may share it, and the router names those of one.

    A route with just this path comes before those with a parameter in its place, as the description has it.
    """
    asked = [dict(request.scope, method=method) for method in sorted(METHODS)]
    every = [one for each in request.app.routes for one in getattr(_router_of(each), "routes", [each])]
    literal = [each for each in every if getattr(each, "path", None) == get_route_path(request.scope)]
    routes = literal or request.app.routes
    fits = [one["method"] for one in asked if any(each.matches(one)[0] is Match.FULL for each in routes)]
    return ", ".join(fits)


def _router_of(route: Any) -> Any:
    """Return the router that an interface includes whole; None of a single route."""
    return getattr(route, "original_router", None)


def of_failure(request: Request, error: Exception) -> Response:
    """Return the answer to a request that failed for a reason nobody foresaw, or for the database; it is logged."""
    language = spoken_to(request)
    log_failure(error, f"{request.method} {route_class(request.url.path)}")
    if fault := fault_of(error):
        return problem(language, 503, language.translate(fault.told))
    return problem(language, 500)


HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    DomainError: of_domain_error,
    RequestValidationError: _of_reading,
    HTTPException: _of_refusal,
}


def answer_with_problems(api: FastAPI) -> None:
    """Let every error of an interface be answered by problem details."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
