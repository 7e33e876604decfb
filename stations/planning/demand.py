"""Demand: the places where it is, and how much is at each.

The layer says where it is counted; the weighting what counts: every county alike, residents, or an imported figure such
as the number of firms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum, Language, ListedAsWritten
from stations.places.census import left_out_note
from stations.places.counties import County, list_counties
from stations.planning.imported_figure import figure_values, list_figures


class Weighting(LabelledEnum):
    """The measure of a county's demand."""

    EQUAL = "equal", N_("Every county counts alike")
    POPULATION = "population", N_("Every resident counts alike")


class DemandLayer(LabelledEnum):
    """The places where demand is counted."""

    COUNTIES = "counties", N_("One point in each county")


RESIDENTS = N_("Residents of the 2020 census.")
ESTIMATE = N_(
    "Where only the city's figure is at hand, what its counted counties leave of it is spread over the others by area; "
    "these counties are marked as estimated."
)


def residents_note(language: Language, *, estimated: bool) -> str:
    """Return how residents are counted, ``estimated`` in some counties or in none, and who is counted to no county."""
    told = [language.translate(RESIDENTS), language.translate(ESTIMATE) if estimated else "", left_out_note(language)]
    return ("" if language.code == "zh_CN" else " ").join(filter(None, told))


@dataclass(frozen=True)
class CountyDemand:
    """The demand of a county. ``estimated``: no source gives it; ``estimate_note`` explains how it was estimated."""

    county: County
    weight: float
    estimated: bool = False


def county_demand(session: Session, weighting: str, *, samples: bool = False) -> list[CountyDemand]:
    """Return every county's demand, sorted by adcode: in residents, or in the unit of the imported figure.

    A county without a value in the figure has demand 0. ``weighting``: a ``Weighting`` or the code of an imported
    figure. ``samples``: whether a sample figure is allowed.

    Raises:
        InvalidInput: the weighting is unknown, or the figure is 0 everywhere.
    """
    counties = list_counties(session)
    if weighting == Weighting.EQUAL:
        return [CountyDemand(county, 1.0) for county in counties]
    if weighting == Weighting.POPULATION:
        by_city: dict[str, list[County]] = {}
        for county in counties:
            by_city.setdefault(county.city_adcode, []).append(county)
        weights = {county.adcode: weight for inside in by_city.values() for county, weight in _residents(inside)}
        return [CountyDemand(county, weights[county.adcode], county.population is None) for county in counties]
    known = [*Weighting, *(figure.code for figure in list_figures(session, samples=samples))]
    if weighting not in known:
        raise InvalidInput(
            "weights", N_("“{value}” is not known; use one of: {known}"), value=weighting, known=ListedAsWritten(known)
        )
    values = figure_values(session, weighting, samples=samples)
    if not any(values.values()):
        raise InvalidInput("weights", N_("The figure {code} is 0 in every county"), code=weighting)
    return [CountyDemand(county, values.get(county.adcode, 0.0)) for county in counties]


@dataclass(frozen=True)
class DemandPlace:
    """A place with demand, in WGS-84 degrees.

    ``id``: unique in its layer; the adcode of a county. ``weight``: in the unit of the weighting. ``county``: the
    adcode of its county. ``estimated``: no source gives the weight; it was spread by a rule.
    """

    id: str
    name: str
    name_en: str | None
    lon: float
    lat: float
    weight: float
    county: str | None
    estimated: bool = False


@dataclass(frozen=True)
class Demand:
    """The demand of the province in one layer, sorted by county, then by id."""

    layer: DemandLayer
    weighting: str
    places: tuple[DemandPlace, ...]


def demand_of(session: Session, layer: str, weighting: str, *, samples: bool) -> Demand:
    """Return the demand of a layer. ``weighting``, ``samples``: as in ``county_demand``.

    Raises:
        InvalidInput: the layer or the weighting is unknown, or the demand is 0 everywhere.
    """
    if layer not in list(DemandLayer):
        raise InvalidInput(
            "demand", N_("“{value}” is not known; use one of: {known}"), value=layer, known=ListedAsWritten(DemandLayer)
        )
    counties = county_demand(session, weighting, samples=samples)
    return Demand(DemandLayer(layer), weighting, tuple(map(_at_one_point, counties)))


def _at_one_point(one: CountyDemand) -> DemandPlace:
    county = one.county
    return DemandPlace(
        county.adcode, county.name, county.name_en, county.lon, county.lat, one.weight, county.adcode, one.estimated
    )


def _residents(counties: Sequence[County]) -> list[tuple[County, float]]:
    """Return the counties of one city with their residents, counted or estimated."""
    counted = sum(county.population or 0 for county in counties)
    rest = max(0, (counties[0].city.population or 0) - counted)
    area = sum(county.area_km2 for county in counties if county.population is None)
    return [
        (county, float(county.population) if county.population is not None else rest * county.area_km2 / area)
        for county in counties
    ]
