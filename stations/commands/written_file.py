"""Writing a file that a command was told to write."""

from __future__ import annotations

from pathlib import Path

from stations.errors import InvalidInput
from stations.language import N_
from stations.system_reasons import reason_of


def write_file(option: str, path: str, content: bytes) -> None:
    """Write a file. ``option``: the one that names it.

    Raises:
        InvalidInput: it can't be written.
    """
    try:
        Path(path).write_bytes(content)
    except OSError as problem:
        raise InvalidInput(
            option, N_("“{path}” can't be written: {reason}"), path=path, reason=reason_of(problem)
        ) from problem
