"""The models with capacities: each site serves at most so much demand, and a place may be divided among sites.

R. Pirkul, D. A. Schilling, "The maximal covering location problem with capacities on total workload", Management
Science 37 (1991) 233–248; J. R. Current, J. E. Storbeck, "Capacitated covering models", Environment and Planning B 15
(1988) 153–163. Weights and capacities are in one unit, for example requests a year. How the demand is shared out
(``geo.siting.sharing``) is a linear program, so every answer is exact, and it says who serves whom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from geo.siting.cover_test import ROUNDING
from geo.siting.first_choice import any_choice, chosen
from geo.siting.problem import Problem, checked_reach, checked_weights
from geo.siting.search import Search
from geo.siting.sharing import SHARING_S, Sharing
from geo.siting.solution import Choices, Outcome, Solution


def capacitated_lscp(
    distances: ArrayLike, weights: ArrayLike, capacities: ArrayLike, within: float, **choices: Unpack[Choices]
) -> Solution:
    """Find the fewest sites that serve all demand within ``within``, none more than its capacity.

    min Σ x_j, and everything of every place is served. Infeasible if a place has no candidate within reach
    (``uncovered``), or if all candidates together, or the budget, do not suffice.

    Raises:
        ValueError: the distances, weights, capacities or an option are invalid.
    """
    problem = Problem(distances, None, **choices)
    near = (problem.distances <= checked_reach(within)) & problem.usable
    if len(uncovered := np.flatnonzero(~near.any(axis=1))):
        return Solution(Outcome.INFEASIBLE, uncovered=tuple(uncovered.tolist()))
    sharing = Sharing.over(
        problem, weights, capacities, near, np.zeros(near.shape), np.ones(problem.demands, dtype=bool)
    )
    search = Search(problem, lambda sites: float(len(sites)) if _shared(sharing, sites) is not None else np.inf)
    if not search.offer(sharing.greedy(near)):
        search.offer(np.flatnonzero(problem.usable).tolist())
    return _solve(search, sharing, 1.0, lambda bound: float(ceil(bound - ROUNDING)))


def capacitated_mclp(
    distances: ArrayLike,
    weights: ArrayLike,
    capacities: ArrayLike,
    within: float,
    p: int | None,
    **choices: Unpack[Choices],
) -> Solution:
    """Find the ``p`` sites that serve the most demand within ``within``, none more than its capacity.

    max Σ_ij w_i s_ij over pairs with d_ij ≤ within. The objective is the weight served.

    Raises:
        ValueError: the distances, weights, capacities or an option are invalid.
    """
    problem = Problem(distances, p, **choices)
    values = checked_weights(weights, problem.demands)
    near = (problem.distances <= checked_reach(within)) & problem.usable & (values > 0)[:, None]
    gains = np.broadcast_to(-values[:, None], near.shape)
    sharing = Sharing.over(problem, values, capacities, near, gains, np.zeros(problem.demands, dtype=bool))
    search = Search(problem, lambda sites: -(_shared(sharing, sites) or 0.0), largest=True)
    search.limit(float(values[near.any(axis=1)].sum()))
    if not search.offer(sharing.greedy(near)):
        search.offer(any_choice(problem, -(values @ near)))
    return _solve(search, sharing, 0.0, lambda bound: -bound)


def _shared(sharing: Sharing, sites: Sequence[int]) -> float | None:
    """Return the least cost of sharing out the demand among the sites; None if they can't serve what they must."""
    return sharing.solve(0.0, max(SHARING_S, sharing.problem.left), fixed=sites).value


def _solve(search: Search, sharing: Sharing, site_cost: float, bound_of: Callable[[float], float]) -> Solution:
    """Let HiGHS find and prove the best of ``search``; ``bound_of`` turns its bound into the model's unit."""
    problem = search.problem
    scale = 1.0 if site_cost else 1e4 / float(sharing.weights.sum())
    hear = search.hear(
        lambda values: chosen(values, problem.candidates),
        lambda bound: bound_of(bound / scale),
        lambda values: float(len(chosen(values, problem.candidates))) if site_cost else -sharing.cost(values),
    )
    found = sharing.solve(site_cost, problem.left, scale=scale, hear=hear, start=search.sites or None)
    search.limit(None if found.bound is None else bound_of(found.bound / scale))
    if found.values is not None:
        search.offer(chosen(found.values, problem.candidates))
    closed = search.objective is not None and search.objective == search.bound
    return _with_shares(search, sharing, proven=found.optimal or found.infeasible or closed)


def _with_shares(search: Search, sharing: Sharing, *, proven: bool) -> Solution:
    """Return the solution of the search with who serves whom."""
    ended = search.ended(proven=proven)
    if not ended.sites:
        return ended
    found = sharing.solve(0.0, max(SHARING_S, search.problem.left), fixed=ended.sites)
    return ended if found.values is None else replace(ended, assignment=sharing.assignment(found.values))
