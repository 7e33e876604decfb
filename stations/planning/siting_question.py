"""The question of a siting computation: model, demand, candidate places and costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from geo.counties import locate
from geo.siting import SitingModel
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten
from stations.places.coordinates import read_degrees_pair, read_place
from stations.planning.demand import DemandLayer, Weighting
from stations.planning.travel_measure import STRAIGHT, TravelUnit

MODEL_LABELS: dict[SitingModel, str] = {
    SitingModel.LSCP: N_("Reach every county with the fewest (LSCP)"),
    SitingModel.MCLP: N_("Reach most people (MCLP)"),
    SitingModel.P_MEDIAN: N_("Least average distance (p-median)"),
    SitingModel.P_CENTER: N_("Least worst distance (p-center)"),
}
"""The names of the models, as messages: ``geo`` does not depend on languages."""

NEEDS_P = frozenset({SitingModel.MCLP, SitingModel.P_MEDIAN, SitingModel.P_CENTER})
NEEDS_WITHIN = frozenset({SitingModel.LSCP, SitingModel.MCLP})
DEFAULT_WITHIN_KM = 30.0
DEFAULT_WITHIN_MINUTES = 30.0
NO_CAPACITIES = frozenset({SitingModel.P_CENTER})
"""Models that look at the farthest place only, whatever its demand."""
DEFAULT_REQUESTS = 10.0
"""Requests a year from 10,000 of demand, until the planner says otherwise."""
MOST_POINTS = 50
MOST_SITES = 300

Point = tuple[float, float]


@dataclass(frozen=True)
class SitingQuestion:
    """A siting question.

    ``p``: number of sites to add; with a ``budget``, the maximum. ``within_km``: distance that counts as reached,
    ``within_minutes``: the time, where the measure is one.
    ``weighting``: a ``Weighting`` or the code of an imported figure. ``must``, ``forbid``: ids of candidates that
    must or can't get a site. ``demand``: a ``DemandLayer``. ``travel``: the code of a measure (``travel_of``).

    Candidate places: an inner point of each county (``counties``), the seats of counties (``seats``) and the towns
    (``towns``) that a source places, the imported places (``places``), and ``points`` in WGS-84 degrees. ``budget``:
    limit of the total cost of added sites. Each costs ``site_cost``, unless the imported figure ``cost_figure`` has a
    value for its county, or the imported place has its own cost. All in one unit, 10,000 yuan on the pages.

    ``capacity``: requests a year that a new station can handle, ``existing_capacity``: that one that stands can; None
    for no limit. The imported figure ``capacity_figure`` has it by county instead, where it has a value.
    ``requests_per_10000``: requests a year from 10,000 of demand (residents, firms …), which capacities are held
    against.
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
    seats: bool = False
    towns: bool = False
    demand: str = DemandLayer.COUNTIES
    travel: str = STRAIGHT
    within_minutes: float = DEFAULT_WITHIN_MINUTES
    capacity: float | None = None
    existing_capacity: float | None = None
    capacity_figure: str | None = None
    requests_per_10000: float = DEFAULT_REQUESTS

    @property
    def has_capacities(self) -> bool:
        """Whether stations can handle only so many requests."""
        return any(one is not None for one in (self.capacity, self.existing_capacity, self.capacity_figure))

    def within(self, unit: TravelUnit) -> float:
        """Return what counts as reached, in kilometres or minutes as the measure is told in."""
        return self.within_km if unit is TravelUnit.METRES else self.within_minutes


def read_question(model: str, weighting: str, **options: Any) -> SitingQuestion:
    """Return the question from typed values. Whether the weighting is an imported figure is checked later, in
    ``county_demand``.

    Raises:
        InvalidInput: the model is unknown.
    """
    if model not in list(SitingModel):
        raise InvalidInput(
            "model",
            N_("“{value}” is not known; use one of: {known}"),
            value=model,
            known=ListedAsWritten(SitingModel),
        )
    return SitingQuestion(SitingModel(model), weighting=read_text("weights", weighting, limit=40), **options)


def read_points(texts: Sequence[str]) -> tuple[Point, ...]:
    """Return places from typed text, each a longitude and a latitude in WGS-84 degrees (``places.coordinates``).

    Raises:
        InvalidInput: one can't be read or lies outside the province, or there are too many.
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
    """Check each number of a question by itself.

    Raises:
        InvalidInput: one is missing or out of range.
    """
    if both := sorted(set(question.must) & set(question.forbid)):
        raise InvalidInput("must", N_("{adcode} is both demanded and forbidden; choose one"), adcode=both[0])
    if question.model in NEEDS_WITHIN and not 0 < question.within_km <= 1000:
        raise InvalidInput(
            "within",
            N_("Within {value} km makes no sense; give kilometres from above 0 to 1000"),
            value=question.within_km,
        )
    if question.model in NEEDS_WITHIN and not 0 < question.within_minutes <= 1000:
        raise InvalidInput(
            "within_minutes",
            N_("Within {value} minutes makes no sense; give minutes from above 0 to 1000"),
            value=question.within_minutes,
        )
    if question.budget is not None and not 0 < question.budget < 1e12:
        raise InvalidInput(
            "budget", N_("A budget of {value} makes no sense; give an amount above 0"), value=question.budget
        )
    _check_capacities(question)
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


def _check_capacities(question: SitingQuestion) -> None:
    if question.has_capacities and question.model in NO_CAPACITIES:
        raise InvalidInput(
            "capacity",
            N_("The least worst distance looks at the farthest place only: choose another model, or no capacities"),
        )
    for name in ("capacity", "existing_capacity"):
        value = getattr(question, name)
        if value is not None and not 0 < value < 1e12:
            raise InvalidInput(
                name, N_("A capacity of {value} requests a year makes no sense; give a number above 0"), value=value
            )
    if not 0 < question.requests_per_10000 < 1e9:
        raise InvalidInput(
            "requests_per_10000",
            N_("{value} requests a year from 10,000 of demand make no sense; give a number above 0"),
            value=question.requests_per_10000,
        )


def question_data(question: SitingQuestion) -> dict[str, Any]:
    """Return the question as JSON data."""
    return asdict(question)


def question_of(data: dict[str, Any]) -> SitingQuestion:
    """Return the question from the data of ``question_data``."""
    fields = {name: tuple(data[name]) for name in ("must", "forbid")}
    points = tuple((lon, lat) for lon, lat in data["points"])
    return SitingQuestion(**{**data, **fields, "points": points, "model": SitingModel(data["model"])})
