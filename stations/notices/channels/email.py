"""E-mail: one message for each notice, through the mail server in the settings.

The ``Message-ID`` is derived from the notice's key and is the same at every attempt, so that mail programs show a
duplicate only once.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.channel import Channel
from stations.notices.parcel import NotSent, Parcel, Sender
from stations.readers.email_address import read_email_address
from stations.settings import read_value

TIMEOUT_S = 20
_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """A mail server. ``scheme``: ``smtp`` (plain), ``smtp+starttls`` or ``smtps``. ``sender``: the From address."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None
    sender: str


def check_address(field: str, value: str) -> str:
    """Return the e-mail address that was entered.

    Raises:
        InvalidInput: it is not an e-mail address.
    """
    return read_email_address(field, value).address


def read_settings(environment: Mapping[str, str]) -> MailServer | None:
    """Read ``SMTP_URL`` and ``SMTP_FROM``. Return None if the first is not set.

    Raises:
        InvalidInput: one of them can't be used.
    """
    url, sender = read_value(environment, "SMTP_URL"), read_value(environment, "SMTP_FROM")
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
    try:
        read_email_address("SMTP_FROM", sender, local_host=True)
    except InvalidInput:
        raise InvalidInput(
            "SMTP_FROM", N_("SMTP_URL needs SMTP_FROM beside it: the address that mail is sent from")
        ) from None
    name, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(parts.scheme, parts.hostname, port, name, password, sender)


def sender(server: MailServer) -> Sender:
    """Return a function that sends through ``server``."""

    def send(parcel: Parcel, now: datetime) -> None:
        try:
            with _connect(server) as connection:
                if server.scheme == "smtp+starttls":
                    connection.starttls(context=ssl.create_default_context())
                if server.username:
                    connection.login(server.username, server.password or "")
                connection.send_message(_message(server, parcel, now))
        except smtplib.SMTPRecipientsRefused as problem:
            code, _text = next(iter(problem.recipients.values()))
            raise NotSent(f"SMTP {code}: the recipient is refused", for_good=code >= 500) from problem
        except smtplib.SMTPResponseException as problem:
            raise NotSent(f"SMTP {problem.smtp_code}") from problem
        except (smtplib.SMTPException, OSError) as problem:
            raise NotSent(type(problem).__name__) from problem

    return send


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def _message(server: MailServer, parcel: Parcel, now: datetime) -> EmailMessage:
    sender = read_email_address("SMTP_FROM", server.sender, local_host=True)
    message = EmailMessage()
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = parcel.address
    message["Subject"] = parcel.subject
    message["Date"] = format_datetime(now)
    host = sender.address.rsplit("@", 1)[1]
    message["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:40]}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: prevents automatic replies
    message.set_content(parcel.text)
    return message


CHANNEL = Channel(
    code="email",
    label=N_("E-mail"),
    address_label=N_("E-mail address for notices"),
    check_address=check_address,
    read_settings=read_settings,
    sender=sender,
    contact="email",
)
