"""Web call-backs: the notice as signed JSON, posted to an address that the firm chose.

The signature follows the public Standard Webhooks specification (``webhook-id``, ``webhook-timestamp``,
``webhook-signature``: HMAC-SHA256 over the three parts), for which receivers find libraries. The signing secret is
derived from the installation's secret and the subject of the notice, and is shown to the firm.

An address entered by a stranger must not let this server reach into its own network (server-side request forgery):
names are resolved here, every resulting address is checked, and the connection goes to the checked address. What is
signed can still be read on its way, so all is sent by https, but within networks that the operator named.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit, urlunsplit

from standardwebhooks import Webhook

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.channel import Channel
from stations.notices.parcel import NotSent, Parcel, Sender
from stations.settings import read_value

_PORTS = {"http": 80, "https": 443}
MIN_SECRET = 24
_WITH_IPV4_LAST = (
    ip_network("64:ff9b::/96"),  # NAT64 (RFC 6052), and within a network (RFC 8215)
    ip_network("64:ff9b:1::/48"),
    ip_network("::/96"),  # IPv4-compatible (RFC 4291)
    ip_network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765)
)
_ISATAP = 0x0000_5EFE  # RFC 5214: the four bytes before the IPv4 address, but for one bit


@dataclass(frozen=True)
class CallBacks:
    """The settings of call-backs.

    ``secret``: the secret from which each subject's signing secret is derived. ``networks``: the private networks that
    may be called, also by http; public addresses always may, by https.
    """

    secret: bytes
    networks: tuple[IPv4Network | IPv6Network, ...]


def check_address(field: str, written: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the URL that was entered: https, or also http where ``WEBHOOK_NETWORKS`` names a closed network.

    Whether it may be called is decided at each call, because the addresses of a name change.

    Raises:
        InvalidInput: it is not a URL that could be called.
    """
    value = narrow(written)
    wrong = InvalidInput(
        field, N_("“{value}” is not an address for call-backs; write it as https://example.com/path"), value=written
    )
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not value.isascii():
        raise wrong
    if parts.username is not None or parts.password is not None or parts.fragment or re.search(r"\s", value):
        raise wrong
    if parts.scheme == "http" and not _named_networks(environment):
        told = N_("“{value}” is not encrypted, so what is sent could be read on its way; write it with https://")
        raise InvalidInput(field, told, value=written)
    return value


def read_settings(environment: Mapping[str, str]) -> CallBacks | None:
    """Read ``WEBHOOK_SECRET`` and ``WEBHOOK_NETWORKS``. Return None if the first is not set.

    Raises:
        InvalidInput: the secret is too short, or a network can't be read.
    """
    secret = read_value(environment, "WEBHOOK_SECRET")
    if not secret:
        return None
    if len(secret) < MIN_SECRET:
        raise InvalidInput("WEBHOOK_SECRET", N_("WEBHOOK_SECRET needs at least {length} characters"), length=MIN_SECRET)
    return CallBacks(secret.encode(), _named_networks(environment))


def _named_networks(environment: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    networks = read_value(environment, "WEBHOOK_NETWORKS")
    try:
        return tuple(ip_network(part.strip()) for part in networks.split(",") if part.strip())
    except ValueError:
        raise InvalidInput(
            "WEBHOOK_NETWORKS",
            N_("WEBHOOK_NETWORKS can't be read; write networks such as 10.0.0.0/8, 192.168.0.0/16"),
        ) from None


def signing_secret(call_backs: CallBacks, subject: str) -> str:
    """Return the secret that signs call-backs about ``subject``, as receivers' libraries expect it: ``whsec_…``.

    ``subject``: ``parcel.data["subject"]``, e.g. a tracking number.
    """
    derived = hmac.new(call_backs.secret, f"webhook:{subject}".encode(), hashlib.sha256).digest()
    return f"whsec_{base64.b64encode(derived).decode()}"


def sender(call_backs: CallBacks) -> Sender:
    """Return a function that sends with these settings."""

    def send(parcel: Parcel, now: datetime) -> None:
        body = json.dumps(
            {"key": parcel.key, "title": parcel.subject, "text": parcel.text, "data": parcel.data}, ensure_ascii=False
        )
        secret = signing_secret(call_backs, str(parcel.data.get("subject", "")))
        post_signed(call_backs, parcel.address, parcel.key, body, now, secrets=[secret])

    return send


def post_signed(
    call_backs: CallBacks, url: str, message_id: str, body: str, now: datetime, *, secrets: Sequence[str]
) -> int:
    """POST a body, signed with each of ``secrets``, and return the status of the answer.

    ``message_id``: the same at every attempt, by which a receiver knows a message that comes twice.

    Raises:
        NotSent: the address must not be called, or it did not take the message.
    """
    from stations.notices.http_posting import post

    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, now, body) for secret in secrets),
    }
    host, address, pinned = _pin(url, call_backs.networks)
    return post(pinned, body.encode(), {**headers, "Host": address}, certified_host=host)


def _pin(url: str, networks: Sequence[IPv4Network | IPv6Network]) -> tuple[str, str, str]:
    """Return the host name, the value of the ``Host`` header, and the URL with a checked IP address as host.

    Raises:
        NotSent: the name can't be resolved, or it has an address that must not be called.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise NotSent("the name is not known") from problem
    addresses = [ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    for address in addresses:
        for plain in _reached_by(address):
            named = any(plain in network for network in networks)
            if not _is_public(plain) and not named:
                raise NotSent(f"{plain} is a private address that WEBHOOK_NETWORKS does not name", for_good=True)
            if parts.scheme == "http" and not named:
                told = f"http to {plain}, which WEBHOOK_NETWORKS does not name: only https is called elsewhere"
                raise NotSent(told, for_good=True)
    literal = f"[{addresses[0]}]" if isinstance(addresses[0], IPv6Address) else str(addresses[0])
    return host, parts.netloc, urlunsplit(parts._replace(netloc=f"{literal}:{port}"))


def _reached_by(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return every address that a packet to this one may end at: gateways unpack IPv4 addresses from IPv6 ones."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    inside = [last] if any(address in network for network in _WITH_IPV4_LAST) else []
    if (int(address) >> 32) & 0xFDFF_FFFF == _ISATAP:
        inside.append(last)
    return [address, *inside, *(address.teredo or ()), *([address.sixtofour] if address.sixtofour else [])]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or site_local)


CHANNEL = Channel(
    code="webhook",
    label=N_("Web call-back"),
    address_label=N_("Address of your system for call-backs (https://…)"),
    check_address=check_address,
    read_settings=read_settings,
    sender=sender,
    read_by_programs=True,
    signing_secret=signing_secret,
)
