"""What the channels share: the error of a failed attempt, and posting to an HTTP address."""

from __future__ import annotations

from collections.abc import Mapping

import requests

TIMEOUT_S = (5, 15)
"""The longest wait for a connection, and for each part of an answer, in seconds."""


class NotSent(Exception):
    """A failed attempt. ``for_good``: no further attempt can help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        self.for_good = for_good
        super().__init__(reason)


def post(session: requests.Session, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST a JSON body. Only a 2xx answer counts; redirects are not followed.

    Raises:
        NotSent: no answer came in time, or it was another one.
    """
    session.trust_env = False  # ignore proxies and .netrc files named in the environment
    try:
        answer = session.post(
            url,
            data=body,
            headers={**headers, "Content-Type": "application/json; charset=utf-8", "User-Agent": "quality-stations"},
            timeout=TIMEOUT_S,
            allow_redirects=False,
            stream=True,  # the rest of the answer is not read
        )
        answer.close()
    except requests.RequestException as problem:
        raise NotSent(type(problem).__name__) from problem
    if not 200 <= answer.status_code < 300:
        raise NotSent(f"HTTP {answer.status_code}")
