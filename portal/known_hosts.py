"""Only hosts of ours are answered; others are counted, since many of them mean that somebody tries."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.metrics import HOSTS_REFUSED
from stations.security_events import EventKind, tally


class KnownHosts:
    """ASGI middleware that refuses other hosts than ``allowed_hosts`` with 400."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self._app = app
        self._allowed = allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its host is ours."""
        passed = False

        async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal passed
            passed = True
            await self._app(scope, receive, send)

        check = TrustedHostMiddleware(pass_on, allowed_hosts=self._allowed, www_redirect=False)
        await check(scope, receive, send)
        if not passed and scope["type"] in {"http", "websocket"}:
            HOSTS_REFUSED.inc()
            tally.add(EventKind.FOREIGN_HOSTS)
