"""One answer: its bytes, plain and compressed, and its headers."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

COMPRESS_FROM = 1000
"""Bytes; a shorter answer is sent as it is."""
_LEVEL = 5


@dataclass(frozen=True)
class Answer:
    """``body`` in ``media_type``. ``headers``: its own. ``stable``: the parts of the body that change only with what it
    says, if not all of it does; the validator (``ETag``) is made of them.
    """

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    stable: Sequence[bytes] | None = None

    @cached_property
    def etag(self) -> str:
        """The validator: weak, as the compressed form has the same."""
        digest = sha256(self.media_type.encode())
        for part in (self.body,) if self.stable is None else self.stable:
            digest.update(part)
        return f'W/"{digest.hexdigest()[:32]}"'

    @cached_property
    def compressed(self) -> bytes:
        """The body in gzip."""
        return gzip.compress(self.body, _LEVEL, mtime=0)

    def finish(self) -> None:
        """Do now what sending it would do at the first time."""
        _ = self.etag
        if len(self.body) >= COMPRESS_FROM:
            _ = self.compressed

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return 2 * len(self.body) + 1000


def respond(request: Request, answer: Answer) -> Response:
    """Return the response with an answer; 304 without a body where the program has it already."""
    headers = {
        "Cache-Control": "public, no-cache",
        "ETag": answer.etag,
        "Vary": "Accept, Accept-Language",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **answer.headers,
    }
    if _has_it(request.headers.get("if-none-match", ""), answer.etag):
        return Response(status_code=304, headers=headers)
    body = answer.body
    if len(body) >= COMPRESS_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = answer.compressed, "gzip"
    return Response(body, media_type=answer.media_type, headers=headers)


def _has_it(wanted: str, etag: str) -> bool:
    tags = [one.strip().removeprefix("W/") for one in wanted.split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags
