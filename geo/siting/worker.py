"""``python -m geo.siting.worker``: solve one task in a process of its own, so that it never holds up
the server's other visitors and can be ended at any time.

The task comes pickled on standard input, from the process that started this one and from nobody
else. Lines of JSON go out: ``{"progress": {…}}`` now and then, ``{"solution": {…}}`` at the end.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from dataclasses import asdict
from typing import Any

from geo.siting.problem import Outcome, Progress, Solution
from geo.siting.task import SitingTask

SECONDS_BETWEEN = 0.2
"""How often progress is told at most."""


def main() -> int:
    """Solve; 0 when the solution went out."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(5)  # pages come first
    task: SitingTask = pickle.load(sys.stdin.buffer)
    told = 0.0

    def report(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= SECONDS_BETWEEN:
            told = time.monotonic()
            _say("progress", asdict(progress))

    _say("solution", asdict(task.solve(report)))
    return 0


def _say(what: str, fields: dict[str, Any]) -> None:
    print(json.dumps({what: fields}), flush=True)


def read_line(line: str | bytes) -> Progress | Solution:
    """What a line of a worker says."""
    [(what, fields)] = json.loads(line).items()
    if what == "progress":
        return Progress(**fields)
    sites, uncovered = tuple(fields.pop("sites")), tuple(fields.pop("uncovered"))
    return Solution(Outcome(fields.pop("outcome")), sites, uncovered=uncovered, **fields)


if __name__ == "__main__":
    sys.exit(main())
