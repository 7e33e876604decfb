"""Checking that an address is a path of this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_own_path(address: str) -> bool:
    r"""Whether ``address`` is a path of this site, so that redirecting to it is safe.

    Browsers take ``//host``, ``/\host`` and ``/<tab>/host`` for another site, so backslashes and control characters are
    rejected, and a blank between two slashes, which some program on the way may drop.
    """
    parts = urlsplit(address)
    return (
        address.startswith("/")
        and not address.replace(" ", "").startswith("//")
        and "\\" not in address
        and address.isprintable()
        and not parts.scheme
        and not parts.netloc
    )
