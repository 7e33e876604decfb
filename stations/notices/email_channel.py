"""E-mail: one message a notice, through the mail server in the settings.

The ``Message-ID`` is made from the notice's key, the same at every try, so that mail programs show a
double once.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from stations.notices.outbox import Parcel
from stations.notices.sending import NotSent
from stations.notices.settings import MailServer
from stations.readers.email_address import read_email_address

TIMEOUT_S = 20


def sender(server: MailServer) -> Callable[[Parcel, datetime], None]:
    """How to send through ``server``."""

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
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    message.set_content(parcel.text)
    return message
