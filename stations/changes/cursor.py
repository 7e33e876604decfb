"""The cursor of the feed of changes, as a reader keeps it: opaque, and stable while the feed is kept."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from stations.errors import InvalidInput
from stations.language import N_

NOW = "now"
"""In place of a cursor: only what happens from now on."""
_CURSOR = re.compile(r"[A-Za-z0-9_-]{4,24}")
_INSIDE = re.compile(rb"1:([0-9]{1,9})")


def write_cursor(position: int) -> str:
    """Return the cursor of a position."""
    return urlsafe_b64encode(f"1:{position}".encode()).decode().rstrip("=")


def read_cursor(field: str, text: str) -> int:
    """Return the position of a cursor.

    Raises:
        InvalidInput: it is none that was given here.
    """
    inside = None
    if _CURSOR.fullmatch(text) and len(text) % 4 != 1:
        inside = _INSIDE.fullmatch(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if inside is None:
        raise InvalidInput(
            field, N_("“{value}” is no cursor; use the one in “next” of the last answer, or “now”"), value=text
        )
    return int(inside[1])
