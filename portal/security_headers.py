"""Headers that restrict the browser to this server.

The content security policy is a second safeguard for the rule that no request leaves the server's address: if a library
referred to another host, the browser would refuse the request. Only the tiles of a base map chosen by the operator are
allowed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(tile_hosts: tuple[str, ...] = ()) -> str:
    """Return the policy; ``tile_hosts`` (``https://*.host``) are allowed for images only.

    Streamlit and streamlit-folium run generated scripts and styles, so ``unsafe-inline`` and ``unsafe-eval`` are
    necessary; every other source is this server.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            " ".join(("img-src 'self' data: blob:", *tile_hosts)),
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def host_source(tile_url: str) -> str:
    """Return the CSP source of a tile address; ``https://t{s}.host/…`` becomes ``https://*.host``."""
    parts = urlsplit(tile_url)
    first, _, rest = parts.netloc.partition(".")
    return f"{parts.scheme}://{'*.' + rest if '{s}' in first else parts.netloc}"


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP response."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a header already set by the response is not replaced."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
