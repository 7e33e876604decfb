"""``python -m geo.worker``: one task in a process of its own, so that it delays nobody and can be ended at any time.

The task arrives pickled on standard input; only the parent process writes there. Output is lines of JSON:
``{"share": 0.25}`` as it goes on, ``{"result": …}`` at the end.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from typing import Any, Protocol

LEAST_STEP = 0.01
"""Less progress is not told."""


class Task(Protocol):
    """What is computed apart. ``memory``: the most bytes of address space, 0 for no limit."""

    memory: int

    def run(self, report: Callable[[float], None]) -> Any:
        """Return the result as JSON data. ``report``: to be called with the share that is done, from 0 to 1."""


def main() -> int:
    """Run the task from standard input. Return 0 after writing its result."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(5)  # pages have priority
    task: Task = pickle.load(sys.stdin.buffer)
    if task.memory:
        _limit(task.memory)
    told = 0.0

    def report(share: float) -> None:
        nonlocal told
        if share - told >= LEAST_STEP:
            told = share
            _say("share", round(share, 4))

    _say("result", task.run(report))
    return 0


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(what: str, value: Any) -> None:
    print(json.dumps({what: value}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
