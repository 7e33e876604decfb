"""Idempotency keys for whatever a program sends: sent again under its key it is done once, and answered as before.

A route of a router with ``route_class=RepeatableRoute`` takes ``once: Once`` as its last parameter and writes in
``once.transaction()``. The key is looked at after the right to send was proved, and noted as done in the same
transaction; the answer is stored sealed (``stations.requests.idempotency``) and given again, status and headers too.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from portal.api.inquiry import Asked
from portal.api.strict_route import StrictRoute
from portal.storage import engine
from stations.database import transaction
from stations.requests.idempotency import (
    FIELD,
    LONGEST,
    Attempt,
    begin,
    give_up,
    keep_answer,
    mark_done,
    read_key,
    reread_answer,
)
from stations.secret_codes import read_number

REPLAYED = "Idempotent-Replayed"
_KEPT = frozenset({"cache-control", "content-language", "content-type", "etag", "location"})
_PROOFS = ("authorization", "x-request-code", "x-request-session")
_SENT = ("if-match",)
_LONGEST_SUBJECT = 20
_CHANGING = frozenset({"POST", "PUT"})

MaybeKey = Annotated[
    str | None,
    Header(
        alias=FIELD,
        description=(
            "A new UUID for each thing that is to be done. Sent again with the same body under the same key within 24 "
            "hours, it is done once and answered as before. 每次操作用一个新的 UUID；24 小时内以同一键重发同样内容，"
            "只办理一次，并得到第一次的应答。"
        ),
        max_length=LONGEST + 60,
        examples=['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    ),
]


class _Replay(Exception):
    """What was sent was done before. ``response``: the answer to it."""

    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(frozen=True)
class Sending:
    """One sending of something. ``attempt``: under its key; None if it has none."""

    attempt: Attempt | None
    subject: str

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session whose changes are committed if no error occurs, and with them that they were made."""
        with transaction(engine()) as session:
            yield session
            self.mark_done(session)

    def mark_done(self, session: Session) -> None:
        """Note in the transaction that makes it that it is done."""
        if self.attempt is not None:
            mark_done(session, self.attempt, self.subject)


async def _begin(request: Request, asked: Asked, key: MaybeKey = None) -> Sending:
    """Return the sending.

    Raises:
        InvalidInput: the key is none.
        KeyUsed, InProgress: as ``idempotency.begin``.
        _Replay: it was done before.
    """
    named = str(next(iter(request.path_params.values()), request.url.path.rpartition("/")[2]))
    subject = read_number(named) or named[:_LONGEST_SUBJECT]
    if key is None:
        return Sending(None, subject)
    proof = "\n".join(request.headers.get(name, "") for name in _PROOFS)
    purpose = f"{request.method} {request.url.path}\n{proof}"
    content = await _content(request)
    attempt = await run_in_threadpool(begin, engine(), purpose, read_key(key), content, now=asked.now)
    if attempt.answer is not None:
        raise _Replay(_response(reread_answer(attempt)))
    request.state.sending = sending = Sending(attempt, subject)
    return sending


Once = Annotated[Sending, Depends(_begin)]
"""The type of the parameter by which a route takes what is sent, at most once under its key."""


class RepeatableRoute(StrictRoute):
    """A route whose answers to what is sent under a key are kept and given again."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not _CHANGING.isdisjoint(options.get("methods") or ()):
            options["responses"] = _told(options.get("responses") or {}, options.get("status_code") or 200)
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that keeps and repeats answers."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            try:
                response = await handle(request)
            except _Replay as replay:
                return replay.response
            except BaseException:
                if (attempt := _attempt_of(request)) is not None:
                    await run_in_threadpool(give_up, engine(), attempt)
                raise
            if (attempt := _attempt_of(request)) is not None:
                if response.status_code < 400:
                    told, subject = _kept(response), request.state.sending.subject
                    await run_in_threadpool(keep_answer, engine(), attempt, told, subject)
                else:
                    await run_in_threadpool(give_up, engine(), attempt)
            return response

        return once


def _attempt_of(request: Request) -> Attempt | None:
    sending: Sending | None = getattr(request.state, "sending", None)
    return sending.attempt if sending else None


async def _content(request: Request) -> str:
    """Return what tells one body from another: not the order of the members of JSON, and not the boundary of a form."""
    body = await request.body()
    kind, _, boundary = request.headers.get("content-type", "").partition("boundary=")
    if boundary:
        body = body.replace(boundary.strip('"').encode(), b"")
    try:
        text = json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        text = b64encode(body).decode()
    sent = "\n".join(request.headers.get(name, "") for name in _SENT)
    return f"{kind}\n{request.url.query}\n{sent}\n{text}"


def _kept(response: Response) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name in _KEPT}
    body = b64encode(bytes(response.body)).decode()
    return json.dumps({"status": response.status_code, "headers": headers, "body": body}).encode()


def _response(kept: bytes) -> Response:
    told = json.loads(kept)
    response = Response(b64decode(told["body"]), told["status"], told["headers"])
    response.headers[REPLAYED] = "true"
    return response


def _told(responses: dict[int | str, dict[str, Any]], status: int) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of the answers, with what a key adds."""
    success = responses.get(status, {})
    replayed = {
        "description": "`true` where an earlier answer is given again. 重发时为 `true`。",
        "schema": {"type": "string", "enum": ["true"]},
    }
    return {
        409: {"description": "It can't be done as things stand, or is being done. 目前状态下不能办理，或正在办理。"},
        422: {"description": "The idempotency key was used for another body. 幂等键已用于其他内容。"},
        **responses,
        status: {**success, "headers": {**success.get("headers", {}), REPLAYED: replayed}},
    }
