"""Facts about the province in use: names, title of its portal, policy, examples, data tables.

Read from the province's folder (``geo/provinces/<adcode>/province.toml``); a missing part is None.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.counties import City, County, county_layer
from geo.province import Province, province_in_use
from stations.language import Bilingual


@dataclass(frozen=True)
class ListedChains:
    """The lists of industrial chains in a policy.

    ``clause``: where the policy names them. ``quote``: its words. ``numbers``: number of chains on each list, by
    value of ``ChainTier``.
    """

    clause: str
    quote: str
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Policy:
    """The policy document whose targets the portal tracks.

    ``source``: its name in records. ``title``: its name on pages. ``promise``: its promise, as a sentence.
    """

    source: str
    title: Bilingual
    promise: Bilingual
    chains: ListedChains


@dataclass(frozen=True)
class Example:
    """Examples shown in messages and forms.

    A county with its city, a place in WGS-84 degrees, an address with a street and one with a town, a telephone number
    that nobody has, and words to search the registry for.
    """

    county: County
    city: City
    lon: float
    lat: float
    address: str
    town_address: str
    phone: str
    registry_words: Bilingual

    def in_advice(self) -> Mapping[str, str]:
        """Return the parameters that the advice on a column of a list may have: {lon}, {lat} and {phone}."""
        return {
            "lon": f"{self.lon} / {_in_minutes(self.lon)}",
            "lat": f"{self.lat} / {_in_minutes(self.lat)}",
            "phone": self.phone,
        }


@dataclass(frozen=True)
class SampleFacts:
    """Facts for generating the sample network.

    ``county``: where its stewards and administrators work, with the name of a ``town`` in it. ``seat``: adcode of
    the city of the invented provincial bodies. ``brands``: name that each city gives its stations. ``telephone``:
    area codes. The last two by the city's adcode.
    """

    county: County
    town: str
    seat: str
    brands: Mapping[str, str]
    telephone: Mapping[str, str]


def province_name() -> Bilingual:
    """Return the name of the province in use."""
    province = province_in_use()
    return Bilingual(province.name, province.name_en)


def portal_title() -> Bilingual:
    """Return the name of the portal of the province in use."""
    portal = province_in_use().tables["portal"]
    return Bilingual(portal["title"], portal["title_en"])


def link_source() -> str:
    """Return the source parameter of links to other sites, which identifies this portal."""
    return str(province_in_use().tables["portal"]["link_source"])


def census_source() -> str:
    """Return the source of the census figures of cities and counties, as named in records."""
    return str(province_in_use().tables["census"]["source"])


def policy() -> Policy | None:
    """Return the policy of the province in use, or None if its folder has none."""
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


def _in_minutes(degrees: float) -> str:
    """Return degrees as ``120°58′48″``, to the second."""
    minutes, seconds = divmod(round(degrees * 3600), 60)
    return f"{minutes // 60}°{minutes % 60:02}′{seconds:02}″"


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
        phone=table["phone"],
        registry_words=Bilingual(table["registry_words"], table["registry_words_en"]),
    )


def zones_apart() -> Mapping[str, Bilingual]:
    """Return name → note, for zones in addresses that are not counties of the layer."""
    apart = province_in_use().tables["addresses"]["apart"]
    return {zone: Bilingual(note["zh"], note["en"]) for zone, note in apart.items()}


def sample_facts() -> SampleFacts:
    """Return the facts for generating the sample network of the province in use."""
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
    """Return (west, south, east, north) of the province in use, rounded outward to whole degrees."""
    return _bounds(province_in_use())


@cache
def _bounds(province: Province) -> tuple[int, int, int, int]:
    west, south, east, north = county_layer(province).total_bounds
    return int(west // 1), int(south // 1), int(-(-east // 1)), int(-(-north // 1))


def province_table(name: str) -> Path | None:
    """Return the path of a table in the folder of the province in use, or None if it has no such table."""
    path = province_in_use().folder / name
    return path if path.is_file() else None


def province_rows(name: str, province: Province | None = None) -> list[dict[str, str]]:
    """Return the rows of a table in the folder of a province, by default the one in use; none if it has no such table.

    Each row maps heading → text.
    """
    path = (province or province_in_use()).folder / name
    return table_rows(path) if path.is_file() else []


def table_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file that ships with the product, each heading → text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
