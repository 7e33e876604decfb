"""How a layer shares a county's demand out over its places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_, Bilingual
from stations.planning.people_spread import PeoplePlace, people_at_towns, people_in_hexagons
from stations.planning.population_layer import PopulationLayer, beside_census, people_of_layer, population_layer


@dataclass(frozen=True)
class SharedPlace:
    """A place with its share, from 0 to 1, of its county's demand. ``estimated``: by a rule, for no source says it."""

    place: PeoplePlace
    share: float
    estimated: bool

@dataclass(frozen=True)
class RasterFacts:
    """The raster behind a spread: name, year, source, whether a sample; its people for each one of the census in the
    province and in the counties where that is least and most (None where nothing can be compared).
    """

    name: str
    year: int
    source: str
    sample: bool
    ratio: float | None
    least: tuple[Bilingual, float] | None
    most: tuple[Bilingual, float] | None


@dataclass(frozen=True)
class Spread:
    """The places of a layer, sorted by county, then by id; the shares of a county's places add up to 1."""

    places: tuple[SharedPlace, ...]
    raster: RasterFacts | None = None


def spread_over_town_points(_session: Session, *, samples: bool) -> Spread:
    """Return the spread over towns (``people_spread``)."""
    return Spread(tuple(SharedPlace(one, one.share, True) for one in people_at_towns()))


def spread_over_grid(_session: Session, *, samples: bool) -> Spread:
    """Return the spread over the hexagons (``people_spread``)."""
    return Spread(tuple(SharedPlace(one, one.share, True) for one in people_in_hexagons()))


def spread_by_raster(session: Session, *, samples: bool) -> Spread:
    """Return the spread over the hexagons as the raster on file has people there. A county in which it has nobody is
    spread as in the grid.

    Raises:
        InvalidInput: there is no raster on file.
    """
    layer = population_layer(session, samples=samples)
    if layer is None:
        raise InvalidInput("demand", N_("No population raster is on file; bring one with: import population FILE.tif"))
    people = people_of_layer(session, layer)
    places = tuple(
        shared
        for _, inside in groupby(people_in_hexagons(), lambda one: one.county)
        for shared in _by_people(list(inside), people)
    )
    return Spread(places, _facts(session, layer, people))


def _by_people(inside: Sequence[PeoplePlace], people: dict[str, float]) -> Iterable[SharedPlace]:
    counted = [people.get(one.id, 0.0) for one in inside]
    total = sum(counted)
    if not total > 0:
        return [SharedPlace(one, one.share, True) for one in inside]
    return [SharedPlace(one, count / total, False) for one, count in zip(inside, counted, strict=True)]


def _facts(session: Session, layer: PopulationLayer, people: dict[str, float]) -> RasterFacts:
    counties = [one for one in beside_census(session, people) if one.people is not None and one.census]
    ratios = [(Bilingual(one.county.name, one.county.name_en), one.ratio or 0.0) for one in counties]
    census = sum(one.census or 0 for one in counties)
    by_ratio = sorted(ratios, key=lambda one: one[1])
    return RasterFacts(
        layer.name,
        layer.year,
        layer.source,
        layer.sample,
        sum(one.people or 0.0 for one in counties) / census if census else None,
        by_ratio[0] if by_ratio else None,
        by_ratio[-1] if by_ratio else None,
    )
