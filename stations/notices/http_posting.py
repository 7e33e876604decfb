"""Posting a notice to an HTTP address.

Loads ``requests``, which takes half a second: a channel imports this module when its sender is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from stations.notices.parcel import NotSent

TIMEOUT_S = (5, 15)
"""The longest wait for a connection, and for each part of an answer, in seconds."""


def post(url: str, body: bytes, headers: Mapping[str, str], *, certified_host: str = "") -> int:
    """POST a JSON body and return the status of the answer. Only a 2xx answer counts; redirects are not followed.

    ``certified_host``: the host that the certificate must name, if ``url`` has an IP address in its place.

    Raises:
        NotSent: no answer came in time, or it was another one.
    """
    with requests.Session() as session:
        session.trust_env = False  # ignore proxies and .netrc files named in the environment
        if certified_host:
            session.mount("https://", _CheckedHost(certified_host))
        try:
            answer = session.post(
                url,
                data=body,
                headers={
                    **headers,
                    "Content-Type": "application/json; charset=utf-8",
                    "User-Agent": "quality-stations",
                },
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,  # the rest of the answer is not read
            )
            answer.close()
        except requests.RequestException as problem:
            raise NotSent(type(problem).__name__) from problem
    if not 200 <= answer.status_code < 300:
        raise NotSent(f"HTTP {answer.status_code}", status=answer.status_code)
    return answer.status_code


class _CheckedHost(HTTPAdapter):
    """Connects to an IP address, and checks the certificate for the host name that it replaced."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, server_hostname=self._host, assert_hostname=self._host, **options)
