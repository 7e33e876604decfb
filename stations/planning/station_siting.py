"""Siting of the next stations: the models of ``geo.siting`` applied to the counties.

Demand is at the places of the question's layer. If existing stations are included, the stations active on the day serve
from their positions, and the requested sites are added to them. The question says how distance is measured
(``stations.planning.travel``). ``pose`` turns a question into a numeric task; after solving it, call ``answer``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.siting import TIME_LIMIT_S, Outcome, SitingModel, SitingTask, Solution
from stations.errors import InvalidInput
from stations.language import N_, Worded
from stations.planning.demand import DemandPlace, county_demand, demand_of
from stations.planning.site_reach import Reach, reach_within
from stations.planning.siting_candidates import Candidate, list_candidates
from stations.planning.siting_detail import SitingDetail, detail_of
from stations.planning.siting_question import NEEDS_P, SitingQuestion, check_question, question_data
from stations.planning.travel import travel_of
from stations.planning.travel_gaps import PlaceGap, pairs_without_way, place_gaps
from stations.planning.travel_measure import TravelUnit
from stations.tables.table import as_json

DEFAULT_TIME_LIMIT_S = TIME_LIMIT_S

OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.OPTIMAL: N_("Proven: no other choice of sites is better."),
    Outcome.INFEASIBLE: N_(
        "It can't be done: {count} places of demand are beyond the reach of every place that is allowed."
    ),
    Outcome.TIME_LIMIT: N_("Time ran out before the best choice was proven; this is the best found so far."),
    Outcome.CANCELLED: N_("The computation was cancelled; this is the best found until then, and not proven."),
}
TOO_FEW = N_("It can't be done: no choice of so many places reaches everybody.")
TOO_DEAR = N_("It can't be done: no choice of places that the budget pays for reaches every county.")


@dataclass(frozen=True)
class SitingAnswer:
    """The answer to a siting question.

    ``sites``: ids of all sites, existing stations included. ``added``: the new ones. ``objective``: number of added
    sites for LSCP (existing ones are told apart), weight covered for MCLP, weight × way for p-median, the way for
    p-center. ``bound``: limit of the objective, if time ran out. ``demand``: the places served. ``nearest``: the way
    from each of them, by id, to its nearest site, without those that have none. ``uncovered``: ids of those that no
    candidate reaches. ``cost``: total of the added sites. ``unit``: of all ways. ``gaps``: the places that the measure
    knows no way from or to. ``pairs_without_way``: of other places of demand and candidates. ``about_travel``: how
    ways are measured.
    """

    question: SitingQuestion
    candidates: tuple[Candidate, ...]
    demand: tuple[DemandPlace, ...]
    outcome: Outcome
    objective: float | None
    bound: float | None
    sites: tuple[str, ...]
    added: tuple[str, ...]
    uncovered: tuple[str, ...]
    nearest: dict[str, float]
    before: Reach | None
    after: Reach | None
    cost: float = 0.0
    unit: TravelUnit = TravelUnit.METRES
    gaps: tuple[PlaceGap, ...] = ()
    pairs_without_way: int = 0
    about_travel: Worded | None = None
    detail: SitingDetail | None = None

    @property
    def gap(self) -> float | None:
        """The relative gap between objective and bound; None if the answer is optimal or there is no objective."""
        if self.bound is None or not self.objective:
            return None
        return abs(self.objective - self.bound) / abs(self.objective)


@dataclass(frozen=True)
class PosedQuestion:
    """A question as a numeric task.

    ``candidates``: the columns of the task. ``demand``: its rows. ``travel_mark``: of the measure of distance,
    ``unit`` what it is in, ``gaps`` as in ``SitingAnswer``.
    """

    question: SitingQuestion
    candidates: tuple[Candidate, ...]
    demand: tuple[DemandPlace, ...]
    task: SitingTask
    travel_mark: str
    unit: TravelUnit
    gaps: tuple[PlaceGap, ...] = ()
    about_travel: Worded | None = None

    @property
    def fingerprint(self) -> str:
        """A hash that changes when the question, or any number behind its answer, changes."""
        rests_on = [
            question_data(self.question),
            [vars(one) for one in self.candidates],
            [vars(one) for one in self.demand],
            self.travel_mark,
        ]
        return hashlib.sha256(as_json(rests_on).encode()).hexdigest()


def pose(
    session: Session,
    question: SitingQuestion,
    *,
    as_of: date,
    samples: bool,
    time_limit: float = TIME_LIMIT_S,
    report: Callable[[float], None] | None = None,
) -> PosedQuestion:
    """Turn the question into a numeric task, with the counties, places and stations of ``as_of``.

    ``report``: called with the share of the ways that are measured, where that takes long.

    Raises:
        InvalidInput: a number or an option is missing or invalid.
        NotFound: there is no imported figure with a code that the question names.
    """
    check_question(question)
    demand = demand_of(session, question.demand, question.weighting, samples=samples).places
    counties = county_demand(session, question.weighting, samples=samples)
    candidates = list_candidates(session, question, counties, as_of=as_of, samples=samples)
    travel = travel_of(session, question.travel, samples=samples, report=report)
    order = {one.id: index for index, one in enumerate(candidates)}
    _check(question, candidates)
    gaps = place_gaps(travel, [*demand, *candidates])
    barred = {order[one] for one in question.forbid}
    barred |= {index for index, one in enumerate(candidates) if not one.allowed and not one.existing}
    task = SitingTask(
        model=question.model,
        distances=travel.matrix(*_degrees(demand), *_degrees(candidates)),
        weights=np.array([one.weight for one in demand]),
        within=question.within(travel.unit) * travel.unit.per,
        p=question.p if question.model in NEEDS_P else None,
        keep=tuple(index for index, one in enumerate(candidates) if one.existing),
        must=tuple(order[one] for one in question.must),
        forbid=tuple(sorted(barred)),
        costs=np.array([one.cost for one in candidates]),
        budget=question.budget,
        capacities=_capacities(question, candidates),
        time_limit=time_limit,
    )
    local = _with_local_demand(candidates, task)
    return PosedQuestion(question, local, demand, task, travel.mark, travel.unit, gaps, travel.about)


def _capacities(question: SitingQuestion, candidates: Sequence[Candidate]) -> NDArray[np.float64] | None:
    """Return what each candidate can handle in the unit of the demand; None if none is limited."""
    if not question.has_capacities:
        return None
    requests = np.array([np.inf if one.capacity is None else one.capacity for one in candidates])
    return requests * (10_000 / question.requests_per_10000)


def _with_local_demand(candidates: Sequence[Candidate], task: SitingTask) -> tuple[Candidate, ...]:
    """Return the candidates with the demand within the question's distance of each; existing stations have none."""
    local = task.weights @ (task.distances <= task.within)
    return tuple(
        one if one.existing else replace(one, local=float(there))
        for one, there in zip(candidates, local, strict=True)
    )


