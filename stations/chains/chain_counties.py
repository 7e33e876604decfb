"""Who serves an industrial chain in each county, as far as the records say.

A record that is known to its city only may stand in any of the city's counties: where it could serve a county that
nobody is known to serve, the county's service is open, not missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.chains.chain_coverage import GAPS, Cell, ChainCoverage, Service
from stations.places.counties import County

_ORDER = {service: place for place, service in enumerate(Service)}


@dataclass(frozen=True)
class ChainCounty:
    """A county and who serves a chain there. ``by_city_only``: those of its city whose county is not known."""

    county: County
    cell: Cell
    by_city_only: Cell

    @property
    def service(self) -> Service | None:
        """How well the chain is known to be served; None where nobody is known to and somebody of the city may be."""
        known, possible = self.cell.service, self.by_city_only.service
        return None if known in GAPS and _ORDER[possible] > _ORDER[known] else known


def chain_counties(coverage: ChainCoverage, chain_code: str, counties: Sequence[County]) -> list[ChainCounty]:
    """Return each of ``counties``, in their order, with who serves the chain there."""
    found = []
    for county in counties:
        of_city = coverage.cell(chain_code, county.city_adcode)
        found.append(ChainCounty(county, _placed_in(of_city, county.adcode), _placed_in(of_city, None)))
    return found


def _placed_in(cell: Cell, county_adcode: str | None) -> Cell:
    """Return those of a city's records that are known to be in the county; with None, those of no known county."""
    return Cell(
        tuple(one for one in cell.centres if one.county_adcode == county_adcode),
        tuple(one for one in cell.building if one.county_adcode == county_adcode),
        tuple(one for one in cell.stations if one.county_adcode == county_adcode),
    )


@dataclass(frozen=True)
class CountyGaps:
    """How many of the listed chains nobody serves in a county, and of how many that is not known."""

    county: County
    nobody: int
    unknown: int


def gaps_by_county(coverage: ChainCoverage, counties: Sequence[County]) -> list[CountyGaps]:
    """Return each of ``counties``, in their order, with its gaps."""
    nobody, unknown = [0] * len(counties), [0] * len(counties)
    for chain in coverage.chains:
        for place, one in enumerate(chain_counties(coverage, chain.code, counties)):
            nobody[place] += one.service in GAPS
            unknown[place] += one.service is None
    return [CountyGaps(*row) for row in zip(counties, nobody, unknown, strict=True)]
