"""Addresses of this site, told from those of others."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_own_path(address: str) -> bool:
    r"""Whether ``address`` is a path of this site, so that sending someone there is safe.

    Browsers take ``//host``, ``/\host`` and ``/<tab>/host`` for another site: no backslash and no
    control character is let through.
    """
    parts = urlsplit(address)
    return (
        address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isprintable()
        and not parts.scheme
        and not parts.netloc
    )
