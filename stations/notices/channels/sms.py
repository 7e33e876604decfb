"""Text messages, through a gateway that accepts JSON by HTTP.

One POST for each message to the address in the settings: ``{"to", "text"}``, with the token as a bearer token and the
notice's key as ``Idempotency-Key``. Gateways with another protocol need a small adapter in front of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.channel import Channel
from stations.notices.parcel import Parcel, Sender
from stations.readers.telephone import read_mobile
from stations.settings import read_value


@dataclass(frozen=True)
class TextGateway:
    """A gateway for text messages that accepts JSON by HTTP. ``token``: sent as a bearer token."""

    url: str
    token: str


def read_settings(environment: Mapping[str, str]) -> TextGateway | None:
    """Read ``SMS_GATEWAY_URL`` and ``SMS_GATEWAY_TOKEN``. Return None if the first is not set.

    Raises:
        InvalidInput: the address can't be used.
    """
    url = read_value(environment, "SMS_GATEWAY_URL")
    if not url:
        return None
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise InvalidInput("SMS_GATEWAY_URL", N_("SMS_GATEWAY_URL can't be used; write it as https://host/path"))
    return TextGateway(url, read_value(environment, "SMS_GATEWAY_TOKEN"))


def sender(gateway: TextGateway) -> Sender:
    """Return a function that sends through ``gateway``."""
    from stations.notices.http_posting import post

    def send(parcel: Parcel, _now: datetime) -> None:
        headers = {"Idempotency-Key": parcel.key}
        if gateway.token:
            headers["Authorization"] = f"Bearer {gateway.token}"
        body = json.dumps({"to": parcel.address, "text": parcel.text}, ensure_ascii=False).encode()
        post(gateway.url, body, headers)

    return send


CHANNEL = Channel(
    code="sms",
    label=N_("Text message"),
    address_label=N_("Mobile number for notices"),
    check_address=read_mobile,
    read_settings=read_settings,
    sender=sender,
    contact="phone",
)
