"""``python -m geo.siting.worker``: solve one task in its own process.

A separate process never delays the server's other visitors and can be ended at any time. The task arrives pickled
on standard input; only the parent process writes there. Output is lines of JSON: ``{"progress": {…}}`` from time
to time, ``{"solution": {…}}`` or ``{"curve": {…}}`` at the end. A better choice is told at once, and only once.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import time
from dataclasses import asdict, replace
from typing import Any

from geo.siting.curve import Curve, CurveTask
from geo.siting.solution import CurvePoint, Outcome, Progress, Share, Solution
from geo.siting.task import SitingTask

SECONDS_BETWEEN = 0.2
"""Shortest time between two progress reports without a better choice."""


def main() -> int:
    """Solve the task from standard input. Return 0 after writing the solution."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(5)  # pages have priority
    task: SitingTask | CurveTask = pickle.load(sys.stdin.buffer)
    told, points = 0.0, 0
    sites: tuple[int, ...] = ()

    def report(progress: Progress) -> None:
        nonlocal told, sites, points
        better = bool(progress.sites) and progress.sites != sites
        if better or len(progress.points) > points or time.monotonic() - told >= SECONDS_BETWEEN:
            told, points = time.monotonic(), len(progress.points)
            sites = progress.sites if better else sites
            _say("progress", asdict(progress if better else replace(progress, sites=())))

    found = task.solve(report)
    _say("curve" if isinstance(found, Curve) else "solution", asdict(found))
    return 0


def _say(what: str, fields: dict[str, Any]) -> None:
    print(json.dumps({what: fields}), flush=True)


def read_line(line: str | bytes) -> Progress | Solution | Curve:
    """Parse a line of a worker's output."""
    [(what, fields)] = json.loads(line).items()
    if what == "curve":
        return Curve(_points(fields["points"]), fields["knee"])
    sites = tuple(fields.pop("sites"))
    if what == "progress":
        return Progress(sites=sites, points=_points(fields.pop("points")), **fields)
    outcome, uncovered = Outcome(fields.pop("outcome")), tuple(fields.pop("uncovered"))
    assignment = tuple(Share(*one) for one in fields.pop("assignment"))
    return Solution(outcome, sites, uncovered=uncovered, assignment=assignment, **fields)


def _points(rows: list[list[Any]]) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(p, Outcome(outcome), best, bound, tuple(sites)) for p, outcome, best, bound, sites in rows)


if __name__ == "__main__":
    sys.exit(main())
