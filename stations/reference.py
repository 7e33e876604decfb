"""The reference of what is being done: one short number for the answer's header, the log and what a visitor is told.

An HTTP request, a run of a page and a turn of a job each begin one. It says nothing about who asked.
"""

from __future__ import annotations

import secrets
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("reference", default="")


def begin_reference() -> str:
    """Begin a new reference for what this thread or task does from here on, and return it: 8 hexadecimal digits."""
    reference = secrets.token_hex(4)
    _current.set(reference)
    return reference


def current_reference() -> str:
    """Return the reference of what is being done; "" outside."""
    return _current.get()
