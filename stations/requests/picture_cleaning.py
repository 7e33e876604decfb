"""Writing a picture anew in a process of its own (``picture_worker``), a few at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from stations.errors import Busy
from stations.language import N_
from stations.requests.picture_worker import Outcome

AT_ONCE = 2
"""Pictures that are decoded at the same time; each may take ``picture_worker.MEMORY``."""
WAIT_SECONDS = 30
"""For one's turn, and again for the picture."""
QUALITY = 92
BUSY = N_("Many people are asking for this at the moment; please try again in a minute")
_WORKER = Path(__file__).with_name("picture_worker.py")
_turns = BoundedSemaphore(AT_ONCE)


def clean_picture(content: bytes, file_format: str, pixels: int) -> tuple[Outcome, bytes]:
    """Return how it went and, if it went well, the picture without metadata, upright.

    ``file_format``: Pillow's name of the only format tried. ``pixels``: the most that it may have.

    Raises:
        Busy: others' pictures are being decoded, and no turn came within ``WAIT_SECONDS``.
    """
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Busy(BUSY)
    try:
        ended = subprocess.run(
            [sys.executable, "-I", str(_WORKER), file_format, str(pixels), str(QUALITY)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome.TOO_MUCH_WORK, b""
    finally:
        _turns.release()
    if ended.returncode < 0:  # stopped by a limit of the system
        return Outcome.TOO_MUCH_WORK, b""
    known = ended.returncode in set(Outcome)
    return (Outcome(ended.returncode), ended.stdout) if known else (Outcome.DAMAGED, b"")
