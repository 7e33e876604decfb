"""Addresses given as a code or in English, put into the Chinese names that ``geo.address`` reads.

Codes are those of GB/T 2260 for cities and counties, and the statistical office's of 9 and 12 digits for towns. English
addresses are read by the names of cities and counties, and of towns with their kind: "Yushan Town, Kunshan, Suzhou".
"""

from __future__ import annotations

import functools
import re
import unicodedata

from geo.counties import county_layer
from geo.gazetteer import towns
from geo.province import Province
from geo.zones import zones

_CODE = re.compile(r"([0-9]{6})([0-9]{3})?(?:[0-9]{3})?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_KIND = re.compile(r" (?:City|County|District)$")
_TOWN_KIND = re.compile(r"\b(?:town|township|subdistrict)\b")
_APOSTROPHES = str.maketrans("‘’ʼ`´", "'''''")
_STREET = r"(?! +(?:[nsewm]\w* +|middle +|central +)?(?:road|rd|street|st|avenue|ave|lane|highway|expressway|bridge)\b)"


def in_chinese(text: str, province: Province) -> str:
    """Return the Chinese names that a code or an English address means; the text itself if it is in Chinese, or none
    of its names is known.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).strip().casefold()
    if _CHINESE.search(plain):
        return text
    if code := _CODE.fullmatch(plain):
        return _of_code(code[1], code[2] or "", province) or text
    cities, counties = _english_names(province)
    found = [*_named_in(plain, cities), *_named_in(plain, counties)]
    if found and _TOWN_KIND.search(plain):
        of_counties = {county.adcode for county in county_layer(province).counties if county.name in found}
        inside = [town for town in towns(province) if town.adcode in of_counties]
        found += [town.name for town in inside if re.search(rf"\b{town.name_en.casefold()}\b", plain)]
    return "".join(found) or text


def _of_code(area: str, town_digits: str, province: Province) -> str:
    layer = county_layer(province)
    for county in layer.counties:
        if county.adcode == area:
            town = next((one.name for one in towns(province) if one.code == area + town_digits), "")
            return county.city + county.name + town
    names = [city.name for city in layer.cities if city.adcode == area]
    names += [zone.name for zone in zones(province) if zone.code == area]
    return next(iter(names), "")


def _named_in(plain: str, names: dict[str, str]) -> list[str]:
    """Return the Chinese names of those English ones that occur in a text, but not as the name of a street."""
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    found = re.findall(rf"(?<![\w'])(?:{longest_first})(?![\w']){_STREET}", plain)
    return list(dict.fromkeys(names[name] for name in found))


@functools.cache
def _english_names(province: Province) -> tuple[dict[str, str], dict[str, str]]:
    """Return the Chinese names of cities and of counties by their English names, in small letters.

    A city's name counts before a county's without its kind (Huai'an). Names of one character are too short without it.
    """
    layer = county_layer(province)
    cities = {name.casefold(): city.name for city in layer.cities for name in (city.name_en, f"{city.name_en} City")}
    counties = {county.name_en.casefold(): county.name for county in layer.counties}
    for county in layer.counties:
        short = _KIND.sub("", county.name_en).casefold()
        if len(county.name) > 2 and short not in cities:
            counties.setdefault(short, county.name)
    return {name: city for name, city in cities.items() if name not in counties}, counties
