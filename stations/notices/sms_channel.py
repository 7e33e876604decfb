"""Text messages: handed to a gateway that takes JSON by HTTP.

One POST a message to the address in the settings: ``{"to", "text"}``, the token as a bearer token and
the notice's key as ``Idempotency-Key``. Gateways that speak otherwise need a small adapter before them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import requests

from stations.notices.outbox import Parcel
from stations.notices.sending import post
from stations.notices.settings import TextGateway


def sender(gateway: TextGateway) -> Callable[[Parcel, datetime], None]:
    """How to send through ``gateway``."""

    def send(parcel: Parcel, _now: datetime) -> None:
        headers = {"Idempotency-Key": parcel.key}
        if gateway.token:
            headers["Authorization"] = f"Bearer {gateway.token}"
        body = json.dumps({"to": parcel.address, "text": parcel.text}, ensure_ascii=False).encode()
        with requests.Session() as session:
            post(session, gateway.url, body, headers)

    return send
