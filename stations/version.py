"""The version of this program, and which build of it runs here."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

VERSION = "2026.11"

_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("geo", "portal", "stations")


@cache
def build() -> str:
    """Return the version and a fingerprint of the code as it is on this machine, such as ``2026.11+1a2b3c4d``.

    Two servers with the same build run the same code, whether or not somebody remembered to raise the version.
    """
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()[:8]}"
