"""Which uploads are taken: only for an upload field that is drawn, and only so much at a time.

Streamlit itself takes files for every open page, whether or not it has a field for them, and keeps them in memory until
the visitor leaves. Here a page opens the gate for its field (``upload_field``); everything else is refused before it is
read. What a visitor, a network and all together may have in memory is limited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import exists, get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from stations.client_network import network_of

_LENGTH = re.compile(r"[0-9]{1,18}")
UPLOADS = "/_stcore/upload_file/"
MEGABYTE = 1024 * 1024
OF_VISIT = 60 * MEGABYTE
OF_NETWORK = 200 * MEGABYTE
OF_ALL = 600 * MEGABYTE
FRAMING = 64 * 1024
"""Bytes that a form adds to the file in it."""


class Refused(Exception):
    """The upload is not taken. ``status``: of the answer."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


class Gate:
    """Upload fields that are drawn, and what is being uploaded; of all visits to this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._fields: dict[str, dict[str, int]] = {}
        self._networks: dict[str, str] = {}
        self._coming: Counter[str] = Counter()

    def open(self, visit: str, field: str, most: int) -> None:
        """Take files of at most ``most`` bytes each for a field of a visit (Streamlit's session)."""
        with self._lock:
            if visit not in self._fields:
                self._forget_visits_that_ended()
            self._fields.setdefault(visit, {})[field] = most

    def close(self, visit: str, but: set[str]) -> None:
        """Take no more files for the visit's fields, except those named."""
        with self._lock:
            kept = {name: most for name, most in self._fields.get(visit, {}).items() if name in but}
            if kept:
                self._fields[visit] = kept
            else:
                self._fields.pop(visit, None)

    @contextmanager
    def coming(self, visit: str, address: str, length: int | None) -> Iterator[int]:
        """Reserve room while a file arrives. Yields the bytes that may arrive.

        ``length``: what the sender says; None if it doesn't.

        Raises:
            Refused: the visit has no field for it, it is too large, or there is no room.
        """
        with self._lock:
            fields = self._fields.get(visit)
            if not fields:
                raise Refused(403)
            if length is None:
                raise Refused(411)
            if length > max(fields.values()) + FRAMING:
                raise Refused(413)
            self._networks[visit] = network = network_of(address)
            held = self._held()
            if held[visit] + length > OF_VISIT:
                raise Refused(413)
            near = sum(size for one, size in held.items() if self._networks.get(one) == network)
            if near + length > OF_NETWORK:
                raise Refused(429)
            if held.total() + length > OF_ALL:
                raise Refused(503)
            self._coming[visit] += length
        try:
            yield length
        finally:
            with self._lock:
                self._coming[visit] -= length
                if not self._coming[visit]:
                    del self._coming[visit]

    def _held(self) -> Counter[str]:
        """Return the bytes of each visit: in Streamlit's memory, and on their way there."""
        held = self._coming.copy()
        manager = get_instance().uploaded_file_mgr
        if not isinstance(manager, MemoryUploadedFileManager):
            raise TypeError("the files of this version of Streamlit are not in memory: adapt portal/upload_gate.py")
        for visit, files in list(manager.file_storage.items()):
            held[visit] += sum(len(file.data) for file in list(files.values()))
        return held

    def _forget_visits_that_ended(self) -> None:
        if not exists():  # a page that is drawn without a server
            return
        runtime = get_instance()
        active = runtime.is_active_session
        self._fields = {visit: fields for visit, fields in self._fields.items() if active(visit)}
        # What is still coming takes room, of its network too, until ``coming`` ends.
        self._networks = {
            visit: network for visit, network in self._networks.items() if active(visit) or visit in self._coming
        }


gate = Gate()


class UploadGate:
    """ASGI middleware that passes on only the uploads for which the gate is open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it before its body is read."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOADS):
            await self._app(scope, receive, send)
            return
        visit = scope["path"].removeprefix(UPLOADS).partition("/")[0]
        address = scope["client"][0] if scope.get("client") else ""
        written = Request(scope).headers.get("content-length", "")
        length = int(written) if _LENGTH.fullmatch(written) else None
        try:
            with gate.coming(visit, address, length) as left:

                async def counted() -> Message:
                    nonlocal left
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if left < 0:
                        raise Refused(413)
                    return message

                await self._app(scope, counted, send)
        except Refused as refused:
            told = PlainTextResponse("This file is not taken", refused.status, headers={"Connection": "close"})
            await told(scope, receive, send)
