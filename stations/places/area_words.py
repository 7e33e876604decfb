"""Cities and counties by the words that lists use: adcode, name with or without 市, 县, 区, former name.

``昆山``, ``昆山市``, ``苏州昆山``, with the province before them, ``苏州市/昆山市``, ``Kunshan``. Former
names are those of ``geo.gazetteer`` (建湖 … 淮阴县).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy.orm import Session

from geo.gazetteer import former_names
from geo.province import Province, province_in_use
from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_
from stations.places.counties import City, County, list_cities, list_counties
from stations.province import example, province_name

_BETWEEN = re.compile(r"[\s/\\\-—·,，、>|]+")
_SUFFIX = re.compile(r"(?:市|县|区)$")
_SUFFIX_EN = re.compile(r" (?:City|County|District)$")
_WHOLE_CITY = re.compile(r"^(?:市本级|市直|市级|市辖区|本级|全市)$")


class AreaWords:
    """An index of cities and counties by any of their names."""

    def __init__(self, cities: Mapping[str, City], counties: Mapping[str, County]) -> None:
        self._city_of, self._county_of = cities, counties
        self._cities: dict[str, set[str]] = defaultdict(set)
        self._counties: dict[str, set[str]] = defaultdict(set)
        for city in cities.values():
            for name in (city.adcode, *_names(city)):
                self._cities[_plain(name)].add(city.adcode)
        for county in counties.values():
            for name in (county.adcode, *_names(county)):
                self._counties[_plain(name)].add(county.adcode)
            for outer in _names(cities[county.city_adcode]):
                for name in _names(county):
                    self._counties[_plain(outer + name)].add(county.adcode)
        for former in former_names():
            if len(former.adcodes) == 1 and _plain(former.name) not in self._counties:
                self._counties[_plain(former.name)].update(former.adcodes)

    def read(self, city: str, county: str) -> tuple[str, str]:
        """Return the adcodes of the city and the county that two cells name; "" for one that is not given.

        Raises:
            InvalidInput: a name is unknown, fits several counties, or the county is not in the city.
        """
        if _WHOLE_CITY.match(county.strip()):
            county = ""
        outer = self._city(city) if city else ""
        if not county:
            return (outer, "") if outer else ("", "")
        plain = _plain(county)
        found = self._counties.get(plain, set())
        if not found and plain in self._cities:
            return self._one_city(plain, county, outer), ""
        if outer and len(found) > 1:
            found = {code for code in found if self._county_of[code].city_adcode == outer} or found
        if not found:
            raise InvalidInput(
                "county_adcode",
                N_("“{value}” is not the name or adcode of a county of {province}; write it like {name} or {adcode}"),
                value=county,
                province=province_name(),
                name=example().county.name,
                adcode=example().county.adcode,
            )
        if len(found) > 1:
            raise InvalidInput(
                "county_adcode",
                N_("“{value}” is the name of several counties; name the city too, or give the adcode"),
                value=county,
            )
        (code,) = found
        return outer or self._county_of[code].city_adcode, code

    def read_county(self, field: str, text: str) -> str:
        """Return the adcode of the county that a text names, with or without its city.

        Raises:
            InvalidInput: the text names no county, several, or only a city.
        """
        try:
            _city, county = self.read("", text)
        except InvalidInput as problem:
            raise InvalidInput(field, problem.message, **problem.params) from None
        if not county:
            raise InvalidInput(
                field,
                N_("“{value}” does not name a county; write it like {name} or {adcode}"),
                value=text,
                name=example().county.name,
                adcode=example().county.adcode,
            )
        return county

    def find_area(self, field: str, text: str) -> str:
        """Return the adcode of the province, the city or the county that a text names; "" if it names none.

        Raises:
            InvalidInput: the text names several areas.
        """
        plain, province = _plain(text), province_in_use()
        if plain in (province.adcode, *map(str.casefold, (province.name, province.short_name, province.name_en))):
            return province.adcode
        found = self._cities.get(plain, set()) | self._counties.get(plain, set())
        if len(found) > 1:
            raise InvalidInput(field, N_("“{value}” is the name of several areas; give the adcode"), value=text)
        return next(iter(found), "")

    def _city(self, name: str) -> str:
        plain = _plain(name)
        found = self._cities.get(plain, set())
        if not found and len(inside := self._counties.get(plain, set())) == 1:
            return self._county_of[next(iter(inside))].city_adcode
        if len(found) != 1:
            raise InvalidInput(
                "city_adcode",
                N_("“{value}” is not the name or adcode of a city of {province}; write it like {name} or {adcode}"),
                value=name,
                province=province_name(),
                name=example().city.name,
                adcode=example().city.adcode,
            )
        return next(iter(found))

    def _one_city(self, plain: str, written: str, outer: str) -> str:
        (code,) = self._cities[plain]
        if outer and outer != code:
            raise InvalidInput(
                "county_adcode",
                N_("{county} does not belong to {city}; correct one of the two"),
                county=written,
                city=self._city_of[outer].name,
            )
        return code


def areas_on_file(session: Session) -> AreaWords:
    """Return the index of the cities and counties in the database."""
    return AreaWords(
        {city.adcode: city for city in list_cities(session)},
        {county.adcode: county for county in list_counties(session)},
    )


def _names(area: City | County) -> Iterable[str]:
    short = _SUFFIX.sub("", area.name)
    return (area.name, area.name_en, _SUFFIX_EN.sub("", area.name_en), *((short,) if len(short) > 1 else ()))


def _plain(name: str) -> str:
    plain = _BETWEEN.sub("", narrow(name))
    return _province(province_in_use()).sub("", plain).casefold() or plain.casefold()


@cache
def _province(province: Province) -> re.Pattern[str]:
    """Return the pattern of the province's name before or after the name of an area."""
    name, short = province.name, province.short_name
    return re.compile(rf"^(?:中国)?(?:{name}|{short}(?=.))|^{province.adcode}$|,?{province.name_en}$", re.IGNORECASE)
