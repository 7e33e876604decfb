"""Read a Chinese address down to its county and, if it names one, its town. Works offline.

"昆山市玉山镇前进中路 1 号" is read by the names of cities, counties and towns in it: present and former ones, with and
without 市, 县, 区. An address that fits several counties (there is a 鼓楼区 in 南京 and in 徐州) returns all of them.
Street and house number are not read: no offline table has them. Codes and English names are read too
(``address_in_chinese``).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

from geo.address_in_chinese import in_chinese
from geo.counties import City, County, county_layer
from geo.gazetteer import Town, former_names, towns
from geo.province import Province, province_in_use, province_short_names
from geo.zones import shortened, zones

# Weight of each kind of name as evidence. A county's full name outweighs the name of a city that contradicts it;
# a name without 市, 县 or 区 may also be part of a firm's or a street's name.
_CITY, _CITY_SHORT = 2.0, 1.0
_COUNTY, _FORMER, _COUNTY_SHORT = 4.0, 3.5, 3.0
_TOWN, _TOWN_SHORT = 3.0, 0.5
_SHORTEST_BARE_TOWN = 3  # characters; a shorter name occurs inside too many other words

_STREET = re.compile(r"[东西南北中新老一二三四五六七八九十]?(?:路|街(?!道)|大道|大街|巷|弄|公路|高速|大桥)")
_STREET_OF_THAT_NAME = re.compile(r"路|大道|大街|公路")  # 沛县路; 沛县东路 may be a street of 沛县
_VILLAGE = re.compile(r"[东西南北中新老]?(?:村(?!镇)|社区(?!卫生|服务|医院))")  # 江都村 may be anywhere
_LAKE_STREET = re.compile(rf"湖{_STREET.pattern}")  # 洪泽湖西路 lies in 宿迁
# What follows a name that is part of the name of a lake, a gate, a building or an institution, which may be elsewhere.
_PART_OF_A_NAME = re.compile(
    r"[湖湾门]|大厦|商会|会馆|商城|商厦|花园|花苑|公寓|小区|大?酒店|宾馆|饭店"
    r"|大学|学院|中学|小学|医院|银行|集团|证券|保险|古镇|古城|老街|码头|公园|森林公园|风景区"
)
_HARBOUR = re.compile(r"[港湖湾](?!镇|街道|乡)")  # 洋口港 is no part of 洋口镇
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
    address names. ``vague``: nothing but the name of a town without 镇 or 街道 says so, which other words contain too.
    """

    places: tuple[AddressPlace, ...]
    city: City | None = None
    elsewhere: str = ""
    vague: bool = False

    @property
    def place(self) -> AddressPlace | None:
        """Return the only place that fits, or None if several fit or none."""
        return self.places[0] if len(self.places) == 1 else None

    def contradicts(self, adcode: str) -> bool:
        """Whether the address points to other places only than the county or city with this adcode."""
        if self.elsewhere or self.vague or not self.places:
            return bool(self.elsewhere)
        return all(adcode not in (place.county.adcode, place.county.city_adcode) for place in self.places)


@dataclass(frozen=True)
class _Name:
    """A name to look for: its text, the counties it points to, and its weight as evidence."""

    text: str
    adcodes: frozenset[str]
    weight: float
    town: Town | None = None
    short: bool = False
    a_city: bool = False


_Hit = tuple[int, _Name]
"""A name found in a text, with its start index."""


def simplified(text: str) -> str:
    """Return the text with traditional characters put into simplified ones."""
    return text if text.isascii() else _to_simplified.convert(text)


def plain_address(text: str) -> str:
    """Return the text in simplified characters (NFKC), without blanks and punctuation, kinds of zones put shortly."""
    plain = simplified(unicodedata.normalize("NFKC", text))
    return shortened("".join(character for character in plain if character.isalnum()))


