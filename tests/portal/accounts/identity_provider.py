"""A real OpenID Connect provider for tests: discovery, authorization code with PKCE, signed ID tokens.

It lets its ``person`` in without asking. ``spoil`` changes what it signs, so that a test can see the
portal refuse it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from tests.conftest import NOW

# On the tests' day, on which the portal lives too; it lasts as long as a run may.
ISSUED = int(NOW.timestamp())
EXPIRES = ISSUED + 12 * 3600
CLIENT_ID, CLIENT_SECRET = "quality-stations", "a secret of the client"

Claims = dict[str, Any]


@dataclass
class IdentityProvider:
    """The provider: who signs in at it (``person``), how its tokens are spoilt, what it was asked."""

    issuer: str = ""
    person: Claims = field(default_factory=lambda: {"sub": "10001", "preferred_username": "wang"})
    spoil: Callable[[Claims], Claims] = lambda claims: claims
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    signing_key: Any = None
    algorithm: str = "RS256"
    refuses: bool = False
    told_issuer: str = ""
    told_keys: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.told_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID, asked
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split(), asked
        if self.refuses:
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

    async def token(self, request: Request) -> JSONResponse:
        form = await request.form()
        given = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        asked = self.codes.pop(str(form["code"]), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if (
            asked is None
            or given.replace("+", " ").replace("%20", " ") != f"{CLIENT_ID}:{CLIENT_SECRET}"
            or asked["code_challenge"] != challenge.decode().rstrip("=")
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": ISSUED,
            "exp": EXPIRES,
            "nonce": asked["nonce"],
            **self.person,
        }
        signed = jwt.encode(
            {"alg": self.algorithm, "kid": "one"},
            self.spoil(claims),
            self.signing_key or self.key,
            algorithms=[self.algorithm],
        )
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    def keys(self, request: Request) -> JSONResponse:
        return JSONResponse(self.told_keys or KeySet([self.key]).as_dict(private=False))


@contextmanager
def running_provider() -> Iterator[IdentityProvider]:
    """The provider, answering at its ``issuer`` until the block ends."""
    provider = IdentityProvider()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
            Route("/keys", provider.keys),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the provider does not start"
        time.sleep(0.02)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=30)
