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
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from geo.siting.cover_test import ROUNDING
from geo.siting.first_choice import any_choice, chosen, first_choice
from geo.siting.highs import Hear
from geo.siting.interchange import interchange
from geo.siting.lagrangean import Lagrangean
from geo.siting.p_median import without_infinity
from geo.siting.problem import Problem, checked_reach, checked_weights
from geo.siting.search import Search
from geo.siting.sharing import Sharing, checked_capacities, filled_greedily
from geo.siting.solution import Choices, Outcome, Solution

SHARING_S = 10.0
"""Time for sharing out the demand among given sites, which is needed for an answer even if time has run out."""
NEAREST_PAIRS = 60_000
"""So many pairs of places and their nearest candidates a p-median begins with."""
LEAST_NEAREST = 8
BOUND_SHARE = 0.2
"""Share of the time that a large p-median gives to its bound without capacities."""
_SURELY = 1e-9


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
    sharing = _sharing(problem, weights, capacities, near, np.zeros(near.shape), np.ones(problem.demands, dtype=bool))
    search = Search(problem, lambda sites: float(len(sites)) if _shared(sharing, sites) is not None else np.inf)
    if not search.offer(_greedy(sharing, near)):
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
    sharing = _sharing(problem, values, capacities, near, gains, np.zeros(problem.demands, dtype=bool))
    search = Search(problem, lambda sites: -(_shared(sharing, sites) or 0.0), largest=True)
    search.limit(float(values[near.any(axis=1)].sum()))
    if not search.offer(_greedy(sharing, near)):
        search.offer(any_choice(problem, -(values @ near)))
    return _solve(search, sharing, 0.0, lambda bound: -bound)


