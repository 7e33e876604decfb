"""Textbook formulations of the siting models, solved with scipy's ``milp``: what the product's answers are compared
with. One variable for each candidate, one for each pair of demand place and candidate; nothing is reduced.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import LinearConstraint, milp

from geo.siting import SitingModel, SitingTask


def textbook_optimum(task: SitingTask) -> float | None:
    """The optimal objective; None if the problem is infeasible. Small problems only."""
    demands, candidates = task.distances.shape
    pairs = demands * candidates
    capacities = getattr(task, "capacities", None)
    covering = task.model in {SitingModel.LSCP, SitingModel.MCLP}
    reach = task.distances <= task.within if covering else np.isfinite(task.distances)
    # Variables: x (a site stands), y (share of a place that a site serves, by place), and the largest distance.
    x, y = np.arange(candidates), candidates + np.arange(pairs).reshape(demands, candidates)
    largest = candidates + pairs
    number = largest + 1
    rows, least, most = [], [], []

    def add(terms: dict[int, float], low: float, high: float) -> None:
        row = np.zeros(number)
        for index, value in terms.items():
            row[index] = value
        rows.append(row)
        least.append(low)
        most.append(high)

    known = np.where(np.isfinite(task.distances), task.distances, 0.0)
    for place in range(demands):
        counts = task.model in {SitingModel.LSCP, SitingModel.P_CENTER} or task.weights[place] > 0
        everybody = task.model is not SitingModel.MCLP and counts
        add(dict.fromkeys(y[place], 1.0), 1.0 if everybody else 0.0, 1.0)
        for site in x:
            add({y[place, site]: 1.0, site: -1.0}, -np.inf, 0.0)
        if task.model is SitingModel.P_CENTER:
            add({**dict(zip(y[place], known[place], strict=True)), largest: -1.0}, -np.inf, 0.0)
    if capacities is not None:
        for site in x[np.isfinite(capacities)]:
            add({**dict(zip(y[:, site], task.weights, strict=True)), site: -capacities[site]}, -np.inf, 0.0)
    if task.p is not None:
        total = task.p + len(task.keep)
        add(dict.fromkeys(x, 1.0), total if task.budget is None else 1.0, total)
    if task.budget is not None:
        free = {site: task.costs[site] for site in x if site not in task.keep}
        add(free, -np.inf, task.budget)
    for one in task.among:
        add(dict.fromkeys(one.columns, 1.0), one.least, np.inf if one.most is None else one.most)
    lower, upper = np.zeros(number), np.ones(number)
    lower[[*task.keep, *task.must]] = 1
    upper[list(task.forbid)] = 0
    upper[y] = reach
    upper[largest] = np.inf
    cost = np.zeros(number)
    if task.model is SitingModel.LSCP:
        cost[x] = 1
    elif task.model is SitingModel.MCLP:
        cost[y] = -task.weights[:, None]
    elif task.model is SitingModel.P_MEDIAN:
        cost[y] = task.weights[:, None] * known
    else:
        cost[largest] = 1
    whole = np.zeros(number)
    whole[x] = 1
    if task.model is SitingModel.P_CENTER:
        whole[y] = 1  # each place has one nearest site
    found = milp(cost, integrality=whole, bounds=(lower, upper), constraints=LinearConstraint(rows, least, most))
    return None if found.x is None else abs(float(found.fun))
