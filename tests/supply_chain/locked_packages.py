"""The packages that the portal needs to run, as its lock names them."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.txt"


def locked_packages(lock: Path = LOCK) -> dict[str, str]:
    """Return the version of each package that is installed on this system and this version of Python, by its name."""
    found = {}
    for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if re.match(r"\w", line):
            pin = Requirement(line.partition("--hash")[0])
            if pin.marker is None or pin.marker.evaluate():
                found[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
    return found
