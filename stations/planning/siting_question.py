"""What a planner asks: a siting model, whose way counts, which places may be chosen, at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from geo.counties import locate
from geo.siting import SitingModel
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.coordinates import read_degrees_pair, read_place
from stations.planning.demand import Weighting

MODEL_LABELS: dict[SitingModel, str] = {
    SitingModel.LSCP: N_("Reach every county with the fewest (LSCP)"),
    SitingModel.MCLP: N_("Reach most people (MCLP)"),
    SitingModel.P_MEDIAN: N_("Least average distance (p-median)"),
    SitingModel.P_CENTER: N_("Least worst distance (p-center)"),
}
"""What people call each model, as messages: ``geo`` knows no language."""

NEEDS_P = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER})
NEEDS_WITHIN = frozenset({SitingModel.LSCP, SitingModel.MCLP})
DEFAULT_WITHIN_KM = 30.0
MOST_POINTS = 50
MOST_SITES = 300

Point = tuple[float, float]


@dataclass(frozen=True)
class SitingQuestion:
    """``p``: how many sites to add, with a ``budget`` the most that may be added. ``within_km``: how far
    counts as reached. ``weighting``: a ``Weighting`` or the code of an imported figure. ``must`` and
    ``forbid``: ids of candidates that have to get a site, or can't.

    Candidate places: a point inside each county (``counties``), the imported places (``places``), and
    ``points`` in WGS-84 degrees. ``budget``: what the added sites may cost together, each ``site_cost``
    unless its county has another in the imported figure ``cost_figure``, or the imported place names
    its own; all in one unit, 10,000 yuan on the pages.
    """

    model: SitingModel
    p: int | None = None
    within_km: float = DEFAULT_WITHIN_KM
    weighting: str = Weighting.EQUAL
    keep_existing: bool = False
    must: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    counties: bool = True
    places: bool = False
    points: tuple[Point, ...] = ()
    budget: float | None = None
    site_cost: float = 1.0
    cost_figure: str | None = None


def read_question(model: str, weighting: str, **options: Any) -> SitingQuestion:
    """The question as typed; whether the weighting names an imported figure shows where it is read.

    Raises:
        InvalidInput: the model is not one that is known.
    """
    if model not in list(SitingModel):
        raise InvalidInput(
            "model",
            N_("“{value}” is not known; use one of: {known}"),
            value=model,
            known=", ".join(SitingModel),
        )
    return SitingQuestion(SitingModel(model), weighting=read_text("weights", weighting, limit=40), **options)


def read_points(texts: Sequence[str]) -> tuple[Point, ...]:
    """Places as typed, each a longitude and a latitude in WGS-84 degrees (``places.coordinates``).

    Raises:
        InvalidInput: one is not that, lies outside the province, or there are too many.
    """
    if len(texts) > MOST_POINTS:
        raise InvalidInput(
            "point", N_("{count} places are too many; {most} at most"), count=len(texts), most=MOST_POINTS
        )
    found = []
    for text in texts:
        place = read_place(*read_degrees_pair("point", text))
        if locate(*place) is None:
            raise InvalidInput("point", N_("“{text}” lies outside the province"), text=text)
        found.append(place)
    return tuple(dict.fromkeys(found))


def check_question(question: SitingQuestion) -> None:
    """Let numbers pass that make sense by themselves.

    Raises:
        InvalidInput: one is missing or makes no sense.
    """
    if both := sorted(set(question.must) & set(question.forbid)):
        raise InvalidInput("must", N_("{adcode} is both demanded and forbidden; choose one"), adcode=both[0])
    if question.model in NEEDS_WITHIN and not 0 < question.within_km <= 1000:
        raise InvalidInput(
            "within",
            N_("Within {value} km makes no sense; give kilometres from above 0 to 1000"),
            value=question.within_km,
        )
    if question.budget is not None and not 0 < question.budget < 1e12:
        raise InvalidInput(
            "budget", N_("A budget of {value} makes no sense; give an amount above 0"), value=question.budget
        )
    if not 0 <= question.site_cost < 1e12:
        raise InvalidInput(
            "site_cost",
            N_("A cost of {value} per site makes no sense; give an amount of 0 or more"),
            value=question.site_cost,
        )
    if question.model in NEEDS_P and question.p is not None and not 1 <= question.p <= MOST_SITES:
        raise InvalidInput(
            "p",
            N_("{value} new stations make no sense; give a whole number from 1 to {most}"),
            value=question.p,
            most=MOST_SITES,
        )
    if question.model in NEEDS_P and question.p is None and question.budget is None:
        raise InvalidInput("p", N_("This model needs the number of sites to add: give --p"))


def question_data(question: SitingQuestion) -> dict[str, Any]:
    """The question as JSON can keep it."""
    return asdict(question)


def question_of(data: dict[str, Any]) -> SitingQuestion:
    """The question that ``question_data`` gave."""
    fields = {name: tuple(data[name]) for name in ("must", "forbid")}
    points = tuple((lon, lat) for lon, lat in data["points"])
    return SitingQuestion(**{**data, **fields, "points": points, "model": SitingModel(data["model"])})
