"""The network that a client's address belongs to, by which limits are counted."""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network


def network_of(address: str) -> str:
    """Return the address in one notation; of IPv6 its /64 network, since one machine can use any address in it.

    What is no address is returned as it is.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def hash_network(address: str) -> str:
    """Return the SHA-256 of the address's network, in hexadecimal, as the database stores it."""
    return hashlib.sha256(network_of(address).encode()).hexdigest()
