"""What the visitors see, written down at once: the trial reads it while they go on."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any


class Notebook:
    """A file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def note(self, what: str, **seen: Any) -> None:
        """Write one line, with the time."""
        with self._lock:
            self._file.write(json.dumps({"what": what, **seen, "at": time.time()}, ensure_ascii=False) + "\n")
            self._file.flush()
