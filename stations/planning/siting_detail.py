"""What each new site does: whom it newly serves, whose nearest it is, and what is lost if it alone is taken away.

A demand place is served by its nearest site; where sites have capacities, by those that the solver assigned it to.
"Within reach" is the question's distance, for every model: those without one use it for these figures only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.siting import Share, SitingModel, SitingTask
from stations.planning.demand import DemandPlace
from stations.planning.siting_candidates import Candidate
from stations.planning.travel import TravelUnit

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Served:
    """A demand place and a site that serves ``share`` (0 to 1) of its demand, by their ids. ``way``: from one to the
    other, in metres or seconds.
    """

    demand: str
    site: str
    way: float
    share: float = 1.0


@dataclass(frozen=True)
class SitePlace:
    """A demand place, by its id, seen from a new site ``way`` apart.

    ``newly``: within reach of this site and of no station that stands. ``share``: of its demand that this site serves;
    without capacities 1 for its nearest site and 0 for others.
    """

    demand: str
    way: float
    newly: bool
    share: float


@dataclass(frozen=True)
class SiteService:
    """What a new site does.

    ``places``: the demand places that it newly reaches or serves, the largest demand first; ``newly_weight`` and
    ``served_weight``: the demand of the ones, and what it serves of the others. ``gain``: what is lost if this site
    alone is taken away (``_gains``); None if nobody else would serve, or if it is not told.
    """

    site: str
    places: tuple[SitePlace, ...]
    newly_weight: float
    served_weight: float
    gain: float | None


@dataclass(frozen=True)
class SitingDetail:
    """Who is served by which site. ``unit``: of ``within``, the distance that counts as reached, and of all ways.

    ``served``: each demand place and the site that serves it; without those that can't reach any. ``sites``: of the new
    ones, in the order of the candidates. ``loads``: requests a year by site, if sites have capacities.
    """

    unit: TravelUnit
    within: float
    served: tuple[Served, ...]
    sites: tuple[SiteService, ...]
    loads: dict[str, float] = field(default_factory=dict)


def detail_of(
    task: SitingTask,
    sites: Sequence[int],
    demand: Sequence[DemandPlace],
    candidates: Sequence[Candidate],
    unit: TravelUnit,
    assignment: Sequence[Share] = (),
    requests: float = 1.0,
) -> SitingDetail:
    """Return what the ``sites`` (columns of the task, not empty) do.

    ``demand``, ``candidates``: rows and columns of the task. ``assignment``: who serves whom, if sites have capacities;
    otherwise the nearest does. ``requests``: a year, from one of demand.
    """
    columns, kept = np.array(sites), np.isin(sites, task.keep)
    ways = task.distances[:, columns]
    shares = _nearest(ways) if task.capacities is None else _assigned(ways.shape, sites, assignment)
    before = ways[:, kept].min(axis=1, initial=np.inf)
    gains = _gains(task, ways) if task.capacities is None else _gains_of_limited(task, sites)
    ids, codes = [one.id for one in demand], [candidates[column].id for column in sites]

    def service(place: int) -> SiteService:
        newly = (ways[:, place] <= task.within) & (before > task.within)
        share = shares[:, place]
        return SiteService(
            site=codes[place],
            places=tuple(
                SitePlace(ids[row], float(ways[row, place]), bool(newly[row]), float(share[row]))
                for row in _largest_first(np.flatnonzero(newly | (share > 0)), task.weights)
            ),
            newly_weight=float(task.weights[newly].sum()),
            served_weight=float(task.weights @ share),
            gain=float(gains[place]) if np.isfinite(gains[place]) else None,
        )

    loads = task.weights @ shares * requests
    return SitingDetail(
        unit=unit,
        within=task.within,
        served=tuple(
            Served(ids[row], codes[place], float(ways[row, place]), float(shares[row, place]))
            for row, place in np.argwhere(shares > 0).tolist()
        ),
        sites=tuple(service(place) for place in np.flatnonzero(~kept).tolist()),
        loads={} if task.capacities is None else dict(zip(codes, loads.tolist(), strict=True)),
    )


def _nearest(ways: Numbers) -> Numbers:
    """Return the share (0 or 1) of each demand place that each site serves: the nearest serves, if it can be reached.
    """
    shares = np.zeros(ways.shape)
    shares[np.arange(len(ways)), ways.argmin(axis=1)] = 1
    return shares * np.isfinite(ways)


def _assigned(shape: tuple[int, ...], sites: Sequence[int], assignment: Sequence[Share]) -> Numbers:
    place = {column: index for index, column in enumerate(sites)}
    shares = np.zeros(shape)
    for one in assignment:
        shares[one.demand, place[one.site]] = one.share
    return shares


def _largest_first(rows: NDArray[np.int64], weights: Numbers) -> list[int]:
    """Return the rows with demand, the largest first."""
    return [int(row) for row in rows[np.argsort(-weights[rows], kind="stable")] if weights[row] > 0]


def _gains(task: SitingTask, ways: Numbers) -> Numbers:
    """Return what is lost if one site alone is taken away and the others stay, for each site.

    For covering models the demand that is then beyond reach; for p-median the increase of the average way, for
    p-center that of the longest one.
    """
    if ways.shape[1] == 1:
        lost = float(task.weights[ways[:, 0] <= task.within].sum())
        return np.array([lost if task.model in COVERING else np.inf])
    two = np.partition(ways, 1, axis=1)[:, :2]
    nearest = ways.argmin(axis=1)
    first, second = two[:, 0], two[:, 1]
    total = float(task.weights.sum())

    def without(place: int) -> float:
        own = nearest == place
        if task.model in COVERING:
            return float(task.weights[own & (first <= task.within) & (second > task.within)].sum())
        if task.model is SitingModel.P_MEDIAN:
            with_demand = own & (task.weights > 0)
            return float(task.weights[with_demand] @ (second - first)[with_demand]) / total
        return float(max(0.0, np.where(own, second, first).max() - first.max()))

    with np.errstate(invalid="ignore"):  # inf − inf, where no site can be reached at all
        return np.array([without(place) for place in range(ways.shape[1])])


def _gains_of_limited(task: SitingTask, sites: Sequence[int]) -> Numbers:
    """Return the same where sites have capacities: the demand is shared out anew among the others, a linear program.

    It is not told (infinite) where there are more than ``MOST_PAIRS``, and where the others can't serve everybody.
    """
    gains = np.full(len(sites), np.inf)
    if task.distances.shape[0] * len(sites) > MOST_PAIRS:
        return gains
    covering = task.model in COVERING
    given = replace(task, model=SitingModel.MCLP) if covering else task
    whole, total = _served_by(given, sites), float(task.weights.sum())
    for place, site in enumerate(sites):
        rest = None if site in task.keep else _served_by(given, sites, shut=site)
        if rest is not None and whole is not None:
            gains[place] = whole - rest if covering else (rest - whole) / total
    return gains


def _served_by(task: SitingTask, sites: Sequence[int], shut: int | None = None) -> float | None:
    """Return the objective of given sites, one of them ``shut``; None if they can't serve everybody who must be."""
    added = tuple(sorted(set(sites) - set(task.keep)))
    others = tuple(column for column in range(task.distances.shape[1]) if column not in set(sites))
    capacities = np.array(task.capacities, dtype=float)
    if shut is not None:
        capacities[shut] = 0
    return replace(
        task,
        p=len(added),
        must=added,
        forbid=others,
        among=(),
        costs=None,
        budget=None,
        start=(),
        capacities=capacities,
    ).solve().objective


