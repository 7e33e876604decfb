"""The external geocoder of this installation, if the operator has configured one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from geo.geocoding import PROVIDERS, Geocoder
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten

NONE = "none"


def read_geocoder(environment: Mapping[str, str] = os.environ) -> Geocoder | None:
    """Read ``GEOCODER`` (``none``, or a name in ``geo.geocoding.PROVIDERS``), ``GEOCODER_KEY`` and ``GEOCODER_URL``.

    ``GEOCODER_URL`` is a gateway that replaces the provider's address. Return None for ``none``.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """
    provider, key, url = (environment.get(name, "").strip() for name in ("GEOCODER", "GEOCODER_KEY", "GEOCODER_URL"))
    provider = provider.lower() or NONE
    if provider not in {NONE, *PROVIDERS}:
        known = ListedAsWritten((NONE, *PROVIDERS))
        message = N_("GEOCODER is “{value}”; set it to one of: {known}")
        raise InvalidInput("GEOCODER", message, value=provider, known=known)
    if provider == NONE:
        return None
    if not key:
        message = N_("GEOCODER is {provider}: set GEOCODER_KEY to your key")
        raise InvalidInput("GEOCODER_KEY", message, provider=provider)
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        message = N_("GEOCODER_URL is “{value}”; write a whole http or https address")
        raise InvalidInput("GEOCODER_URL", message, value=url)
    return Geocoder(provider, key, url)


@cache
def geocoder() -> Geocoder | None:
    """Return the geocoder of this process, with its cache."""
    return read_geocoder()
