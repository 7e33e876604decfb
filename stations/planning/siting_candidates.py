"""The candidate places of a siting question, with the cost of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from geo.counties import county_layer, locate
from geo.gazetteer import county_seats, towns
from stations.places.counties import County
from stations.planning.candidate_place import CandidatePlace, list_candidate_places
from stations.planning.demand import CountyDemand
from stations.planning.imported_figure import figure_values
from stations.planning.siting_question import SitingQuestion
from stations.registry.nearest_stations import active_stations, candidates
from stations.registry.station_columns import county_code


class CandidateKind(StrEnum):
    """The kind of a candidate place."""

    COUNTY = "county"
    SEAT = "seat"
    TOWN = "town"
    PLACE = "place"
    POINT = "point"
    STATION = "station"


@dataclass(frozen=True)
class Candidate:
    """A candidate place in WGS-84 degrees.

    ``id``: the adcode of a county, whose candidate is its inner point; with ``-seat`` behind it, its seat; the code of
    a town or of an imported place; ``point-1`` and so on for given points; a station's code. ``weight``: the demand
    there, 0 except for counties. ``local``: the demand within the question's distance of it; None in answers saved
    before it was told. ``allowed``: whether a new site may be placed there; False for existing stations. ``cost``: of a
    site there. ``capacity``: requests a year that a station there can handle, None for no limit. ``county``: the
    adcode of its county, None if a station's is unknown.
    """

    id: str
    name: str
    name_en: str | None
    lon: float
    lat: float
    weight: float
    kind: CandidateKind = CandidateKind.COUNTY
    allowed: bool = True
    cost: float = 0.0
    county: str | None = None
    estimated: bool = False
    sample: bool = False
    local: float | None = None
    capacity: float | None = None

    @property
    def existing(self) -> bool:
        """Whether it is an existing station."""
        return self.kind is CandidateKind.STATION


def list_candidates(
    session: Session, question: SitingQuestion, demand: list[CountyDemand], *, as_of: date, samples: bool
) -> list[Candidate]:
    """Return the candidates: every county in the order of ``demand``, allowed or not, then seats, towns, imported
    places, given points and existing stations, if the question includes them.

    Raises:
        NotFound: there is no figure with the code of ``cost_figure``.
    """
    costs = figure_values(session, question.cost_figure, samples=samples) if question.cost_figure else {}
    found = [_of_county(one, question, costs) for one in demand]
    by_adcode = {one.county.adcode: one.county for one in demand}
    if question.seats:
        found += [
            _in_county(f"{adcode}-seat", f"{county.name}城区", f"{county.name_en} seat", point, county,
                       CandidateKind.SEAT, question, costs)
            for adcode, point in sorted(county_seats().items())
            if (county := by_adcode.get(adcode))
        ]  # fmt: skip
    if question.towns:
        found += [
            _in_county(one.code, one.name, one.name_en, one.point, county, CandidateKind.TOWN, question, costs)
            for one in towns()
            if one.point is not None and (county := by_adcode.get(one.adcode))
        ]
    if question.places:
        found += [_of_place(one, question) for one in list_candidate_places(session, samples=samples)]
    found += [_of_point(number, point, question, costs) for number, point in enumerate(question.points, start=1)]
    if question.keep_existing:
        found += standing_stations(session, as_of, samples=samples)
    return _with_capacities(session, found, question, samples=samples) if question.has_capacities else found


def _with_capacities(
    session: Session, candidates: list[Candidate], question: SitingQuestion, *, samples: bool
) -> list[Candidate]:
    """Return the candidates with the capacity of a station there: the figure's for its county, else the question's."""
    figure = figure_values(session, question.capacity_figure, samples=samples) if question.capacity_figure else {}

    def capacity(one: Candidate) -> float | None:
        return figure.get(one.county or "", question.existing_capacity if one.existing else question.capacity)

    return [replace(one, capacity=capacity(one)) for one in candidates]


def _of_county(demand: CountyDemand, question: SitingQuestion, costs: Mapping[str, float]) -> Candidate:
    county = demand.county
    return Candidate(
        county.adcode,
        county.name,
        county.name_en,
        county.lon,
        county.lat,
        demand.weight,
        allowed=question.counties,
        cost=costs.get(county.adcode, question.site_cost),
        county=county.adcode,
        estimated=demand.estimated,
    )


def _in_county(
    code: str,
    name: str,
    name_en: str,
    point: tuple[float, float],
    county: County,
    kind: CandidateKind,
    question: SitingQuestion,
    costs: Mapping[str, float],
) -> Candidate:
    cost = costs.get(county.adcode, question.site_cost)
    return Candidate(code, name, name_en, *point, 0.0, kind, cost=cost, county=county.adcode)


@dataclass(frozen=True)
class PlacedByName:
    """How many seats and towns are placed by a source, of how many there are."""

    seats: int
    counties: int
    towns: int
    every_town: int


def placed_by_name() -> PlacedByName:
    """Return how many seats and towns can be candidates."""
    every = towns()
    placed = sum(one.point is not None for one in every)
    return PlacedByName(len(county_seats()), len(county_layer().counties), placed, len(every))


def _of_place(place: CandidatePlace, question: SitingQuestion) -> Candidate:
    return Candidate(
        place.code,
        place.name,
        None,
        place.lon,
        place.lat,
        0.0,
        CandidateKind.PLACE,
        cost=question.site_cost if place.cost is None else place.cost,
        county=place.county_adcode,
        sample=place.sample,
    )


def _of_point(
    number: int, point: tuple[float, float], question: SitingQuestion, costs: Mapping[str, float]
) -> Candidate:
    county = locate(*point)
    adcode = county.adcode if county else None
    return Candidate(
        f"point-{number}",
        f"{county.name if county else ''}选点 {number}",
        f"Point {number}{f', {county.name_en}' if county else ''}",
        *point,
        0.0,
        CandidateKind.POINT,
        cost=costs.get(adcode or "", question.site_cost),
        county=adcode,
    )


def count_unplaced_stations(session: Session, as_of: date, *, samples: bool) -> int:
    """Return the number of active stations with only a known city, which can't be included."""
    return active_stations(session, as_of, samples=samples) - len(candidates(session, as_of, samples=samples).rows)


def standing_stations(session: Session, as_of: date, *, samples: bool) -> list[Candidate]:
    """Return the active stations whose county or coordinates are known."""
    placed = candidates(session, as_of, samples=samples)
    stations = placed.columns.stations
    return [
        Candidate(
            str(stations.code[row]),
            stations.name[row],
            stations.name_en[row],
            lon,
            lat,
            0.0,
            CandidateKind.STATION,
            allowed=False,
            county=county_code(stations.county[row]),
            sample=bool(stations.sample[row]),
        )
        for row, lon, lat in zip(placed.rows, placed.lons.tolist(), placed.lats.tolist(), strict=True)
    ]
