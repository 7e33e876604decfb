"""Place names beside the counties of a province: towns, and seats and former names of counties.

The tables lie in the province's folder (see its ``SOURCES.md`` for the origin) and are read on first use.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.province import Province, province_in_use

TOWNS = "towns.csv"
TOWN_POINTS = "town_points.csv"
COUNTY_SEATS = "county_seats.csv"
FORMER_NAMES = "former_names.csv"
_SUFFIXES = {"街道": "Subdistrict", "镇": "Town", "乡": "Township"}


class UnknownTown(ValueError):
    """No town of the gazetteer has this code."""


@dataclass(frozen=True)
class Town:
    """A division below the county (镇, 街道, 乡): nine-digit code, name, adcode of its county.

    ``point``: longitude and latitude (WGS-84 degrees) of a place of this name in the county, near but not surveyed;
    None where GeoNames has none.
    """

    code: str
    name: str
    adcode: str
    point: tuple[float, float] | None = None

    @property
    def name_en(self) -> str:
        """Return the name in pinyin, such as “Yushan Town”. The readings are the usual ones; no source confirms
        them.
        """
        from pypinyin import lazy_pinyin  # a big table that only this needs

        for suffix, english in _SUFFIXES.items():
            if self.name.endswith(suffix):
                return f"{''.join(lazy_pinyin(self.name.removesuffix(suffix))).capitalize()} {english}"
        raise ValueError(f"{self.name} ends in none of {', '.join(_SUFFIXES)}")


@dataclass(frozen=True)
class FormerName:
    """A former name of a county, its city then, and the year the name ended.

    ``adcodes``: the counties that cover the area now; several if it was divided.
    """

    name: str
    city: str
    adcodes: tuple[str, ...]
    until: int


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def towns(province: Province | None = None) -> tuple[Town, ...]:
    """Return every town of a province, sorted by code; by default of the province in use."""
    return _towns((province or province_in_use()).folder)


def county_seats(province: Province | None = None) -> Mapping[str, tuple[float, float]]:
    """Return the longitude and latitude (WGS-84 degrees) of the seats of a province's counties by adcode, by default of
    the province in use: near the seat but not surveyed, and missing for counties whose seat no source places.
    """
    return _county_seats((province or province_in_use()).folder)


def former_names(province: Province | None = None) -> tuple[FormerName, ...]:
    """Return every former county name in a province's table; by default of the province in use."""
    return _former_names((province or province_in_use()).folder)


def get_town(code: str, province: Province | None = None) -> Town:
    """Return the town with this code. Raise ``UnknownTown`` if there is none."""
    by_code = _by_code((province or province_in_use()).folder)
    if code not in by_code:
        raise UnknownTown(f"no town has the code {code!r}")
    return by_code[code]


@functools.cache
def _towns(folder: Path) -> tuple[Town, ...]:
    points = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in _rows(folder / TOWN_POINTS)}
    return tuple(Town(**row, point=points.get(row["code"])) for row in _rows(folder / TOWNS))


@functools.cache
def _county_seats(folder: Path) -> dict[str, tuple[float, float]]:
    return {row["adcode"]: (float(row["lon"]), float(row["lat"])) for row in _rows(folder / COUNTY_SEATS)}


@functools.cache
def _former_names(folder: Path) -> tuple[FormerName, ...]:
    return tuple(
        FormerName(row["name"], row["city"], tuple(row["adcodes"].split(";")), int(row["until"]))
        for row in _rows(folder / FORMER_NAMES)
    )


@functools.cache
def _by_code(folder: Path) -> dict[str, Town]:
    return {town.code: town for town in _towns(folder)}
