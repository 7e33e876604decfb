"""Demand: the places where it is, and how much is at each.

The layer says where it is counted; the weighting what counts: every county alike, residents, or an imported figure such
as the number of firms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum, Language, ListedAsWritten
from stations.places.census import left_out_note
from stations.places.counties import County, list_counties
from stations.planning.demand_point import LocatedBy, list_demand_points
from stations.planning.imported_figure import figure_values, list_figures
from stations.planning.layer_spread import (
    RasterFacts,
    SharedPlace,
    spread_by_raster,
    spread_over_grid,
    spread_over_town_points,
)
from stations.planning.people_spread import placed_by_county_only
from stations.planning.population_layer import population_layer
from stations.planning.whole_shares import in_whole_parts
from stations.registry.registry_snapshot import registry_snapshot


class Weighting(LabelledEnum):
    """The measure of a county's demand."""

    EQUAL = "equal", N_("Every county counts alike")
    POPULATION = "population", N_("Every resident counts alike")


class DemandLayer(LabelledEnum):
    """The places where demand is counted."""

    COUNTIES = "counties", N_("One point in each county")
    TOWNS = "towns", N_("Towns")
    GRID = "grid", N_("Hexagons")
    RASTER = "raster", N_("Hexagons by the population raster")
    PLACES = "places", N_("Imported places, such as firms")


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
    """The demand of the province in one layer, sorted by county, then by id.

    ``county_estimated``: the demand of some county is itself estimated. ``at_inner_point``: how much of it stands at a
    point inside its county for lack of a placed town. ``raster``: what the layer of a raster rests on. ``not_located``:
    imported places that no place was found for, and their amount; they are among no places. ``sources``: of imported
    places.
    """

    layer: DemandLayer
    weighting: str
    places: tuple[DemandPlace, ...]
    county_estimated: bool = False
    at_inner_point: float = 0.0
    raster: RasterFacts | None = None
    not_located: tuple[int, float] = (0, 0.0)
    sources: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """The whole of it."""
        return math.fsum(one.weight for one in self.places)

    @property
    def estimated_share(self) -> float:
        """The share, from 0 to 1, whose place or amount is estimated."""
        whole = self.weight
        return math.fsum(one.weight for one in self.places if one.estimated) / whole if whole else 0.0


def demand_of(session: Session, layer: str, weighting: str, *, samples: bool) -> Demand:
    """Return the demand of a layer, made once for each revision of the data. ``weighting``, ``samples``: as in
    ``county_demand``; imported places count by their own amounts, or alike (``EQUAL``).

    Residents are whole people, and those of a county's places add up to the county's; so do other weights but for
    rounding.

    Raises:
        InvalidInput: the layer or the weighting is unknown, nothing is on file for the layer, or the demand is 0
            everywhere.
    """
    if layer not in list(DemandLayer):
        raise InvalidInput(
            "demand", N_("“{value}” is not known; use one of: {known}"), value=layer, known=ListedAsWritten(DemandLayer)
        )
    chosen = DemandLayer(layer)
    return registry_snapshot(session).remembered(
        ("demand", chosen, weighting, samples), lambda: _demand(session, chosen, weighting, samples)
    )


def layers_on_file(session: Session, *, samples: bool) -> tuple[DemandLayer, ...]:
    """Return the layers that there is something on file for."""
    missing = set()
    if population_layer(session, samples=samples) is None:
        missing.add(DemandLayer.RASTER)
    if not any(one.lon is not None for one in list_demand_points(session, samples=samples)):
        missing.add(DemandLayer.PLACES)
    return tuple(one for one in DemandLayer if one not in missing)


_SPREADS = {
    DemandLayer.TOWNS: spread_over_town_points,
    DemandLayer.GRID: spread_over_grid,
    DemandLayer.RASTER: spread_by_raster,
}


def _demand(session: Session, layer: DemandLayer, weighting: str, samples: bool) -> Demand:
    counties = county_demand(session, weighting, samples=samples)
    estimated = any(one.estimated for one in counties)
    if layer is DemandLayer.COUNTIES:
        return Demand(layer, weighting, tuple(map(_at_one_point, counties)), estimated)
    if layer is DemandLayer.PLACES:
        return _of_places(session, weighting, samples)
    spread = _SPREADS[layer](session, samples=samples)
    inside: dict[str, list[SharedPlace]] = {}
    for one in spread.places:
        inside.setdefault(one.place.county, []).append(one)
    places: list[DemandPlace] = []
    inner = placed_by_county_only()
    at_inner_point = math.fsum(one.weight * inner.get(one.county.adcode, 0.0) for one in counties)
    for county in counties:
        shared = inside[county.county.adcode]
        weights = _divided(county.weight, [one.share for one in shared], whole=weighting == Weighting.POPULATION)
        for one, weight in zip(shared, weights, strict=True):
            if weight or not county.weight:
                places.append(_spread_place(one, weight, county))
    return Demand(layer, weighting, tuple(places), estimated, at_inner_point, spread.raster)


def _divided(weight: float, shares: Sequence[float], *, whole: bool) -> list[float]:
    """Return a county's demand divided by shares: into whole people where it is one, else exactly."""
    if whole and weight.is_integer():
        return [float(part) for part in in_whole_parts(int(weight), shares)]
    return [weight * share for share in shares]


def _spread_place(one: SharedPlace, weight: float, county: CountyDemand) -> DemandPlace:
    place, estimated = one.place, one.estimated or county.estimated
    return DemandPlace(
        place.id, place.name, place.name_en, place.lon, place.lat, weight, place.county, estimated
    )


def _of_places(session: Session, weighting: str, samples: bool) -> Demand:
    points = list_demand_points(session, samples=samples)
    places = tuple(
        DemandPlace(
            one.code,
            one.name,
            None,
            one.lon,
            one.lat,
            1.0 if weighting == Weighting.EQUAL else one.amount,
            one.county_adcode,
            one.location_basis in {LocatedBy.TOWN, LocatedBy.COUNTY},
        )
        for one in points
        if one.lon is not None and one.lat is not None
    )
    if not any(one.weight for one in places):
        raise InvalidInput("demand", N_("No imported place has a demand; import a list first: import demand FILE"))
    missing = [one.amount for one in points if one.lon is None]
    return Demand(
        DemandLayer.PLACES,
        weighting,
        tuple(sorted(places, key=lambda one: (one.county or "", one.id))),
        not_located=(len(missing), math.fsum(missing)),
        sources=tuple(dict.fromkeys(one.source for one in points)),
    )


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
