"""The address of this portal as programs elsewhere are told it."""

from __future__ import annotations

from starlette.requests import Request

from stations.notices.firm_address import public_url


def own_address(request: Request) -> str:
    """Return ``PUBLIC_URL``, or else the address that was called, without a slash at its end."""
    return public_url() or f"{request.url.scheme}://{request.url.netloc}"
