"""The network address of the program that asks, and where it files from."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.requests import Request

from portal.storage import domain_settings
from stations.requests.filing_limits import Network


def address_of(request: Request) -> str:
    """Return the client's network address. Behind a proxy uvicorn has already inserted it (``FORWARDED_ALLOW_IPS``)."""
    return request.client.host if request.client else ""


def filing_network(request: Request) -> Network | None:
    """Return where a request is filed from; None for a program on this machine, which nobody else can be."""
    address = address_of(request)
    try:
        own = ip_address(address).is_loopback
    except ValueError:
        own = not address
    return None if own else Network(address, domain_settings().requests_per_network)
