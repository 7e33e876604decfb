"""Where the next stations would serve best: the siting models of ``geo.siting`` on the counties.

Demand stands at a point inside each county, and each of these points is a candidate place. With
existing stations kept, the stations active on the day serve from where they are, and the sites
asked for come on top of them. Distances are great-circle metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from geo.siting import TIME_LIMIT_S, Outcome, Solution, lscp, mclp, p_center, p_median
from stations.demand import CountyDemand, Weighting, county_demand
from stations.errors import InvalidInput
from stations.language import N_
from stations.registry import Status, list_stations

REACHES_KM = (10, 20, 30)


class SitingModel(StrEnum):
    """What is asked: to reach everybody with the fewest sites, or to do the best with a number of sites."""

    LSCP = "lscp"
    MCLP = "mclp"
    P_MEDIAN = "p-median"
    P_CENTER = "p-center"


NEEDS_P = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER})
NEEDS_WITHIN = frozenset({SitingModel.LSCP, SitingModel.MCLP})
DEFAULT_WITHIN_KM = 30.0
DEFAULT_TIME_LIMIT_S = TIME_LIMIT_S

OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.OPTIMAL: N_("Proven: no other choice of sites is better."),
    Outcome.INFEASIBLE: N_("It can't be done: {count} counties are beyond the reach of every place that is allowed."),
    Outcome.TIME_LIMIT: N_("Time ran out before the best choice was proven; this is the best found so far."),
}


@dataclass(frozen=True)
class SitingQuestion:
    """``p``: how many sites to add. ``within_km``: how far counts as reached. ``must``/``forbid``:
    adcodes of counties that have to get a site, or can't."""

    model: SitingModel
    p: int | None = None
    within_km: float = DEFAULT_WITHIN_KM
    weighting: Weighting = Weighting.EQUAL
    keep_existing: bool = False
    must: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A place in WGS-84 degrees: a county's inner point (``id``: its adcode), or with ``existing`` an
    active station (``id``: its code). ``weight``: the demand that stands there; 0 at a station."""

    id: str
    name: str
    name_en: str | None
    lon: float
    lat: float
    weight: float
    existing: bool = False
    estimated: bool = False
    sample: bool = False


@dataclass(frozen=True)
class Reach:
    """How well a set of sites serves: shares of the demand within 10, 20 and 30 km (by kilometres),
    the demand's average and the worst place's distance in metres."""

    within: dict[int, float]
    average_m: float
    worst_m: float


@dataclass(frozen=True)
class SitingAnswer:
    """``sites``: ids of all sites, the kept stations among them; ``added``: the new ones.
    ``objective``: sites for LSCP, weight covered for MCLP, weight × metres for p-median, metres for
    p-center; ``bound``: what it can't be better than, where time ran out. ``nearest_m``: metres from
    each candidate that is a county to its nearest site. ``uncovered``: ids that no candidate reaches."""

    question: SitingQuestion
    candidates: tuple[Candidate, ...]
    outcome: Outcome
    objective: float | None
    bound: float | None
    sites: tuple[str, ...]
    added: tuple[str, ...]
    uncovered: tuple[str, ...]
    nearest_m: dict[str, float]
    before: Reach | None
    after: Reach | None


def site_stations(
    session: Session, question: SitingQuestion, *, as_of: date, samples: bool, time_limit: float = TIME_LIMIT_S
) -> SitingAnswer:
    """Solve the question on the counties and, where asked, the stations active on ``as_of``.

    Raises:
        InvalidInput: a number or a choice is missing or makes no sense.
    """
    demand = county_demand(session, question.weighting)
    existing = _existing(session, as_of, samples) if question.keep_existing else []
    candidates = [_of_county(one) for one in demand] + existing
    order = {one.id: index for index, one in enumerate(candidates)}
    _check(question, order, len(demand))
    lons, lats = (np.array([getattr(one, axis) for one in candidates]) for axis in ("lon", "lat"))
    people = slice(0, len(demand))
    distances = great_circle_m(lons[people, None], lats[people, None], lons[None], lats[None])
    weights = np.array([one.weight for one in demand])
    choices = {
        "keep": [order[one.id] for one in existing],
        "must": [order[adcode] for adcode in question.must],
        "forbid": [order[adcode] for adcode in question.forbid],
        "time_limit": time_limit,
    }
    solution = _solve(question, distances, weights, choices)
    kept = set(choices["keep"])
    nearest = distances[:, list(solution.sites)].min(axis=1) if solution.sites else None
    return SitingAnswer(
        question=question,
        candidates=tuple(candidates),
        outcome=solution.outcome,
        objective=solution.objective,
        bound=solution.bound,
        sites=tuple(candidates[site].id for site in solution.sites),
        added=tuple(candidates[site].id for site in solution.sites if site not in kept),
        uncovered=tuple(candidates[row].id for row in solution.uncovered),
        nearest_m={} if nearest is None else dict(zip(order, map(float, nearest), strict=False)),
        before=_reach(distances[:, sorted(kept)].min(axis=1), weights) if kept else None,
        after=None if nearest is None else _reach(nearest, weights),
    )


def _solve(
    question: SitingQuestion, distances: NDArray[np.float64], weights: NDArray[np.float64], choices: dict
) -> Solution:
    within = question.within_km * 1000
    if question.model is SitingModel.LSCP:
        return lscp(distances, within, **choices)
    if question.model is SitingModel.MCLP:
        return mclp(distances, weights, within, question.p, **choices)
    if question.model is SitingModel.P_MEDIAN:
        return p_median(distances, weights, question.p, **choices)
    return p_center(distances, question.p, **choices)


def _of_county(demand: CountyDemand) -> Candidate:
    county = demand.county
    return Candidate(
        county.adcode,
        county.name,
        county.name_en,
        county.lon,
        county.lat,
        demand.weight,
        estimated=demand.estimated,
    )


def _existing(session: Session, as_of: date, samples: bool) -> list[Candidate]:
    """Active stations that are known at least to their county."""
    found = []
    for one in list_stations(session, as_of, samples=samples, statuses=[Status.ACTIVE]):
        place = one.station if one.station.lon is not None else one.station.county
        if place is not None:
            station = one.station
            named = (station.code, station.name, station.name_en)
            found.append(Candidate(*named, place.lon, place.lat, 0.0, existing=True, sample=station.sample))
    return found


def _check(question: SitingQuestion, order: dict[str, int], counties: int) -> None:
    adcodes = set(list(order)[:counties])
    for field in ("must", "forbid"):
        if unknown := sorted(set(getattr(question, field)) - adcodes):
            raise InvalidInput(field, N_("There is no county with adcode {adcode}"), adcode=unknown[0])
    if both := sorted(set(question.must) & set(question.forbid)):
        raise InvalidInput("must", N_("{adcode} is both demanded and forbidden; choose one"), adcode=both[0])
    if question.model in NEEDS_WITHIN and not 0 < question.within_km <= 1000:
        raise InvalidInput(
            "within",
            N_("Within {value} km makes no sense; give kilometres from above 0 to 1000"),
            value=question.within_km,
        )
    if question.model not in NEEDS_P:
        return
    least, most = max(1, len(set(question.must))), counties - len(set(question.forbid))
    if question.p is None:
        raise InvalidInput("p", N_("This model needs the number of sites to add: give --p"))
    if not least <= question.p <= most:
        raise InvalidInput(
            "p",
            N_("{value} sites can't be added; give a number from {least} to {most}"),
            value=question.p,
            least=least,
            most=most,
        )


def _reach(nearest: NDArray[np.float64], weights: NDArray[np.float64]) -> Reach:
    total = float(weights.sum())
    return Reach(
        within={km: float(weights[nearest <= km * 1000].sum()) / total for km in REACHES_KM},
        average_m=float(weights @ nearest) / total,
        worst_m=float(nearest.max()),
    )


def read_question(model: str, weighting: str, **options: object) -> SitingQuestion:
    """The question as typed.

    Raises:
        InvalidInput: the model or the weighting is not one that is known.
    """
    for field, value, known in (("model", model, SitingModel), ("weights", weighting, Weighting)):
        if value not in list(known):
            raise InvalidInput(
                field,
                N_("“{value}” is not known; use one of: {known}"),
                value=value,
                known=", ".join(known),
            )
    return SitingQuestion(SitingModel(model), weighting=Weighting(weighting), **options)


def answer_data(answer: SitingAnswer) -> dict[str, object]:
    """The answer for programs: whoever has ``candidates`` can check the optimum with another solver.

    A site serves everybody whose nearest it is. Kept stations are candidates of weight 0 that are
    always among ``sites``.
    """
    question = answer.question
    return {
        "model": question.model.value,
        "status": answer.outcome.value,
        "objective": answer.objective,
        "bound": answer.bound,
        "p": question.p,
        "within_km": question.within_km if question.model in NEEDS_WITHIN else None,
        "weights": question.weighting.value,
        "sites": list(answer.sites),
        "added": list(answer.added),
        "uncovered": list(answer.uncovered),
        "before": reach_data(answer.before),
        "after": reach_data(answer.after),
        "candidates": [
            {
                "id": one.id,
                "name": one.name,
                "lon": one.lon,
                "lat": one.lat,
                "weight": one.weight,
                "existing": one.existing,
                "estimated": one.estimated,
                "sample": one.sample,
            }
            for one in answer.candidates
        ],
    }


def reach_data(reach: Reach | None) -> dict[str, float] | None:
    """How well sites serve, for programs: shares from 0 to 1, distances in metres."""
    if reach is None:
        return None
    shares = {f"within_{km}_km": round(share, 6) for km, share in reach.within.items()}
    return {**shares, "average_m": round(reach.average_m, 1), "worst_m": round(reach.worst_m, 1)}


def added_sites(answer: SitingAnswer) -> list[Candidate]:
    """The candidates that are new sites, in order of adcode."""
    return [one for one in answer.candidates if one.id in set(answer.added)]
