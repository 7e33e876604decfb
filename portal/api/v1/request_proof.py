"""How a program proves that it speaks for the firm of a request: with the secret code, or with a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from anyio import sleep
from fastapi import Depends, Path, Security
from fastapi.security import APIKeyHeader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from portal.api.client import address_of
from portal.api.inquiry import Asked, Inquiry
from portal.api.problem import Refusal
from portal.storage import engine
from stations.database import reading
from stations.errors import InvalidInput, NotFound
from stations.language import N_
from stations.requests.code_guard import try_look_up
from stations.requests.lookup import UNKNOWN, Browser, CheckedCode, Proof, look_up

CODE, SESSION, IF_MATCH = "X-Request-Code", "X-Request-Session", "If-Match"
_code = APIKeyHeader(
    name=CODE,
    scheme_name="request_code",
    auto_error=False,
    description="The secret code of the request, as it was answered on filing. 申请的查询码（提交时给出）。",
)
_session = APIKeyHeader(
    name=SESSION,
    scheme_name="request_session",
    auto_error=False,
    description=(
        "A session that filing under it or `POST /request-recoveries/confirmation` opened; it lasts 12 hours. "
        "会话标识：用它提交申请，或找回查询码后，12 小时内有效。"
    ),
)
Number = Annotated[
    str,
    Path(
        description="The tracking number, such as Q261124-0A1B2C. 受理编号。",
        max_length=40,
        examples=["Q261124-0A1B2C"],
    ),
]
MaybeSession = Annotated[str | None, Security(_session)]


@dataclass(frozen=True)
class Opened:
    """A request that a program may read and act on: its number as issued, and the proof."""

    number: str
    proof: Proof


async def open_request(
    request: Request,
    asked: Asked,
    number: Number,
    code: Annotated[str | None, Security(_code)],
    session: MaybeSession,
) -> Opened:
    """Return the request that the code or the session opens. Wrong codes are slowed down as on the page.

    Raises:
        Refusal: neither is given (401).
        NotFound: number, code or session is wrong; the answer does not tell which.
    """
    client = address_of(request)
    if code is not None:
        return await by_code(asked, number, code, client)
    if session is not None:
        return await run_in_threadpool(_by_session, asked, number, Browser(session, client))
    raise Refusal(
        401,
        N_("Send the request's secret code in the header {header}"),
        header=CODE,
        headers={"WWW-Authenticate": f'RequestCode header="{CODE}"'},
    )


async def by_code(asked: Inquiry, number: str, code: str, client: str) -> Opened:
    """Return the request that a code opens.

    Raises:
        NotFound: number or code is wrong, or too many wrong ones came from this network lately.
    """
    found = await run_in_threadpool(
        try_look_up, engine(), number, code, client=client, now=asked.now, samples=asked.samples
    )
    await sleep(found.wait.total_seconds())  # holds up nobody else: no thread and no transaction waits
    if found.found is None:
        raise NotFound(UNKNOWN)
    return Opened(found.found.number, CheckedCode(found.found.code_hash, client))


def _by_session(asked: Inquiry, number: str, proof: Browser) -> Opened:
    with reading(engine()) as session:
        request = look_up(session, number, proof, now=asked.now, samples=asked.samples)
        return Opened(request.number, proof)


Mine = Annotated[Opened, Depends(open_request)]
"""The type of a parameter by which a route takes the request that it is about."""


def read_version(request: Request) -> int:
    """Return the version of the record that a program saw, from ``If-Match``.

    Raises:
        Refusal: there is none (428).
        InvalidInput: it is not one entity tag as ``ETag`` gave it.
    """
    written = request.headers.get(IF_MATCH)
    if written is None:
        raise Refusal(428, N_("Send the ETag of the request as you saw it in the header {header}"), header=IF_MATCH)
    digits = written.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_VERSION):
        told = N_("Write the ETag of the request as you saw it, such as {example}")
        raise InvalidInput(IF_MATCH, told, example='"3"')
    return int(digits)


_LONGEST_VERSION = 9
Version = Annotated[int, Depends(read_version)]
"""The type of a parameter by which a route takes the version that the program saw."""
MATCHES = {
    "parameters": [
        {
            "name": IF_MATCH,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
            "description": "The `ETag` of the request as you saw it. 您所见版本的 `ETag`。",
            "example": '"1"',
        }
    ]
}
"""What the OpenAPI document says of a route with a ``Version``."""


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'