MOST_PAIRS = 20_000
"""Up to so many pairs of demand places and sites a site's gain is computed where they have capacities."""
COVERING = frozenset({SitingModel.LSCP, SitingModel.MCLP})


def detail_data(detail: SitingDetail | None) -> dict[str, Any] | None:
    """Return the detail as JSON data."""
    if detail is None:
        return None
    return {**asdict(detail), "unit": detail.unit.value}


def detail_from(data: dict[str, Any] | None) -> SitingDetail | None:
    """Return the detail from the data of ``detail_data``."""
    if data is None:
        return None
    return SitingDetail(
        unit=TravelUnit(data["unit"]),
        within=data["within"],
        served=tuple(Served(**one) for one in data["served"]),
        sites=tuple(
            SiteService(**{**one, "places": tuple(SitePlace(**place) for place in one["places"])})
            for one in data["sites"]
        ),
        loads=data["loads"],
    )


@dataclass(frozen=True)
class ServingLine:
    """A line from a demand place to the site that serves ``share`` of it, ``way`` apart."""

    demand: DemandPlace
    site: Candidate
    way: float
    share: float


def serving_lines(
    detail: SitingDetail | None, model: SitingModel, demand: Sequence[DemandPlace], candidates: Sequence[Candidate]
) -> tuple[ServingLine, ...]:
    """Return who serves whom, of places with demand; for covering models only within reach."""
    if detail is None:
        return ()
    places = {one.id: one for one in demand if one.weight > 0}
    sites = {one.id: one for one in candidates}
    return tuple(
        ServingLine(places[one.demand], sites[one.site], one.way, one.share)
        for one in detail.served
        if one.demand in places and (model not in COVERING or one.way <= detail.within)
    )
