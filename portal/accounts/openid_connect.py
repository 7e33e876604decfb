"""OpenID Connect: the authorization code flow with PKCE against one provider.

Authlib implements OAuth; joserfc checks the ID token's signature against the provider's published keys, and its claims
(OpenID Connect Core 1.0, 3.1.3.7). Streamlit's own ``st.login`` is not used: it stores the identity in a signed cookie,
which can't be revoked on the server, and does not know the accounts of ``stations``. The provider is contacted by this
server and by the visitor's browser, and only if the operator has configured one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.identity_provider import ProviderSettings
from stations.accounts.single_sign_on import Attempt, Vouched
from stations.errors import DomainError
from stations.language import N_

CALLBACK = "/single-sign-on/callback"
TIMEOUT_S = 10
LEEWAY_S = 60
# Only signature algorithms with a private key of the provider; none with a shared secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]


class ProviderFailed(DomainError):
    """The provider can't be reached, refused the request, or sent an answer that can't be trusted."""


def address_to_sign_in_at(provider: ProviderSettings, attempt: Attempt, callback: str) -> str:
    """Return the provider's address that the browser is redirected to; ``callback``: where the provider sends it back
    to.

    Raises:
        ProviderFailed: the provider can't be reached.
    """
    endpoint = _discover(provider)["authorization_endpoint"]
    with _session(provider, callback) as session:
        address, _state = session.create_authorization_url(
            endpoint, state=attempt.state, code_verifier=attempt.code_verifier, nonce=attempt.nonce
        )
    return str(address)


def exchange_code(
    provider: ProviderSettings, code: str, *, nonce: str, code_verifier: str, callback: str, now: datetime
) -> Vouched:
    """Exchange the code for an ID token and return the identity that the token asserts.

    Raises:
        ProviderFailed: the provider can't be reached, refuses the code, or its token is not valid.
    """
    metadata = _discover(provider)
    try:
        with _session(provider, callback) as session:
            token = session.fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=code_verifier, timeout=TIMEOUT_S
            )
        keys = _get_keys(metadata["jwks_uri"])
    except (OAuthError, requests.RequestException, ValueError, JoseError) as problem:
        raise _failed(problem) from problem
    return _read_token(provider, str(token.get("id_token", "")), keys, nonce, now)


def _read_token(provider: ProviderSettings, id_token: str, keys: KeySet, nonce: str, now: datetime) -> Vouched:
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
        rules.validate(claims)
    except (JoseError, ValueError) as problem:
        raise _failed(problem) from problem
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (len(others) > 1 or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise ProviderFailed(_UNTRUSTED, reason="azp")
    username = claims.get(provider.username_claim) if provider.username_claim else None
    methods = claims.get("amr")
    return Vouched(
        provider.issuer,
        str(claims["sub"]),
        username if isinstance(username, str) else None,
        multi_factor=isinstance(methods, list) and "mfa" in methods,
    )


_UNTRUSTED = N_("Single sign-on did not work ({reason}); try again, or sign in with a password")


def check_provider(provider: ProviderSettings) -> None:
    """Ask the provider what it is, as a sign-in begins.

    Raises:
        ProviderFailed: it can't be reached, or says something else.
    """
    _discover(provider)


def _discover(provider: ProviderSettings) -> dict[str, Any]:
    try:
        metadata = _get_json(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    except (requests.RequestException, ValueError) as problem:
        raise _failed(problem) from problem
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if metadata.get("issuer") != provider.issuer or not all(isinstance(metadata.get(name), str) for name in wanted):
        raise ProviderFailed(_UNTRUSTED, reason="issuer")
    return metadata


def _get_json(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT_S, allow_redirects=False)
    answer.raise_for_status()
    data = answer.json()
    if not isinstance(data, dict):
        raise ValueError(f"{address} answers no JSON object")
    return data


def _get_keys(address: str) -> KeySet:
    published = _get_json(address).get("keys")
    if not isinstance(published, list) or not all(isinstance(key, dict) for key in published):
        raise ValueError(f"{address} answers no JSON Web Key Set")
    return KeySet.import_key_set({"keys": published})


def _session(provider: ProviderSettings, callback: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        scope="openid profile",
        redirect_uri=callback,
        code_challenge_method="S256",
    )


def _failed(problem: Exception) -> ProviderFailed:
    # Only the type of failure: the text of an answer could contain a token or a person's name.
    return ProviderFailed(_UNTRUSTED, reason=type(problem).__name__)
