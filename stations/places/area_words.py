"""Cities and counties by the words that lists use. The one reader of a county, for imports, commands and addresses.

``昆山``, ``昆山市``, ``苏州昆山``, with the province before them, ``苏州市/昆山市``, ``Kunshan, Suzhou``; adcodes of 6,
9 and 12 digits; traditional characters; former names (海门市) and zones (苏州高新区, 昆山开发区); with more in brackets
(虎丘区（高新区）). In a list a town, an office or a remark may follow (江阴市澄江街道, 江阴市局, 启东市（含吕四港）). A
name that several counties share, or a zone that lies in several, is asked about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from geo.address import simplified
from geo.gazetteer import former_names, towns
from geo.province import Province, province_in_use
from geo.zones import KINDS, shortened, zones
from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_, Bilingual
from stations.places.counties import City, County, list_cities, list_counties
from stations.province import example, province_name

_BETWEEN = re.compile(r"[\s/\\\-—·,，、>|]+")
_SUFFIX = re.compile(r"(?:市|县|区)$")
_SUFFIX_EN = re.compile(r" (?:City|County|District)$")
_WHOLE_CITY = re.compile(r"(?:市本级|市直属?|市级|市辖区|本级|全市|市区|市局|市市场监(?:督管理|管)局)$")
_CODE = re.compile(r"([0-9]{6})(?:[0-9]{3}|[0-9]{6})?(?:\.0+)?")
_WITH_BRACKETS = re.compile(r"([^()]+)\(([^()]*)\)")
_SAYS_NO_PLACE = re.compile(rf"(?:{'|'.join(KINDS)}|县级市|市辖区|区|县|市|本级)?")
_KINDS_OF_COUNTIES = ("经开区", "开发区", "高新区", "保税区")
_WHOLE_NAME = re.compile(r"[市县区]$")
# What may follow a name without 市, 县 or 区 that is not the beginning of another word.
_AFTER_SHORT_NAME = re.compile(r"\(.*|.*(?:街道|[镇乡区园港局委办]|新城|本级|市?直属?|管委会|分局|大队|中心)")
_OFFICE = re.compile(r".*(?:局|委员?会?|办公室|中心|本级|直属?)")
_TOWN_SUFFIX = re.compile(r"(?:街道|镇|乡)$")


class SeveralCounties(InvalidInput):
    """A text names several counties: ``adcodes``. Something else, such as an address, may say which is meant."""

    def __init__(self, field: str, message: str, adcodes: Iterable[str], **params: Any) -> None:
        self.adcodes = frozenset(adcodes)
        super().__init__(field, message, **params)


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
                    whole = f"{name}, {outer}" if name.isascii() else outer + name
                    self._counties[_plain(whole)].add(county.adcode)
        for name, now in province_in_use().former_cities.items():
            self._cities[_plain(name)].update(self._cities.get(_plain(now), ()))
        self._parted: dict[str, frozenset[str]] = {}  # by names of what lies in several counties
        for former in former_names():
            for name in (former.name, former.city + former.name, former.city.removesuffix("市") + former.name):
                self._add(name, former.adcodes)
        for zone in zones():
            for name in (*zone.spellings, zone.code):
                self._add(name, zone.adcodes)
            if zone.stem and not self._counties.get(zone.stem):
                for name in zone.short_names:
                    self._add(name, zone.adcodes)

    def _add(self, name: str, adcodes: Iterable[str]) -> None:
        """Add a name of what is no county today, where no county has it."""
        plain, known = _plain(name), frozenset(adcodes) & self._county_of.keys()
        if not plain or plain in self._counties or plain in self._cities or not known:
            return
        if len(known) == 1:
            self._counties[plain] = set(known)
        else:
            self._parted[plain] = known

    def read(self, city: str, county: str, *, with_more: bool = False) -> tuple[str, str]:
        """Return the adcodes of the city and the county that two cells name; "" for one that is not given.

        ``with_more``: a town, an office or a remark may follow the name of the county.

        Raises:
            InvalidInput: a name is unknown or fits several counties.
        """
        said = simplified(narrow(county))
        whole = _WHOLE_CITY.search(said)
        if whole and (not said[: whole.start()].strip() or _plain(said[: whole.start()]) in self._cities):
            city, county = city or said[: whole.start()].strip(), ""
        outer = self._city(city) if city else ""
        if not county:
            return (outer, "") if outer else ("", "")
        plain = _plain(county)
        found = self._named(county, outer)
        if not found and plain in self._cities:
            return self._one_city(plain, county, outer), ""
        if not found and with_more:
            found, whole_city = self._at_the_beginning(plain, outer)
            if whole_city:
                return self._one_city(whole_city, county, outer), ""
        if outer and len(found) > 1:
            found = {code for code in found if self._county_of[code].city_adcode == outer} or found
        if not found:
            raise InvalidInput(
                "county_adcode",
                N_("“{value}” is not the name or adcode of a county of {province}; write it like {name} or {adcode}"),
                value=county,
                province=province_name(),
                name=_both(example().county),
                adcode=example().county.adcode,
            )
        if len(found) > 1:
            raise self._several("county_adcode", county, found)
        (code,) = found
        return outer or self._county_of[code].city_adcode, code

    def _named(self, text: str, outer: str = "") -> set[str]:
        """Return the adcodes of the counties that a text may mean, in the city ``outer`` if one is given."""
        plain = _plain(text)
        for name in (plain, *((_plain(self._city_of[outer].name) + plain,) if outer else ())):
            if found := self._counties.get(name) or self._parted.get(name):
                return set(found)
        for kind in _KINDS_OF_COUNTIES:  # 昆山开发区
            if plain.endswith(kind) and (found := self._counties.get(plain.removesuffix(kind))):
                return set(found)
        bracketed = _WITH_BRACKETS.fullmatch(simplified(narrow(text)))
        if bracketed is None:
            return set()
        one, other = (self._part(part) for part in bracketed.groups())
        if one and other:
            return one & other
        rest = _plain(bracketed[2] if one else bracketed[1])
        found = one or other
        in_town = {
            town.adcode for town in towns() if rest and _TOWN_SUFFIX.sub("", town.name) == _TOWN_SUFFIX.sub("", rest)
        }
        return found if _SAYS_NO_PLACE.fullmatch(rest) or rest.endswith(KINDS) else found & in_town

    def _at_the_beginning(self, plain: str, outer: str) -> tuple[set[str], str]:
        """Return the counties whose name a text begins with, or else the name of a city that its office follows.

        The longest name counts. What follows must not name another county or city.
        """
        for end in range(len(plain) - 1, 1, -1):
            name, rest = plain[:end], plain[end:]
            if name.isascii() and rest[0].isascii() and rest[0].isalnum():
                continue  # part of an English word or of a number
            if name in self._cities:
                return set(), name if _OFFICE.fullmatch(rest) else ""
            found = self._named(name, outer)
            whole = _WHOLE_NAME.search(name) or name.isascii()
            if found and (whole or _AFTER_SHORT_NAME.fullmatch(rest) or _begins_with_a_town(rest, found)):
                return (set() if self._names_another(rest, found) else found), ""
        return set(), ""

    def _names_another(self, rest: str, adcodes: set[str]) -> bool:
        """Whether what follows the name of a county names other counties or cities than those it may mean."""
        if (part := self._part(rest.strip("()"))) and not part & adcodes:
            return True
        cities = {self._county_of[code].city_adcode for code in adcodes}
        others = [county.name for code, county in self._county_of.items() if code not in adcodes]
        others += [city.name for code, city in self._city_of.items() if code not in cities]
        return any(name in rest for name in others)

    def _part(self, text: str) -> set[str]:
        """Return the counties that one side of a bracket means: a county, a zone, or all of a city."""
        plain = _plain(text.strip().removeprefix("原"))
        inside = {code for code, county in self._county_of.items() if county.city_adcode in self._cities.get(plain, ())}
        return inside or set(self._counties.get(plain) or self._parted.get(plain) or ())

    def _several(self, field: str, text: str, adcodes: Iterable[str]) -> SeveralCounties:
        counties = [self._county_of[code] for code in sorted(adcodes)]
        if len({county.name for county in counties}) == 1:
            message = N_("“{value}” is the name of several counties; name the city too, or give the adcode")
            return SeveralCounties(field, message, adcodes, value=text)
        message = N_("“{value}” lies in several counties ({counties}); write the one that the address lies in")
        return SeveralCounties(field, message, adcodes, value=text, counties=Bilingual(
            "、".join(one.name for one in counties), ", ".join(one.name_en for one in counties)
        ))

    def read_county(self, field: str, text: str) -> str:
        """Return the adcode of the county that a text names, with or without its city.

        Raises:
            InvalidInput: the text names no county, several, or only a city.
        """
        try:
            _city, county = self.read("", text)
        except SeveralCounties as problem:
            raise SeveralCounties(field, problem.message, problem.adcodes, **problem.params) from None
        except InvalidInput as problem:
            raise InvalidInput(field, problem.message, **problem.params) from None
        if not county:
            raise InvalidInput(
                field,
                N_("“{value}” does not name a county; write it like {name} or {adcode}"),
                value=text,
                name=_both(example().county),
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
        found = self._cities.get(plain, set()) | self._named(text)
        if len(found) > 1:
            if found <= self._county_of.keys() and len({self._county_of[code].name for code in found}) > 1:
                raise self._several(field, text, found)
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
                name=_both(example().city),
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
                city=_both(self._city_of[outer]),
            )
        return code


def areas_on_file(session: Session) -> AreaWords:
    """Return the index of the cities and counties in the database."""
    return AreaWords(
        {city.adcode: city for city in list_cities(session)},
        {county.adcode: county for county in list_counties(session)},
    )


def _begins_with_a_town(rest: str, adcodes: set[str]) -> bool:
    return any(town.adcode in adcodes and rest.startswith(_TOWN_SUFFIX.sub("", town.name)) for town in towns())


def _both(area: Any) -> Bilingual:
    return Bilingual(area.name, area.name_en)


def _names(area: City | County) -> Iterable[str]:
    short = _SUFFIX.sub("", area.name)
    return (area.name, area.name_en, _SUFFIX_EN.sub("", area.name_en), *((short,) if len(short) > 1 else ()))


def _plain(name: str) -> str:
    plain = _BETWEEN.sub("", simplified(narrow(name)))
    if code := _CODE.fullmatch(plain):
        return code[1]
    plain = shortened(plain)
    return _province(province_in_use()).sub("", plain).casefold() or plain.casefold()


@cache
def _province(province: Province) -> re.Pattern[str]:
    """Return the pattern of the province's name before or after the name of an area."""
    name, short = province.name, province.short_name
    return re.compile(rf"^(?:中国)?(?:{name}|{short}(?=.))|^{province.adcode}$|,?{province.name_en}$", re.IGNORECASE)