def capacitated_p_median(
    distances: ArrayLike, weights: ArrayLike, capacities: ArrayLike, p: int | None, **choices: Unpack[Choices]
) -> Solution:
    """Find the ``p`` sites with the least weighted sum of distances that serve all demand, none more than its capacity.

    min Σ_ij w_i d_ij s_ij. At first only the nearest candidates of each place are included; what it has served beyond
    them costs what the next one would, without counting there. That is a relaxation, so its value is a bound, and its
    solution is optimal if nothing is served beyond; otherwise more candidates of those places are included. For many
    places, the bound without capacities (``geo.siting.lagrangean``) comes first.

    Infeasible if a place with a weight has no candidate that can be reached (``uncovered``), or if no choice has the
    capacity.

    Raises:
        ValueError: the distances, weights, capacities or an option are invalid.
    """
    problem = Problem(distances, p, **choices)
    values = checked_weights(weights, problem.demands)
    room = checked_capacities(capacities, problem.candidates)
    some = values > 0
    if uncovered := problem.unreached(some):
        return Solution(Outcome.INFEASIBLE, uncovered=uncovered)
    reachable = np.isfinite(problem.distances) & problem.usable & some[:, None]
    costs = np.where(reachable, problem.distances, 0.0) * values[:, None]

    def among(sites: Sequence[int]) -> Sharing:
        """Return the sharing with all pairs of places and these sites."""
        of_sites = reachable & np.isin(np.arange(problem.candidates), list(sites))
        return _sharing(problem, values, room, of_sites, costs, some)

    def cost(sites: Sequence[int]) -> float:
        value = _shared(among(sites), sites)
        return np.inf if value is None else value

    search = Search(problem, cost)
    search.limit(0.0)
    _offer_first(search, values, room, reachable)
    count = np.full(problem.demands, max(LEAST_NEAREST, NEAREST_PAIRS // max(1, int(some.sum()))))
    if problem.demands * problem.candidates > NEAREST_PAIRS:
        _limit_without_capacities(search, values)
    order = np.sort(np.where(reachable, problem.distances, np.inf), axis=1)
    while True:
        last = np.take_along_axis(order, np.minimum(count, problem.candidates)[:, None] - 1, 1)
        near = reachable & (problem.distances <= last)
        beyond = np.where(reachable & ~near, costs, np.inf).min(axis=1)
        sharing = replace(_sharing(problem, values, room, near, costs, some), beyond=beyond)
        scale = 1e4 / max(search.objective or float(costs.max(axis=1).sum()), _SURELY)
        found = sharing.solve(0.0, problem.left, scale=scale, hear=_heard(search, sharing, scale))
        search.limit(None if found.bound is None else found.bound / scale)
        if found.infeasible:
            return search.ended(proven=search.objective is None)
        if found.values is not None:
            search.offer(chosen(found.values, problem.candidates))
            farther = sharing.goes_beyond(found.values)
            done = not len(farther) or _closed(search)
            if found.optimal and done:
                return _with_shares(search, among(search.sites), proven=True)
            count[farther] *= 2
        if not found.optimal:
            return _with_shares(search, among(search.sites), proven=_closed(search))
        search.step += 1


def _sharing(
    problem: Problem,
    weights: ArrayLike,
    capacities: ArrayLike,
    near: NDArray[np.bool_],
    costs: NDArray[np.float64],
    served: NDArray[np.bool_],
) -> Sharing:
    """Return the sharing over the pairs ``near`` (mask); ``served``: the places that must be."""
    values = checked_weights(weights, problem.demands)
    rows, columns = np.nonzero(near)
    room = checked_capacities(capacities, problem.candidates)
    return Sharing(problem, values, room, rows, columns, costs[rows, columns], served)


def _shared(sharing: Sharing, sites: Sequence[int]) -> float | None:
    """Return the least cost of sharing out the demand among the sites; None if they can't serve what they must."""
    return sharing.solve(0.0, max(SHARING_S, sharing.problem.left), fixed=sites).value


def _greedy(sharing: Sharing, near: NDArray[np.bool_]) -> tuple[int, ...]:
    weights = sharing.weights
    reaching, little = sparse.csr_array(near, dtype=float), _SURELY * float(weights.sum())
    least = 0 if sharing.problem.sites is None else sharing.problem.sites
    return filled_greedily(
        sharing.problem, reaching, weights, sharing.capacities, lambda left, taken: left <= little and taken >= least
    )


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


def _offer_first(
    search: Search, weights: NDArray[np.float64], room: NDArray[np.float64], reachable: NDArray[np.bool_]
) -> None:
    """Offer the best without capacities, sites that fill up one after the other, and the largest ones."""
    problem, _ = without_infinity(search.problem, weights)
    if best := first_choice(problem, weights):
        search.offer(interchange(problem, weights, best, np.flatnonzero(problem.usable))[0])
    sharing = _sharing(search.problem, weights, room, reachable, np.zeros(reachable.shape), weights > 0)
    search.offer(_greedy(sharing, reachable))
    taken = sorted(problem.keep | problem.must)
    while len(taken) < (problem.candidates if problem.sites is None else problem.sites):
        barred = problem.barred(taken)
        if barred.all():
            break
        taken.append(int(np.where(barred, -1.0, room).argmax()))
    search.offer(taken)


def _limit_without_capacities(search: Search, weights: NDArray[np.float64]) -> None:
    """Give the search the bound of the problem without capacities."""
    problem, _ = without_infinity(search.problem, weights)
    start, relaxation = first_choice(problem, weights), Lagrangean(problem, weights)
    if not start or not relaxation.number:
        return
    until = problem.left * (1 - BOUND_SHARE)
    for best, _ in relaxation.improve(start, float(weights @ problem.nearest(start))):
        search.limit(best.bound)
        search.tell()
        if problem.left <= until:
            return


def _closed(search: Search) -> bool:
    """Whether the bound has reached the best."""
    best, bound = search.objective, search.bound
    return best is not None and bound is not None and best - bound <= _SURELY * max(1.0, best)


def _heard(search: Search, sharing: Sharing, scale: float) -> Hear | None:
    """Return the callback for a relaxation: its solution counts only if nothing is served beyond the pairs."""
    return search.hear(
        lambda values: chosen(values, search.problem.candidates),
        lambda bound: bound / scale,
        lambda values: np.inf if len(sharing.goes_beyond(values)) else sharing.cost(values),
    )
