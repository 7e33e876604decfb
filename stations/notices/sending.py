"""What the channels have in common: why a try failed, and posting to somebody's HTTP address."""

from __future__ import annotations

from collections.abc import Mapping

import requests

TIMEOUT_S = (5, 15)
"""How long to wait for a connection, and for each part of an answer, in seconds."""


class NotSent(Exception):
    """A try failed. ``for_good``: no further try can help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        self.for_good = for_good
        super().__init__(reason)


def post(session: requests.Session, url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST a JSON body; only an answer of the 200s counts, redirects are not followed.

    Raises:
        NotSent: no answer came in time, or it was another one.
    """
    session.trust_env = False  # no proxy and no .netrc that the environment happens to name
    try:
        answer = session.post(
            url,
            data=body,
            headers={**headers, "Content-Type": "application/json; charset=utf-8", "User-Agent": "quality-stations"},
            timeout=TIMEOUT_S,
            allow_redirects=False,
            stream=True,  # what else it says is not read
        )
        answer.close()
    except requests.RequestException as problem:
        raise NotSent(type(problem).__name__) from problem
    if not 200 <= answer.status_code < 300:
        raise NotSent(f"HTTP {answer.status_code}")
