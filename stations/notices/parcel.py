"""A notice as its sender sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Parcel:
    """A claimed notice, detached from the database.

    ``channel``: the code of the channel it leaves by. ``lease``: proves that this sender claimed it.
    ``data``: the notice for programs, plain JSON.
    """

    id: int
    lease: str
    key: str
    channel: str
    address: str
    subject: str
    text: str
    data: dict[str, Any]
    tries: int


class NotSent(Exception):
    """A failed attempt. ``for_good``: no further attempt can help. ``status``: what an HTTP server answered; None if
    nothing.
    """

    def __init__(self, reason: str, *, for_good: bool = False, status: int | None = None) -> None:
        self.for_good = for_good
        self.status = status
        super().__init__(reason)


Sender = Callable[[Parcel, datetime], None]
"""Sends a parcel at an instant. Raises ``NotSent`` if the receiver did not accept it."""
