"""The province that an installation serves: its folder of data, and the province of this process.

``provinces/<adcode>/`` contains all data of one province: ``province.toml``, the county layers, place names, and
tables that ``stations`` and ``portal`` read. At start a program reads the setting ``PROVINCE`` and calls
``use_province`` once; other code calls ``province_in_use``. Caches use the folder as key, so data of one province
is never shown for another.
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
    """There is no data folder for an adcode."""

    def __init__(self, adcode: str) -> None:
        self.adcode = adcode
        super().__init__(f"no data of a province {adcode!r}: known are {', '.join(known_provinces())}")


@dataclass(frozen=True)
class Province:
    """A province: its six-digit adcode (GB/T 2260), its names and its data folder.

    ``short_name``: as addresses begin with it, without 省. ``map_crs``: projected system, in metres, in which its maps
    are simplified and drawn. ``central_meridian``: of that system, degrees east. ``former_cities``: former name
    of a city → present name. ``tables``: the whole file, for the layers above.
    """

    adcode: str
    name: str
    name_en: str
    short_name: str
    map_crs: str
    central_meridian: int
    folder: Path
    former_cities: Mapping[str, str] = field(default_factory=dict, hash=False)
    tables: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)


def known_provinces() -> tuple[str, ...]:
    """Return the adcodes of the provinces that have a data folder, sorted."""
    return tuple(sorted(path.parent.name for path in PROVINCES.glob(f"*/{PROVINCE_FILE}")))


def default_province() -> str:
    """Return the adcode of the province that is served by default."""
    return str(_country()["default"])


def province_short_names() -> tuple[str, ...]:
    """Return the short names of all province-level divisions of China (北京 …), with or without a data folder."""
    return tuple(_country()["short_names"])


def province_english_names() -> dict[str, str]:
    """Return the English names of all province-level divisions of China by adcode (GB/T 2260)."""
    return dict(_country()["english_names"])


@cache
def _country() -> dict[str, Any]:
    return tomllib.loads((PROVINCES / _COUNTRY_FILE).read_text(encoding="utf-8"))


@cache
def read_province(adcode: str) -> Province:
    """Return the province with this adcode, read from its folder. Raise ``UnknownProvince`` if there is none."""
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
        tables=tables,
    )


_chosen: list[Province] = []


def use_province(adcode: str) -> Province:
    """Set the province of this process and return it; called once, at start. Raise ``UnknownProvince`` if there is
    none.
    """
    _chosen[:] = [read_province(adcode)]
    return _chosen[0]


def province_in_use() -> Province:
    """Return the province of this process: the one set at start, else the default."""
    return _chosen[0] if _chosen else read_province(default_province())
