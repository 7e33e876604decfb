"""Which ways out this installation has: settings of the channels, read from the environment.

Nothing is on by itself, because on a closed network nothing can be reached by itself. Notices of a
channel that is off wait in the outbox.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import unquote, urlsplit

from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.outbox import Channel

MIN_SECRET = 24
_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """``scheme``: ``smtp`` plain, ``smtp+starttls``, or ``smtps``; ``sender``: the From address."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None
    sender: str


@dataclass(frozen=True)
class TextGateway:
    """A gateway for text messages that takes JSON by HTTP; ``token`` goes as a bearer token."""

    url: str
    token: str


@dataclass(frozen=True)
class CallBacks:
    """``secret``: what each request's signing secret is derived from. ``networks``: the private
    networks that may be called; public addresses always may."""

    secret: bytes
    networks: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True)
class NoticeSettings:
    """The ways out."""

    mail: MailServer | None
    text: TextGateway | None
    call_backs: CallBacks | None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are configured, in the order they are offered."""
        wired = {Channel.EMAIL: self.mail, Channel.SMS: self.text, Channel.WEBHOOK: self.call_backs}
        return tuple(channel for channel, wire in wired.items() if wire is not None)


def read_notice_settings(environment: Mapping[str, str] = os.environ) -> NoticeSettings:
    """Read ``SMTP_URL``, ``SMTP_FROM``, ``SMS_GATEWAY_URL``, ``SMS_GATEWAY_TOKEN``, ``WEBHOOK_SECRET``
    and ``WEBHOOK_NETWORKS``.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """

    def value(name: str) -> str:
        return environment.get(name, "").strip()

    return NoticeSettings(
        mail=_mail_server(value("SMTP_URL"), value("SMTP_FROM")),
        text=_text_gateway(value("SMS_GATEWAY_URL"), value("SMS_GATEWAY_TOKEN")),
        call_backs=_call_backs(value("WEBHOOK_SECRET"), value("WEBHOOK_NETWORKS")),
    )


def _mail_server(url: str, sender: str) -> MailServer | None:
    if not url:
        return None
    wrong = InvalidInput(
        "SMTP_URL",
        N_("SMTP_URL can't be used; write it as smtp://host:25, smtp+starttls://user:password@host or smtps://…"),
    )
    try:
        parts = urlsplit(url)
        port = parts.port or _SMTP_PORTS.get(parts.scheme)
    except ValueError:
        raise wrong from None
    if port is None or not parts.hostname:
        raise wrong
    if "@" not in parseaddr(sender)[1]:
        raise InvalidInput("SMTP_FROM", N_("SMTP_URL needs SMTP_FROM beside it: the address that mail is sent from"))
    name, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(parts.scheme, parts.hostname, port, name, password, sender)


def _text_gateway(url: str, token: str) -> TextGateway | None:
    if not url:
        return None
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise InvalidInput("SMS_GATEWAY_URL", N_("SMS_GATEWAY_URL can't be used; write it as https://host/path"))
    return TextGateway(url, token)


def _call_backs(secret: str, networks: str) -> CallBacks | None:
    if not secret:
        return None
    if len(secret) < MIN_SECRET:
        raise InvalidInput("WEBHOOK_SECRET", N_("WEBHOOK_SECRET needs at least {length} characters"), length=MIN_SECRET)
    try:
        named = tuple(ip_network(part.strip()) for part in networks.split(",") if part.strip())
    except ValueError:
        raise InvalidInput(
            "WEBHOOK_NETWORKS",
            N_("WEBHOOK_NETWORKS can't be read; write networks such as 10.0.0.0/8, 192.168.0.0/16"),
        ) from None
    return CallBacks(secret.encode(), named)
