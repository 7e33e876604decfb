"""Cookies that only this host can have set, where visitors come by TLS: the prefix ``__Host-`` (RFC 6265bis, 4.1.3.2).

A neighbour in the same domain, or anybody between on plain http, could otherwise set a cookie ``session`` of ours. The
code knows each cookie by one name; here the prefix is added on the way out and taken off on the way in, for pages and
their websockets alike. A cookie without it does not count. No cookie, also of Streamlit, goes out that browsers would
send on plain http.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "__Host-"


class HostCookies:
    """ASGI middleware. ``names``: the cookies of ours; all of them have the path ``/`` and no domain."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; on plain http, where browsers keep no such cookie, as it is."""
        if scope.get("scheme") not in {"https", "wss"}:
            await self._app(scope, receive, send)
            return
        headers = [
            (name, self._taken_off(value) if name == b"cookie" else value) for name, value in scope["headers"]
        ]

        async def send_prefixed(message: Message) -> None:
            if "headers" in message:
                message["headers"] = [
                    (name, self._put_on(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self._app({**scope, "headers": headers}, receive, send_prefixed)

    def _taken_off(self, header: bytes) -> bytes:
        return "; ".join(self._that_count(header.decode("latin-1"))).encode("latin-1")

    def _that_count(self, header: str) -> Iterator[str]:
        for one in header.split(";"):
            name = one.partition("=")[0].strip()
            if name.removeprefix(PREFIX) not in self._names:
                yield one.strip()
            elif name.startswith(PREFIX):
                yield one.strip().removeprefix(PREFIX)

    def _put_on(self, header: bytes) -> bytes:
        written = header.decode("latin-1")
        prefix = PREFIX if written.partition("=")[0] in self._names else ""  # Streamlit's script reads its own by name
        secure = "" if "; secure" in written.lower() else "; Secure"  # what deletes a cookie needs it too
        return f"{prefix}{written}{secure}".encode("latin-1")
