"""Headers that restrict the browser to this server.

The content security policy is a second safeguard for the rule that no request leaves the server's address: if a library
referred to another host, the browser would refuse the request. Only the tiles of a base map chosen by the operator are
allowed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPONENTS = "/component/"
"""Where the documents of Streamlit's components are: the frames that maps are drawn in."""
GENERATED = ("'self'", "'unsafe-inline'", "'unsafe-eval'")
"""The scripts of such a frame: streamlit-folium writes scripts into it and evaluates them."""


def source_of_inline(script: str) -> str:
    """Return the CSP source that allows one script within a document, and no other."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def content_security_policy(
    tile_hosts: Sequence[str] = (),
    *,
    scripts: Sequence[str] = ("'self'",),
    frame_ancestors: Sequence[str] = ("'self'",),
) -> str:
    """Return the policy; ``tile_hosts`` (``https://*.host``) are allowed for images only.

    ``scripts``: the sources of scripts. ``frame_ancestors``: the sites that may show the document in a frame. Streamlit
    writes styles into its documents, so ``unsafe-inline`` is necessary for those; every other source is this server.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src", *scripts)),
            "style-src 'self' 'unsafe-inline'",
            " ".join(("img-src 'self' data: blob:", *tile_hosts)),
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            " ".join(("frame-ancestors", *frame_ancestors)),
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


def host_source(tile_url: str) -> str:
    """Return the CSP source of a tile address; ``https://t{s}.host/…`` becomes ``https://*.host``."""
    parts = urlsplit(tile_url)
    first, _, rest = parts.netloc.partition(".")
    return f"{parts.scheme}://{'*.' + rest if '{s}' in first else parts.netloc}"


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP response.

    ``policy``: of everything but ``COMPONENTS``, which have ``component_policy``.
    ``strict_transport``: the value of ``Strict-Transport-Security``, "" for none; sent where the visitor came by TLS
    (RFC 6797, 7.2).
    """

    def __init__(self, app: ASGIApp, policy: str, component_policy: str, strict_transport: str = "") -> None:
        self._app = app
        self._component_policy = component_policy
        self._strict_transport = {"Strict-Transport-Security": strict_transport} if strict_transport else {}
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a header already set by the response is not replaced."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        wanted = {**self._headers, **(self._strict_transport if scope["scheme"] == "https" else {})}
        if scope["path"].startswith(COMPONENTS):
            wanted["Content-Security-Policy"] = self._component_policy

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
