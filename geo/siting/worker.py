"""``python -m geo.siting.worker``: solve one task in its own process.

A separate process never delays the server's other visitors and can be ended at any time. The task arrives pickled
on standard input; only the parent process writes there. Output is lines of JSON: ``{"progress": {…}}`` from time
to time, ``{"solution": {…}}`` at the end. A better choice of sites is told at once, and only once.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from dataclasses import asdict, replace
from typing import Any

from geo.siting.solution import Outcome, Progress, Solution
from geo.siting.task import SitingTask

SECONDS_BETWEEN = 0.2
"""Shortest time between two progress reports without a better choice."""


def main() -> int:
    """Solve the task from standard input. Return 0 after writing the solution."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(5)  # pages have priority
    task: SitingTask = pickle.load(sys.stdin.buffer)
    told = 0.0
    sites: tuple[int, ...] = ()

    def report(progress: Progress) -> None:
        nonlocal told, sites
        better = bool(progress.sites) and progress.sites != sites
        if better or time.monotonic() - told >= SECONDS_BETWEEN:
            told, sites = time.monotonic(), progress.sites if better else sites
            _say("progress", asdict(progress if better else replace(progress, sites=())))

    _say("solution", asdict(task.solve(report)))
    return 0


def _say(what: str, fields: dict[str, Any]) -> None:
    print(json.dumps({what: fields}), flush=True)


def read_line(line: str | bytes) -> Progress | Solution:
    """Parse a line of a worker's output."""
    [(what, fields)] = json.loads(line).items()
    sites = tuple(fields.pop("sites"))
    if what == "progress":
        return Progress(sites=sites, **fields)
    uncovered = tuple(fields.pop("uncovered"))
    return Solution(Outcome(fields.pop("outcome")), sites, uncovered=uncovered, **fields)


if __name__ == "__main__":
    sys.exit(main())