def _degrees(places: Sequence[DemandPlace] | Sequence[Candidate]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([one.lon for one in places]), np.array([one.lat for one in places])


def answer(posed: PosedQuestion, solution: Solution) -> SitingAnswer:
    """Return the answer to a question from the solution of its task."""
    task, candidates, sites = posed.task, posed.candidates, solution.sites
    kept = set(task.keep)
    added = [site for site in sites if site not in kept]
    nearest = task.distances[:, list(sites)].min(axis=1) if sites else None
    return SitingAnswer(
        question=posed.question,
        candidates=candidates,
        demand=posed.demand,
        outcome=solution.outcome,
        objective=_without_existing(task, solution.objective),
        bound=_without_existing(task, solution.bound),
        sites=tuple(candidates[site].id for site in sites),
        added=tuple(candidates[site].id for site in added),
        uncovered=tuple(posed.demand[row].id for row in solution.uncovered),
        nearest=(
            {}
            if nearest is None
            else {one.id: float(way) for one, way in zip(posed.demand, nearest, strict=True) if np.isfinite(way)}
        ),
        before=reach_within(task.distances[:, sorted(kept)].min(axis=1), task.weights, posed.unit) if kept else None,
        after=None if nearest is None else reach_within(nearest, task.weights, posed.unit),
        cost=0.0 if task.costs is None else float(task.costs[added].sum()),
        detail=_detail(posed, solution) if sites else None,
        unit=posed.unit,
        gaps=posed.gaps,
        pairs_without_way=pairs_without_way(task.distances, posed.demand, candidates, posed.gaps),
        about_travel=posed.about_travel,
    )


def _without_existing(task: SitingTask, value: float | None) -> float | None:
    """Return the value of an objective as an answer gives it: the solver's number of sites counts existing ones too."""
    return value if value is None or task.model is not SitingModel.LSCP else value - len(task.keep)


def _detail(posed: PosedQuestion, solution: Solution) -> SitingDetail:
    """Return what the sites of a solution do; with capacities, as the solver shared out the demand."""
    requests = posed.question.requests_per_10000 / 10_000
    return detail_of(
        posed.task, solution.sites, posed.demand, posed.candidates, posed.unit, solution.assignment, requests
    )


def site_stations(
    session: Session, question: SitingQuestion, *, as_of: date, samples: bool, time_limit: float = TIME_LIMIT_S
) -> SitingAnswer:
    """Pose the question and solve it in this process.

    Raises:
        InvalidInput, NotFound: as ``pose``.
    """
    posed = pose(session, question, as_of=as_of, samples=samples, time_limit=time_limit)
    return answer(posed, posed.task.solve())


def _check(question: SitingQuestion, candidates: list[Candidate]) -> None:
    """Check the question against the available candidates. Raise ``InvalidInput``."""
    places = {one.id: one for one in candidates if one.allowed}
    if not places:
        raise InvalidInput("places", N_("There is no place to choose from; take in the counties, places or points"))
    for field in ("must", "forbid"):
        if unknown := sorted(set(getattr(question, field)) - set(places)):
            raise InvalidInput(
                field, N_("There is no candidate place {code}; a county is named by its adcode"), code=unknown[0]
            )
    demanded = sum(places[one].cost for one in set(question.must))
    open_places = [one for one in places.values() if one.id not in question.forbid]
    if question.budget is not None:
        cheapest = min((one.cost for one in open_places), default=0.0)
        if max(demanded, cheapest) > question.budget:
            raise InvalidInput(
                "budget",
                N_("A budget of {budget:g} does not pay for what is asked: it takes at least {least:g}"),
                budget=question.budget,
                least=max(demanded, cheapest),
            )
    if question.model not in NEEDS_P or question.p is None:
        return
    least, most = max(1, len(set(question.must))), len(open_places)
    if not least <= question.p <= most:
        raise InvalidInput(
            "p",
            N_("{value} sites can't be added; give a number from {least} to {most}"),
            value=question.p,
            least=least,
            most=most,
        )


def way_by_county(answer: SitingAnswer) -> dict[str, float]:
    """Return, by adcode, the average way of each county's demand to its nearest site, in the answer's unit.

    Where the county's places have no demand, they count alike. Places of no known county, and those without a way to
    any site, are left out.
    """
    found: dict[str, list[DemandPlace]] = {}
    for one in answer.demand:
        if one.county is not None and one.id in answer.nearest:
            found.setdefault(one.county, []).append(one)
    return {
        county: float(
            np.average(
                [answer.nearest[one.id] for one in places],
                weights=[one.weight for one in places] if any(one.weight for one in places) else None,
            )
        )
        for county, places in found.items()
    }


def added_sites(answer: SitingAnswer) -> list[Candidate]:
    """Return the candidates that are new sites, in their order."""
    return [one for one in answer.candidates if one.id in set(answer.added)]


def outcome_text(answer: SitingAnswer) -> str:
    """Return the outcome as a message, with the placeholder ``{count}``."""
    if answer.outcome is Outcome.INFEASIBLE and not answer.uncovered:
        return TOO_FEW if answer.question.budget is None else TOO_DEAR
    return OUTCOME_TEXT[answer.outcome]
