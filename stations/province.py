"""What the province in use is called and what it has: its portal's title, its policy, its examples, its tables.

Read from the province's folder (``geo/provinces/<adcode>/province.toml``); what a province has not is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.counties import City, County, county_layer
from geo.province import Province, province_in_use
from stations.language import Bilingual


@dataclass(frozen=True)
class ListedChains:
    """The lists of industrial chains that a policy speaks of: how many each holds, by
    ``ChainTier``'s value, and the clause with its words."""

    clause: str
    quote: str
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Policy:
    """The document whose promises the portal serves. ``source``: as records name it; ``title``: as pages do;
    ``promise``: what it promised, in a sentence."""

    source: str
    title: Bilingual
    promise: Bilingual
    chains: ListedChains


@dataclass(frozen=True)
class Example:
    """What messages and forms show as an example: a county with its city, a place in WGS-84 degrees, an
    address down to the street and one down to the town, words to search the registry by."""

    county: County
    city: City
    lon: float
    lat: float
    address: str
    town_address: str
    registry_words: Bilingual


@dataclass(frozen=True)
class SampleFacts:
    """What the sample network needs to know: the county (and a town in it) where its stewards and
    administrators work, the city of the invented provincial bodies, what cities call their stations, and
    their telephone area codes; the last two by the city's adcode."""

    county: County
    town: str
    seat: str
    brands: Mapping[str, str]
    telephone: Mapping[str, str]


def province_name() -> Bilingual:
    """Return the name of the province in use: 江苏省, Jiangsu."""
    province = province_in_use()
    return Bilingual(province.name, province.name_en)


def portal_title() -> Bilingual:
    """Return what the portal of the province in use is called."""
    portal = province_in_use().tables["portal"]
    return Bilingual(portal["title"], portal["title_en"])


def link_source() -> str:
    """Return what links to other sites say they come from."""
    return str(province_in_use().tables["portal"]["link_source"])


def census_source() -> str:
    """Return the source of the residents of cities and counties, as records name it."""
    return str(province_in_use().tables["census"]["source"])


def census_held() -> Bilingual:
    """Return what of the census is held, in a sentence."""
    census = province_in_use().tables["census"]
    return Bilingual(census["held"], census["held_en"])


def census_left_out() -> Bilingual | None:
    """Return what of the census belongs to no county, in a sentence; None where nothing is left out."""
    census = province_in_use().tables["census"]
    return Bilingual(census["left_out"], census["left_out_en"]) if "left_out" in census else None


def policy() -> Policy | None:
    """Return the policy of the province in use, None where it has none on file."""
    table = province_in_use().tables.get("policy")
    if table is None:
        return None
    chains = dict(table["chains"])
    return Policy(
        source=table["source"],
        title=Bilingual(table["title"], table["title_en"]),
        promise=Bilingual(table["promise"], table["promise_en"]),
        chains=ListedChains(chains.pop("clause"), chains.pop("quote"), chains),
    )


def example() -> Example:
    """Return the examples of the province in use."""
    return _example(province_in_use())


@cache
def _example(province: Province) -> Example:
    table, layer = province.tables["example"], county_layer(province)
    county = layer.get(table["county"])
    return Example(
        county=county,
        city=next(city for city in layer.cities if city.adcode == county.city_adcode),
        lon=table["lon"],
        lat=table["lat"],
        address=table["address"],
        town_address=table["town_address"],
        registry_words=Bilingual(table["registry_words"], table["registry_words_en"]),
    )


def zones_apart() -> Mapping[str, Bilingual]:
    """Return what is said to who names a zone in an address that no county of the layer is, by its name."""
    apart = province_in_use().tables["addresses"]["apart"]
    return {zone: Bilingual(note["zh"], note["en"]) for zone, note in apart.items()}


def sample_facts() -> SampleFacts:
    """Return what the sample network of the province in use is made from."""
    province = province_in_use()
    table = province.tables["samples"]
    return SampleFacts(
        county=county_layer(province).get(table["county"]),
        town=table["town"],
        seat=table["seat"],
        brands=table["brands"],
        telephone=table["telephone"],
    )


def bounds_in_degrees() -> tuple[int, int, int, int]:
    """Return west, south, east, north of the province in use, whole degrees outward."""
    return _bounds(province_in_use())


@cache
def _bounds(province: Province) -> tuple[int, int, int, int]:
    west, south, east, north = county_layer(province).total_bounds
    return int(west // 1), int(south // 1), int(-(-east // 1)), int(-(-north // 1))


def province_table(name: str) -> Path | None:
    """Return the path of a table in the folder of the province in use, None where it has no such table."""
    path = province_in_use().folder / name
    return path if path.is_file() else None
