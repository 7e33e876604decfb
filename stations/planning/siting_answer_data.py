"""Siting answers as JSON data, as they are saved, and read back from it; also answers saved by earlier releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.siting import Outcome, SitingModel
from stations.language import Worded
from stations.planning.demand import DemandPlace
from stations.planning.site_reach import reach_data, reach_from
from stations.planning.siting_candidates import Candidate, CandidateKind
from stations.planning.siting_detail import detail_data, detail_from
from stations.planning.siting_question import question_data, question_of
from stations.planning.station_siting import SitingAnswer
from stations.planning.travel_gaps import gap_data, gap_of
from stations.planning.travel_measure import TravelUnit


def answer_data(answer: SitingAnswer) -> dict[str, object]:
    """Return the answer as JSON data. With ``candidates``, the optimum can be checked with another solver.

    Each place of ``demand`` is served by its nearest site. A site may be placed where ``allowed``; existing stations
    are candidates that are always among ``sites``; ``existing`` is their number. The ``objective`` of LSCP is the
    number of ``added`` sites. With a ``budget``, it limits the total cost of the added sites, and ``p`` is the maximum.
    """
    question = answer.question
    asked = question_data(question)
    return {
        "model": question.model.value,
        "status": answer.outcome.value,
        "objective": answer.objective,
        "bound": answer.bound,
        "existing": len(answer.sites) - len(answer.added),
        "gap": answer.gap,
        "p": question.p,
        "within_km": question.within_km,
        "within_minutes": question.within_minutes,
        "unit": answer.unit.value,
        "weights": question.weighting,
        **{name: asked[name] for name in (*_ASKED, "points")},
        **{key: asked[name] for key, name in _SINCE_LAYERS.items()},
        "cost": answer.cost,
        "sites": list(answer.sites),
        "added": list(answer.added),
        "uncovered": list(answer.uncovered),
        "before": reach_data(answer.before, answer.unit),
        "after": reach_data(answer.after, answer.unit),
        f"nearest_{answer.unit.value}": {place: round(way, 1) for place, way in answer.nearest.items()},
        "gaps": [gap_data(one) for one in answer.gaps],
        "pairs_without_way": answer.pairs_without_way,
        "about_travel": answer.about_travel and dict(vars(answer.about_travel)),
        "demand": [vars(one) for one in answer.demand],
        "detail": detail_data(answer.detail),
        "candidates": [{**vars(one), "kind": one.kind.value, "existing": one.existing} for one in answer.candidates],
    }


_ASKED = ("keep_existing", "must", "forbid", "counties", "places", "budget", "site_cost", "cost_figure")
_SINCE_LAYERS = {
    "demand_layer": "demand",
    **{
        name: name
        for name in (
            "travel", "within_minutes", "seats", "towns",
            "capacity", "existing_capacity", "capacity_figure", "requests_per_10000",
        )
    },
}  # fmt: skip
"""Keys that answers saved before the layers or the capacities lack, and the fields of the question."""


def answer_of(data: dict[str, Any]) -> SitingAnswer:
    """Return the answer from the data of ``answer_data``."""
    question = question_of(
        {
            "model": data["model"],
            "p": data["p"],
            "within_km": data["within_km"],
            "weighting": data["weights"],
            "points": data["points"],
            **{name: data[name] for name in _ASKED},
            **{name: data[key] for key, name in _SINCE_LAYERS.items() if key in data},
        }
    )
    unit = TravelUnit(data.get("unit", TravelUnit.METRES))
    candidates = tuple(
        Candidate(**{**one, "kind": CandidateKind(one["kind"])})
        for one in ({name: value for name, value in row.items() if name != "existing"} for row in data["candidates"])
    )
    return SitingAnswer(
        question=question,
        candidates=candidates,
        demand=tuple(DemandPlace(**one) for one in data["demand"]) if "demand" in data else _counties_of(candidates),
        outcome=Outcome(data["status"]),
        objective=_objective_of(data, data["objective"]),
        bound=_objective_of(data, data["bound"]),
        sites=tuple(data["sites"]),
        added=tuple(data["added"]),
        uncovered=tuple(data["uncovered"]),
        nearest=data[f"nearest_{unit.value}"],
        before=reach_from(data["before"], unit),
        after=reach_from(data["after"], unit),
        cost=data["cost"],
        unit=unit,
        gaps=tuple(gap_of(one) for one in data.get("gaps", ())),
        pairs_without_way=data.get("pairs_without_way", 0),
        about_travel=Worded(**data["about_travel"]) if data.get("about_travel") else None,
        detail=detail_from(data.get("detail")),
    )


def _objective_of(data: dict[str, Any], value: float | None) -> float | None:
    """Return an objective or its bound; in an LSCP answer saved without ``existing`` it counted existing sites too."""
    if value is None or "existing" in data or data["model"] != SitingModel.LSCP:
        return value
    return value - (len(data["sites"]) - len(data["added"]))


def _counties_of(candidates: Sequence[Candidate]) -> tuple[DemandPlace, ...]:
    """Return the demand of an answer that was saved when it was always at the counties' points."""
    return tuple(
        DemandPlace(one.id, one.name, one.name_en, one.lon, one.lat, one.weight, one.county, one.estimated)
        for one in candidates
        if one.kind is CandidateKind.COUNTY
    )
