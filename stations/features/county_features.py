"""The counties as features, each with its coverage on the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.coverage.county_coverage import CountyCoverage, CoverageStatus, coverage_on
from stations.features.collection import Collection, Question
from stations.features.places import county_outline
from stations.features.properties import Kind, Property, choices_of
from stations.language import N_
from stations.places.counties import County

KINDS = {
    "district": N_("District"),
    "county_level_city": N_("County-level city"),
    "county": N_("County in the narrow sense"),
}
"""The kinds of county-level divisions (``geo.counties``) with their labels."""


@dataclass(frozen=True)
class _Row:
    coverage: CountyCoverage
    as_of: date

    @property
    def county(self) -> County:
        return self.coverage.county


def _read(session: Session, question: Question) -> Iterable[_Row]:
    for one in coverage_on(session, question.as_of, samples=question.samples).counties:
        yield _Row(one, question.as_of)


COUNTIES = Collection[_Row](
    id="counties",
    title=N_("Counties with their coverage"),
    description=N_(
        "The county-level divisions with their outlines. On each day a county is uncovered, thin or fully served by "
        "the service stations active in it."
    ),
    geometry="MultiPolygon",
    dated=True,
    read=_read,
    key=lambda one: one.county.adcode,
    place=lambda one: county_outline(one.county.adcode),
    properties=(
        Property("adcode", Kind.TEXT, N_("Adcode"), lambda one: one.county.adcode),
        Property("name", Kind.TEXT, N_("Name in Chinese"), lambda one: one.county.name),
        Property("name_en", Kind.TEXT, N_("Name in English"), lambda one: one.county.name_en),
        Property("kind", Kind.TEXT, N_("Kind"), lambda one: one.county.kind, KINDS),
        Property("city_adcode", Kind.TEXT, N_("Adcode of the city"), lambda one: one.county.city_adcode),
        Property("city", Kind.TEXT, N_("City in Chinese"), lambda one: one.county.city.name),
        Property("city_en", Kind.TEXT, N_("City in English"), lambda one: one.county.city.name_en),
        Property(
            "status",
            Kind.TEXT,
            N_("Coverage on the day"),
            lambda one: one.coverage.status.value,
            choices_of(CoverageStatus),
        ),
        Property("stations", Kind.WHOLE, N_("Active stations"), lambda one: one.coverage.stations),
        Property("sample_stations", Kind.WHOLE, N_("Of them samples"), lambda one: one.coverage.sample_stations),
        Property("elements", Kind.TEXTS, N_("Elements offered"), lambda one: list(one.coverage.elements)),
        Property("residents", Kind.WHOLE, N_("Residents"), lambda one: one.county.population),
        Property("area_km2", Kind.NUMBER, N_("Area in km²"), lambda one: one.county.area_km2),
        Property("as_of", Kind.DAY, N_("As of"), lambda one: one.as_of),
    ),
)
