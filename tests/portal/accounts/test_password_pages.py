"""What the forms for setting a password answer while the server is too busy for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.routing import Router

from portal.accounts import password_pages
from portal.failure import Failures
from stations.errors import Busy, DomainError, InvalidInput


def post(path: str, form: dict[str, str]) -> tuple[int, dict[bytes, bytes], str]:
    """Return the status, headers and text of the answer to a form of our own page."""
    sent: list[dict[str, Any]] = []
    headers = {
        "host": "portal",
        "origin": "http://portal",
        "accept-language": "en",
        "content-type": "application/x-www-form-urlencoded",
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": urlencode(form).encode(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    answered = Failures(Router(password_pages.routes))(scope, receive, send)
    with ThreadPoolExecutor(1) as other:  # the browser's tests leave a loop running in this thread
        other.submit(asyncio.run, answered).result()
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"].decode()


def raising(error: DomainError) -> Callable[..., Any]:
    def act(*_: object, **__: object) -> None:
        raise error

    return act


@pytest.mark.parametrize(("path", "act"), [("/first-password", "set_first_password"), ("/password", "change_password")])
def test_a_busy_server_is_no_problem_of_the_form(monkeypatch: pytest.MonkeyPatch, path: str, act: str) -> None:
    monkeypatch.setattr(password_pages, "engine", lambda: None)
    monkeypatch.setattr(password_pages, "signed_in", lambda *_: SimpleNamespace(actor=None, code=""))
    monkeypatch.setattr(password_pages, act, raising(Busy("Please try again in a minute")))
    status, headers, told = post(path, {"username": "wang"})
    assert (status, headers[b"retry-after"]) == (503, b"60") and "Please try again in a minute" in told
    monkeypatch.setattr(password_pages, act, raising(InvalidInput("new_password", "It is too short")))
    status, headers, told = post(path, {"username": "wang"})
    assert status == 422 and b"retry-after" not in headers and "It is too short" in told
