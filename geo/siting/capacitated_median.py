"""The p-median with capacities: see ``geo.siting.capacitated``, which has the covering models."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.siting.capacity_bound import CapacitatedLagrangean
from geo.siting.first_choice import chosen, first_choice
from geo.siting.interchange import interchange
from geo.siting.p_median import without_infinity
from geo.siting.problem import Problem, checked_weights
from geo.siting.search import Search
from geo.siting.sharing import LITTLE, SHARING_S, Sharing, checked_capacities
from geo.siting.solution import Choices, Outcome, Share, Solution

SHARING_SHARE = 0.1
"""Share of the time left that may go into sharing out the demand among sites which may be better than those known."""
NEAREST_PAIRS = 60_000
"""So many pairs of places and their nearest candidates a p-median begins with."""
LEAST_NEAREST = 8
BOUND_SHARE = 0.6
"""Share of the time that a large p-median gives to its Lagrangean bound."""
WIDER = 4
"""How many times as many candidates of a place are included where they did not suffice."""
OFFER_EVERY = 100
"""Steps of the bound between two tries of its sites."""


def capacitated_p_median(
    distances: ArrayLike, weights: ArrayLike, capacities: ArrayLike, p: int | None, **choices: Unpack[Choices]
) -> Solution:
    """Find the ``p`` sites with the least weighted sum of distances that serve all demand, none more than its capacity.

    min Σ_ij w_i d_ij s_ij. At first only the nearest candidates of each place are included; what it has served beyond
    them costs what the next one would, without counting there. That is a relaxation, so its value is a bound, and its
    solution is optimal if nothing is served beyond; otherwise more candidates of those places are included. For many
    places, a Lagrangean bound (``geo.siting.capacity_bound``) comes first.

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
    pairs = MedianPairs(problem, values, room)

    def cost(sites: Sequence[int]) -> float:
        spared = problem.left * SHARING_SHARE
        return pairs.shared(sites, max(SHARING_S, spared) if search.objective is None else spared)[0]

    search = Search(problem, cost)
    search.limit(0.0)
    _offer_first(search, pairs)
    if problem.demands * problem.candidates > NEAREST_PAIRS:
        _relax(search, pairs)
    scale = 1e4 / max(search.objective or float(pairs.costs.max(axis=1).sum()), LITTLE)
    count = pairs.first_count()
    while True:
        sharing = pairs.nearest(count)
        hear = search.hear(
            lambda of: chosen(of, problem.candidates),
            lambda bound: bound / scale,
            lambda of, within=sharing: np.inf if len(within.goes_beyond(of)) else within.cost(of),  # type: ignore[misc]
        )
        found = sharing.solve(0.0, problem.left, scale=scale, hear=hear)
        search.limit(None if found.bound is None else found.bound / scale)
        if found.infeasible:
            return search.ended(proven=search.objective is None)
        farther = np.array([], dtype=int)
        if found.values is not None:
            search.offer(chosen(found.values, problem.candidates))
            farther = sharing.goes_beyond(found.values)
        if not found.optimal or not len(farther) or _closed(search):
            ended = search.ended(proven=_closed(search) or (found.optimal and not len(farther)))
            return replace(ended, assignment=pairs.shared(ended.sites, SHARING_S)[1]) if ended.sites else ended
        count[farther] *= WIDER
        search.step += 1


