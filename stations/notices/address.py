"""Checking where a notice is to be sent, by its channel, before the address is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.outbox import Channel
from stations.readers.email_address import ADDRESS_LIMIT, read_email_address
from stations.readers.telephone import read_mobile


def check_address(field: str, channel: Channel, value: str) -> str:
    """The address as it is kept: an e-mail address, a mobile number of eleven digits or a URL.

    Whether a URL may be called is settled when it is called (``stations.notices.webhook_channel``), because
    what a name points to changes.

    Raises:
        InvalidInput: it is none of the channel's addresses.
    """
    return _CHECKS[channel](field, read_text(field, value, limit=ADDRESS_LIMIT))


def _check_email(field: str, value: str) -> str:
    return read_email_address(field, value).address


def _check_url(field: str, written: str) -> str:
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
    return value


_CHECKS: dict[Channel, Callable[[str, str], str]] = {
    Channel.EMAIL: _check_email,
    Channel.SMS: read_mobile,
    Channel.WEBHOOK: _check_url,
}
