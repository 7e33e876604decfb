"""Files that are made once and sent many times: what makes one again unneeded, and how it is sent.

A file is known by what it holds (``ETag``): a client that has it gets 304. It is compressed once, when it is made.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Condition

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from starlette.requests import Request
from starlette.responses import Response

KEPT_BYTES = 96 * 1024 * 1024
"""Of all files that a process keeps. A request of the files of one day takes some ten million."""
FRESH_S = 300
"""Seconds during which nobody has to ask again."""
_COMPRESSION = 6


@dataclass(frozen=True)
class KeptFile:
    """A file: its bytes, the same compressed, what it holds (``mark``), and when it was made, UTC to the second."""

    content: bytes
    compressed: bytes
    mark: str
    made: datetime

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return len(self.content) + len(self.compressed)

    @property
    def etag(self) -> str:
        """A weak validator: the same records may be other bytes when another server makes the file."""
        return f'W/"{self.mark}"'


def keep(content: bytes, mark: str, made: datetime) -> KeptFile:
    """Return a file to be kept. ``made``: with a time zone."""
    compressed = gzip.compress(content, _COMPRESSION, mtime=0)
    return KeptFile(content, compressed, mark, made.astimezone(UTC).replace(microsecond=0))


@cached(
    LRUCache(KEPT_BYTES, getsizeof=lambda file: file.size),
    key=lambda _make, *key: hashkey(*key),
    condition=Condition(),
)
def kept_file(make: Callable[[], KeptFile], *_key: Hashable) -> KeptFile:
    """Return the file of a key, made now or before. Who asks while it is being made waits for it: it is made once.

    A process keeps as many as fit into ``KEPT_BYTES``; those not asked for the longest go first.
    """
    return make()


def send(request: Request, file: KeptFile, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return the answer with a file, compressed where the client takes that; 304 without it if the client has it."""
    every = {
        "ETag": file.etag,
        "Last-Modified": format_datetime(file.made, usegmt=True),
        "Cache-Control": f"public, max-age={FRESH_S}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **headers,
    }
    if _has(request, file):
        return Response(status_code=304, headers=every)
    content = file.content
    if "gzip" in request.headers.get("accept-encoding", "").lower():
        content, every["Content-Encoding"] = file.compressed, "gzip"
    return Response(content, headers={**every, "Content-Type": media_type})


def _has(request: Request, file: KeptFile) -> bool:
    """Whether the client has the file, by RFC 9110, 13.1: ``If-None-Match`` outranks ``If-Modified-Since``."""
    if (marks := request.headers.get("if-none-match")) is not None:
        held = {mark.strip().removeprefix("W/") for mark in marks.split(",")}
        return "*" in held or f'"{file.mark}"' in held
    if (since := request.headers.get("if-modified-since")) is not None:
        try:
            return parsedate_to_datetime(since).astimezone(UTC) >= file.made
        except (ValueError, OverflowError):
            return False
    return False
