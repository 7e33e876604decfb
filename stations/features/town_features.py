"""The towns of the gazetteer as features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from geo.gazetteer import Town, towns
from stations.features.collection import Collection, Question
from stations.features.places import point
from stations.features.properties import Kind, Property
from stations.language import N_
from stations.places.counties import County, list_counties


@dataclass(frozen=True)
class _Row:
    town: Town
    county: County | None


def _read(session: Session, _question: Question) -> Iterable[_Row]:
    counties = {county.adcode: county for county in list_counties(session)}
    for town in towns():
        yield _Row(town, counties.get(town.adcode))


TOWNS = Collection[_Row](
    id="towns",
    title=N_("Towns and subdistricts"),
    description=N_(
        "The divisions below the counties. The point is near the place of that name, not surveyed; a town that the "
        "gazetteer does not place has no geometry."
    ),
    geometry="Point",
    read=_read,
    key=lambda one: one.town.code,
    place=lambda one: point(*one.town.point) if one.town.point else None,
    properties=(
        Property("code", Kind.TEXT, N_("Code of the town"), lambda one: one.town.code),
        Property("name", Kind.TEXT, N_("Name in Chinese"), lambda one: one.town.name),
        Property("name_en", Kind.TEXT, N_("Name in English"), lambda one: one.town.name_en),
        Property("county_adcode", Kind.TEXT, N_("Adcode of the county"), lambda one: one.town.adcode),
        Property("county", Kind.TEXT, N_("County in Chinese"), lambda one: one.county and one.county.name),
        Property("county_en", Kind.TEXT, N_("County in English"), lambda one: one.county and one.county.name_en),
        Property("city_adcode", Kind.TEXT, N_("Adcode of the city"), lambda one: one.county and one.county.city_adcode),
        Property("city", Kind.TEXT, N_("City in Chinese"), lambda one: one.county and one.county.city.name),
        Property("city_en", Kind.TEXT, N_("City in English"), lambda one: one.county and one.county.city.name_en),
    ),
)
