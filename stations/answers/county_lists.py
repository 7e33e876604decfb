"""Counties listed by city, and station records whose county needs correction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.counties import county_layer
from stations.answers.columns import Column, Columns
from stations.language import N_, Bilingual, Language
from stations.places.counties import City, County
from stations.province import province_name
from stations.registry.station import Station
from stations.source_wording import source_wording


@dataclass(frozen=True)
class CityCounties:
    """A city with some of its counties."""

    city: City
    counties: tuple[County, ...]


def by_city(counties: Iterable[County]) -> list[CityCounties]:
    """Return the counties by city; cities and counties stay in the order given."""
    found: dict[str, list[County]] = {}
    for county in counties:
        found.setdefault(county.city_adcode, []).append(county)
    return [CityCounties(one[0].city, tuple(one)) for one in found.values()]


CITY_COUNTIES: Columns[CityCounties] = Columns(
    Column("city", lambda one: Bilingual(one.city.name, one.city.name_en), N_("City")),
    Column(
        "counties",
        lambda one: [Bilingual(county.name, county.name_en) for county in one.counties],
        N_("Counties, cities or districts"),
    ),
)
CITY_COUNTIES_COLUMNS = CITY_COUNTIES.take("city", "counties")
"""The table of counties, a row for each city."""


def located_in_words(adcode: str | None, language: Language) -> str:
    """Return the name of the county that contains the coordinates; None means outside the province."""
    if adcode is None:
        return language.translate(N_("outside {province}"), province=province_name())
    county = county_layer().get(adcode)
    return language.translate(
        N_("{county} ({city})"),
        county=Bilingual(county.name, county.name_en),
        city=Bilingual(county.city, county.city_en),
    )


TO_CORRECT: Columns[Station] = Columns(
    Column("code", lambda one: one.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.name, one.name_en), N_("Station")),
    Column("city", lambda one: Bilingual(one.city.name, one.city.name_en), N_("City")),
    Column("county", lambda one: one.county and Bilingual(one.county.name, one.county.name_en), N_("County it states")),
    Column("located", lambda one: one.located_adcode, N_("County its coordinates lie in"), show=located_in_words),
    Column("source", lambda one: one.source, N_("Source"), show=lambda text, language: source_wording(language, text)),
)
PLACELESS_COLUMNS = TO_CORRECT.take("code", "name", "city", "source")
"""The table of stations whose source does not name their county."""

MISPLACED_COLUMNS = TO_CORRECT.take("code", "name", "county", "located")
"""The table of stations whose coordinates lie outside the county that they state."""
