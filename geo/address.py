"""Read a Chinese address down to its county and, if it names one, its town. Works offline.

"昆山市玉山镇前进中路 1 号" is read by the names of cities, counties and towns in it: present and former ones, with and
without 市, 县, 区. An address that fits several counties (there is a 鼓楼区 in 南京 and in 徐州) returns all of them.
Street and house number are not read: no offline table has them.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

from geo.counties import City, County, county_layer
from geo.gazetteer import Town, former_names, towns
from geo.province import Province, province_in_use, province_short_names

# Weight of each kind of name as evidence. A county's full name outweighs the name of a city that contradicts it;
# a name without 市, 县 or 区 may also be part of a firm's or a street's name.
_CITY, _CITY_SHORT = 2.0, 1.0
_COUNTY, _FORMER, _COUNTY_SHORT = 4.0, 3.5, 3.0
_TOWN, _TOWN_SHORT = 3.0, 0.5
_SHORTEST_BARE_TOWN = 3  # characters; a shorter name occurs inside too many other words

_STREET = re.compile(r"[东西南北中新老一二三四五六七八九十]?(?:路|街(?!道)|大道|大街|巷|弄|公路|高速|大桥)")
_TOWN_SUFFIX = re.compile(r"(?:街道|镇|乡)$")
_to_simplified = OpenCC("t2s")


@dataclass(frozen=True)
class AddressPlace:
    """A place that an address may mean: a county and, if the address names one, its town."""

    county: County
    town: Town | None


@dataclass(frozen=True)
class AddressReading:
    """The result of reading an address.

    ``places``: the places that fit equally well, by adcode; empty if nothing was recognized. ``city``: the city
    that all places lie in, if the address names no county of it. ``elsewhere``: the other province that the
    address names.
    """

    places: tuple[AddressPlace, ...]
    city: City | None = None
    elsewhere: str = ""

    @property
    def place(self) -> AddressPlace | None:
        """Return the only place that fits, or None if several fit or none."""
        return self.places[0] if len(self.places) == 1 else None


@dataclass(frozen=True)
class _Name:
    """A name to look for: its text, the counties it points to, and its weight as evidence."""

    text: str
    adcodes: frozenset[str]
    weight: float
    town: Town | None = None
    short: bool = False
    a_city: bool = False


def plain_address(text: str) -> str:
    """Return the text in simplified characters (NFKC), without blanks and punctuation."""
    plain = _to_simplified.convert(unicodedata.normalize("NFKC", text))
    return "".join(character for character in plain if character.isalnum())


def read_address(text: str, province: Province | None = None) -> AddressReading:
    """Read a Chinese address, in any usual writing, down to county and town.

    ``province``: the one to look in; by default the province in use.
    """
    province = province or province_in_use()
    plain = plain_address(text)
    if elsewhere := _elsewhere(province).match(plain):
        return AddressReading((), elsewhere=elsewhere[1])
    found = list(_names_in(plain, province))
    scores: dict[str, float] = {}
    for name in {name for _, name in found}:
        for adcode in name.adcodes:
            scores[adcode] = scores.get(adcode, 0.0) + name.weight
    if not scores:
        return AddressReading(())
    best = max(scores.values())
    adcodes = sorted(adcode for adcode, score in scores.items() if score == best)
    layer = county_layer(province)
    places = tuple(AddressPlace(layer.get(adcode), _town_in(plain, adcode, found, province)) for adcode in adcodes)
    with_town = tuple(place for place in places if place.town)
    places = with_town or places
    named = {adcode for _, name in found if not name.a_city for adcode in name.adcodes}
    if named & {place.county.adcode for place in places}:
        return AddressReading(places)
    city = next(city for city in layer.cities if city.adcode == places[0].county.city_adcode)
    return AddressReading(places, city=city if len({place.county.city_adcode for place in places}) == 1 else None)


def _names_in(plain: str, province: Province) -> Iterator[tuple[int, _Name]]:
    """Yield each name found in the text with its start index. Skip names inside a longer name and names that are
    only part of a street's name.
    """
    hits = [(at, name) for name in _gazetteer(province) for at in _places_of(plain, name.text)]
    covered = [(at, at + len(name.text)) for at, name in hits]
    for at, name in hits:
        end = at + len(name.text)
        inside = any(start <= at and end <= stop and (start, stop) != (at, end) for start, stop in covered)
        if not inside and not (name.short and _STREET.match(plain, end)):
            yield at, name


def _places_of(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _town_in(plain: str, adcode: str, found: list[tuple[int, _Name]], province: Province) -> Town | None:
    """Return the town of the county that the address names, or None.

    It may be named in full. After the name of the county or its city the bare name is enough, also with another
    suffix (镇, 街道, 乡), as towns are reclassified.
    """
    for _, name in sorted(found, key=lambda hit: hit[0]):
        if name.town and name.town.adcode == adcode:
            return name.town
    here = [(at + len(name.text), name) for at, name in found if adcode in name.adcodes]
    ends = [end for end, name in here if not name.a_city] or [end for end, _ in here]
    for town in towns(province):
        stem = _TOWN_SUFFIX.sub("", town.name)
        if town.adcode == adcode and any(plain.startswith(stem, end) for end in ends):
            after = [end + len(stem) for end in ends if plain.startswith(stem, end)]
            if not any(_STREET.match(plain, end) for end in after):
                return town
    return None


@functools.cache
def _elsewhere(province: Province) -> re.Pattern[str]:
    """Return the pattern of the beginning of an address in another province."""
    others = "|".join(name for name in province_short_names() if name != province.short_name)
    return re.compile(rf"(?:中国|中华人民共和国)?({others})(?!{_STREET.pattern})")


@functools.cache
def _gazetteer(province: Province) -> tuple[_Name, ...]:
    """Return every name to look for."""
    layer = county_layer(province)
    cities = {city.name: city for city in layer.cities}
    inside = {
        city.name: frozenset(county.adcode for county in layer.counties if county.city_adcode == city.adcode)
        for city in layer.cities
    }
    names = [_Name(name, adcodes, _CITY, a_city=True) for name, adcodes in inside.items()]
    names += [_Name(former, inside[now], _CITY, a_city=True) for former, now in province.former_cities.items()]
    names += [_Name(name[:-1], inside[name], _CITY_SHORT, short=True, a_city=True) for name in cities]
    whole: dict[str, set[str]] = {}
    former: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for county in layer.counties:
        whole.setdefault(county.name, set()).add(county.adcode)
        if len(county.name) > 2 and f"{county.name[:-1]}市" not in cities:
            short.setdefault(county.name[:-1], set()).add(county.adcode)
    for one in former_names(province):
        former.setdefault(one.name, set()).update(one.adcodes)
    names += [_Name(name, frozenset(adcodes), _COUNTY) for name, adcodes in whole.items()]
    names += [_Name(name, frozenset(adcodes), _FORMER) for name, adcodes in former.items()]
    names += [_Name(name, frozenset(adcodes), _COUNTY_SHORT, short=True) for name, adcodes in short.items()]
    names += [_Name(zone, frozenset(adcodes), _COUNTY_SHORT) for zone, adcodes in province.zones.items()]
    for town in towns(province):
        bare, adcodes = _TOWN_SUFFIX.sub("", town.name), frozenset({town.adcode})
        names.append(_Name(town.name, adcodes, _TOWN, town=town))
        if len(bare) >= _SHORTEST_BARE_TOWN:
            names.append(_Name(bare, adcodes, _TOWN_SHORT, town=town, short=True))
    return tuple(names)
