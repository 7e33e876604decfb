"""Names of places in Jiangsu below and beside the counties: towns, and what counties were called before.

The tables stand in ``layers/`` (its ``SOURCES.md`` says where they come from) and are read when first
asked for. They hold no coordinates: no source at hand gives a town's.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

from geo.counties import LAYERS

TOWNS = "towns.csv"
FORMER_NAMES = "former_names.csv"
_SUFFIXES = {"街道": "Subdistrict", "镇": "Town", "乡": "Township"}


class UnknownTown(ValueError):
    """A code names no town of the gazetteer."""


@dataclass(frozen=True)
class Town:
    """A division below the county (镇, 街道, 乡): nine-digit code, name, adcode of its county."""

    code: str
    name: str
    adcode: str

    @property
    def name_en(self) -> str:
        """Its name in pinyin by the usual readings, which no table at hand confirms: “Yushan Town”."""
        from pypinyin import lazy_pinyin  # a big table, wanted here alone

        for suffix, english in _SUFFIXES.items():
            if self.name.endswith(suffix):
                return f"{''.join(lazy_pinyin(self.name.removesuffix(suffix))).capitalize()} {english}"
        raise ValueError(f"{self.name} ends in none of {', '.join(_SUFFIXES)}")


@dataclass(frozen=True)
class FormerName:
    """What a county was called, under which city, until which year; ``adcodes``: the counties that lie
    there now, several where it was divided."""

    name: str
    city: str
    adcodes: tuple[str, ...]
    until: int


def _rows(table: str) -> list[dict[str, str]]:
    with open(LAYERS / table, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def towns() -> tuple[Town, ...]:
    """Every town, by code."""
    return tuple(Town(**row) for row in _rows(TOWNS))


@functools.cache
def former_names() -> tuple[FormerName, ...]:
    """Every former name of a county that is told."""
    return tuple(
        FormerName(row["name"], row["city"], tuple(row["adcodes"].split(";")), int(row["until"]))
        for row in _rows(FORMER_NAMES)
    )


@functools.cache
def _by_code() -> dict[str, Town]:
    return {town.code: town for town in towns()}


def get_town(code: str) -> Town:
    """The town of that code. Raises ``UnknownTown`` if there is none."""
    if code not in _by_code():
        raise UnknownTown(f"no town of Jiangsu has the code {code!r}")
    return _by_code()[code]
