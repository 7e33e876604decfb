"""The province that an installation serves: a folder of data, and which one this process uses.

``provinces/<adcode>/`` holds all that is one province's: ``province.toml``, the county layers, place
names, and the tables that the rooms above read from the same folder. A program that starts reads the
setting ``PROVINCE`` and calls ``use_province`` once; everything else asks ``province_in_use``. What is
cached of a province is cached by its folder, so that nothing of one is ever shown for another.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PROVINCES = Path(__file__).resolve().parent / "provinces"
PROVINCE_FILE = "province.toml"
_COUNTRY_FILE = "country.toml"


class UnknownProvince(ValueError):
    """There is no folder of data for an adcode."""

    def __init__(self, adcode: str) -> None:
        self.adcode = adcode
        super().__init__(f"no data of a province {adcode!r}: known are {', '.join(known_provinces())}")


@dataclass(frozen=True)
class Province:
    """A province: its six-digit adcode (GB/T 2260), its names, and where its data lies.

    ``short_name``: as it begins addresses (江苏). ``map_crs``: the projected system, in metres, that its
    maps are simplified and drawn in; ``central_meridian``: of that system, degrees east.
    ``former_cities``: former name of a city → its present name. ``zones``: name of a zone that addresses
    give in place of the county → the adcodes it lies in. ``tables``: the whole file, for the rooms above.
    """

    adcode: str
    name: str
    name_en: str
    short_name: str
    map_crs: str
    central_meridian: int
    folder: Path
    former_cities: Mapping[str, str] = field(default_factory=dict, hash=False)
    zones: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    tables: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


def known_provinces() -> tuple[str, ...]:
    """Return the adcodes of the provinces that have a folder of data, in order."""
    return tuple(sorted(path.parent.name for path in PROVINCES.glob(f"*/{PROVINCE_FILE}")))


def default_province() -> str:
    """Return the adcode of the province that is served where nobody chooses one."""
    return str(_country()["default"])


def province_short_names() -> tuple[str, ...]:
    """Return the short names of all province-level divisions of China: 北京 …, known here or not."""
    return tuple(_country()["short_names"])


@cache
def _country() -> dict[str, Any]:
    return tomllib.loads((PROVINCES / _COUNTRY_FILE).read_text(encoding="utf-8"))


@cache
def read_province(adcode: str) -> Province:
    """Return the province of that adcode from its folder. Raise ``UnknownProvince`` if there is none."""
    if adcode not in known_provinces():
        raise UnknownProvince(adcode)
    return province_of(PROVINCES / adcode)


def province_of(folder: Path) -> Province:
    """Return the province whose data lies in ``folder``."""
    tables = tomllib.loads((folder / PROVINCE_FILE).read_text(encoding="utf-8"))
    return Province(
        adcode=tables["adcode"],
        name=tables["name"],
        name_en=tables["name_en"],
        short_name=tables["short_name"],
        map_crs=tables["map"]["crs"],
        central_meridian=tables["map"]["central_meridian"],
        folder=folder,
        former_cities=tables["addresses"]["former_cities"],
        zones={zone: tuple(adcodes) for zone, adcodes in tables["addresses"]["zones"].items()},
        tables=tables,
    )


_chosen: list[Province] = []


def use_province(adcode: str) -> Province:
    """Choose the province of this process; done once, at start. Raise ``UnknownProvince``."""
    _chosen[:] = [read_province(adcode)]
    return _chosen[0]


def province_in_use() -> Province:
    """Return the province of this process: the one chosen at start, else the default."""
    return _chosen[0] if _chosen else read_province(default_province())
