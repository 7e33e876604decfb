"""The settings of the OpenID Connect identity provider for signing in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stations.errors import InvalidInput
from stations.language import N_


@dataclass(frozen=True)
class ProviderSettings:
    """An identity provider.

    ``name``: the label of the sign-in button. ``username_claim``: the claim that contains the user name of an account
    here; "" if no claim is trusted.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""
    username_claim: str = ""


def read_provider(environment: Mapping[str, str] = os.environ) -> ProviderSettings | None:
    """Read ``OIDC_ISSUER``, ``OIDC_CLIENT_ID``, ``OIDC_CLIENT_SECRET``, ``OIDC_NAME`` and ``OIDC_USERNAME_CLAIM``.

    Return None if ``OIDC_ISSUER`` is empty.

    Raises:
        InvalidInput: the issuer is not an https address (http is allowed for localhost only), or ``OIDC_CLIENT_ID`` is
            missing.
    """

    def value(name: str) -> str:
        return environment.get(name, "").strip()

    issuer = value("OIDC_ISSUER")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"})
    if not safe or not parts.netloc or parts.query or parts.fragment:
        raise InvalidInput(
            "OIDC_ISSUER", N_("OIDC_ISSUER is “{value}”; set it to the provider's https address"), value=issuer
        )
    if not value("OIDC_CLIENT_ID"):
        raise InvalidInput("OIDC_CLIENT_ID", N_("OIDC_ISSUER is set: set OIDC_CLIENT_ID too"))
    return ProviderSettings(
        issuer=issuer,
        client_id=value("OIDC_CLIENT_ID"),
        client_secret=value("OIDC_CLIENT_SECRET"),
        name=value("OIDC_NAME"),
        username_claim=value("OIDC_USERNAME_CLAIM"),
    )