class MedianPairs:
    """The pairs of a capacitated p-median: each place and its nearest candidates, so many as are needed."""

    def __init__(self, problem: Problem, weights: NDArray[np.float64], room: NDArray[np.float64]) -> None:
        self.problem, self.weights, self.room = problem, weights, room
        self.reachable = np.isfinite(problem.distances) & problem.usable & (weights > 0)[:, None]
        self.costs = np.where(self.reachable, problem.distances, 0.0) * weights[:, None]
        self._best: tuple[tuple[int, ...], float, tuple[Share, ...]] = ((), np.inf, ())

    def first_count(self) -> NDArray[np.int64]:
        """Return how many candidates of each place are included at first."""
        return np.full(self.problem.demands, max(LEAST_NEAREST, NEAREST_PAIRS // int((self.weights > 0).sum())))

    def nearest(self, count: NDArray[np.int64], sites: Sequence[int] | None = None) -> Sharing:
        """Return the sharing over the pairs of each place and its ``count`` nearest candidates, or of ``sites``."""
        columns = np.arange(self.problem.candidates) if sites is None else np.array(sites, dtype=np.intp)
        away = np.where(self.reachable[:, columns], self.problem.distances[:, columns], np.inf)
        last = np.take_along_axis(np.sort(away, axis=1), np.minimum(count, len(columns))[:, None] - 1, 1)
        inside = np.isfinite(away) & (away <= last)
        beyond = np.where(np.isfinite(away) & ~inside, self.costs[:, columns], np.inf).min(axis=1)
        near = np.zeros(self.reachable.shape, dtype=bool)
        near[:, columns] = inside
        sharing = Sharing.over(self.problem, self.weights, self.room, near, self.costs, self.weights > 0)
        return replace(sharing, beyond=beyond)

    def shared(self, sites: Sequence[int], seconds: float) -> tuple[float, tuple[Share, ...]]:
        """Return the least cost of sharing out all demand among the sites, and the shares.

        Infinity if they can't serve it, or if that is not found within ``seconds``. The shares of the best are kept.
        """
        if set(sites) == set(self._best[0]):
            return self._best[1:]
        count = self.first_count()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            sharing = self.nearest(count, sites)
            found = sharing.solve(0.0, left, fixed=sites)
            if found.values is None:
                break
            if not len(sharing.goes_beyond(found.values)):
                cost, shares = sharing.cost(found.values), sharing.assignment(found.values)
                if cost < self._best[1]:
                    self._best = tuple(sites), cost, shares
                return cost, shares
            count *= WIDER  # a place that goes elsewhere crowds out others
        return np.inf, ()


def _offer_first(search: Search, pairs: MedianPairs) -> None:
    """Offer the best without capacities, sites that fill up one after the other, and the largest ones."""
    problem, _ = without_infinity(search.problem, pairs.weights)
    large = problem.demands * problem.candidates > NEAREST_PAIRS  # there the relaxation soon offers better ones
    best = first_choice(problem, pairs.weights)
    if best and not large:
        best, _ = interchange(problem, pairs.weights, best, np.flatnonzero(problem.usable))
    if search.offer(best) and large:
        return
    nothing = np.zeros(pairs.reachable.shape)
    sharing = Sharing.over(problem, pairs.weights, pairs.room, pairs.reachable, nothing, pairs.weights > 0)
    if search.offer(sharing.greedy(pairs.reachable)) and large:
        return
    taken = problem.begun()
    while len(taken) < (problem.candidates if problem.sites is None else problem.sites):
        barred = problem.barred(taken)
        if barred.all():
            break
        taken.append(int(np.where(barred, -1.0, pairs.room).argmax()))
    search.offer(taken)


def _relax(search: Search, pairs: MedianPairs) -> None:
    """Give the search the bound of the Lagrangean relaxation, and offer it the sites found there."""
    problem, _ = without_infinity(search.problem, pairs.weights)
    start, relaxation = first_choice(problem, pairs.weights), CapacitatedLagrangean(problem, pairs.weights, pairs.room)
    if not start or not relaxation.number:
        return
    until, fixed = problem.left * (1 - BOUND_SHARE), problem.keep | problem.must
    cost = search.objective or 2 * float(pairs.weights @ problem.nearest(start))
    for number, (best, now) in enumerate(relaxation.improve(start, cost), start=1):
        search.limit(best.bound)
        search.tell()
        if number % OFFER_EVERY == 0:
            search.offer(sorted({*fixed, *(int(one) for one in relaxation.free[now.opened])}))
        if problem.left <= until or _closed(search):
            return


def _closed(search: Search) -> bool:
    """Whether the bound has reached the best."""
    best, bound = search.objective, search.bound
    return best is not None and bound is not None and best - bound <= LITTLE * max(1.0, best)