def read_address(text: str, province: Province | None = None) -> AddressReading:
    """Read an address, in any usual Chinese writing, in English or as a code, down to county and town.

    ``province``: the one to look in; by default the province in use.
    """
    province = province or province_in_use()
    plain = plain_address(in_chinese(text, province))
    if elsewhere := _elsewhere(province).match(plain):
        return AddressReading((), elsewhere=elsewhere[1])
    found = _within_the_city_stated(_of_places(plain, list(_names_in(plain, province))), plain, province)
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
        return AddressReading(places, vague=best < _CITY_SHORT)
    city = next(city for city in layer.cities if city.adcode == places[0].county.city_adcode)
    return AddressReading(places, city=city if len({place.county.city_adcode for place in places}) == 1 else None)


def _names_in(plain: str, province: Province) -> Iterator[_Hit]:
    """Yield each name found in the text with its start index. Skip names inside a longer name and names that are
    only part of a street's name.
    """
    hits = [(at, name) for name in _gazetteer(province) for at in _places_of(plain, name.text)]
    covered = [(at, at + len(name.text)) for at, name in hits]
    for at, name in hits:
        end = at + len(name.text)
        inside = any(start <= at and end <= stop and (start, stop) != (at, end) for start, stop in covered)
        if not inside and not _names_less(plain, end, name):
            yield at, name


def _names_less(plain: str, end: int, name: _Name) -> bool:
    """Whether a name is that of a street or a village, by what follows it."""
    if not name.short:
        return _STREET_OF_THAT_NAME.match(plain, end) is not None
    if _VILLAGE.match(plain, end):
        return True
    return bool(_STREET.match(plain, end) or (not name.a_city and _LAKE_STREET.match(plain, end)))


def _of_places(plain: str, found: list[_Hit]) -> list[_Hit]:
    """Leave out names that are part of another name (南京银行, 云龙湖), if others remain; else leave the last ones."""
    part = {hit for hit in found if hit[1].short and _PART_OF_A_NAME.match(plain, hit[0] + len(hit[1].text))}
    begins = {at for at, _ in part}
    # The name of a city right before one, too: 南京鼓楼医院.
    part |= {hit for hit in found if hit[1].short and hit[1].a_city and hit[0] + len(hit[1].text) in begins}
    rest = [hit for hit in found if hit not in part]
    if rest or not part:
        return rest
    last = max(at for at, _ in part)
    return [(at, name) for at, name in part if last in (at, at + len(name.text))]


def _within_the_city_stated(found: list[_Hit], plain: str, province: Province) -> list[_Hit]:
    """Leave out short names of what lies in other cities than the one that the address states: 南通市滨海园区."""
    begins = _own_name(province).match(plain)
    start = begins.end() if begins else 0
    stated = {
        name.adcodes
        for name in _gazetteer(province)
        if name.a_city and (plain.startswith(name.text, start) if name.short else name.text in plain)
    }
    if len(stated) != 1:
        return found
    (within,) = stated
    return [(at, name) for at, name in found if not name.short or name.a_city or name.adcodes & within]


def _places_of(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _town_in(plain: str, adcode: str, found: list[_Hit], province: Province) -> Town | None:
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
            if not any(pattern.match(plain, end) for end in after for pattern in (_STREET, _LAKE_STREET, _HARBOUR)):
                return town
    return None


@functools.cache
def _elsewhere(province: Province) -> re.Pattern[str]:
    """Return the pattern of the beginning of an address in another province."""
    others = "|".join(name for name in province_short_names() if name != province.short_name)
    return re.compile(rf"(?:中国|中华人民共和国)?({others})(?!{_STREET.pattern})")


@functools.cache
def _own_name(province: Province) -> re.Pattern[str]:
    """Return the pattern of the province's name at the beginning of an address."""
    return re.compile(rf"(?:中国|中华人民共和国)?(?:{province.name}|{province.short_name})?")


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
    for zone in zones(province):
        names += [_Name(spelling, frozenset(zone.adcodes), _COUNTY_SHORT) for spelling in zone.spellings]
    for town in towns(province):
        bare, adcodes = _TOWN_SUFFIX.sub("", town.name), frozenset({town.adcode})
        names.append(_Name(town.name, adcodes, _TOWN, town=town))
        if len(bare) >= _SHORTEST_BARE_TOWN:
            names.append(_Name(bare, adcodes, _TOWN_SHORT, town=town, short=True))
    return tuple(names)
