"""Zones that addresses and lists name in place of a county, with the counties they lie in.

Development and high-tech zones and new areas have no code of GB/T 2260; a county holds each, or several hold its parts.
The table ``zones.csv`` in the province's folder says which, and why; a province may have none.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from geo.province import Province, province_in_use

ZONES = "zones.csv"
# The full names of kinds of zones → the short ones, to which texts and names are brought before they are compared.
_SHORTER = (
    (re.compile(r"(?:国家级?)?高新(?:技术)?(?:产业)?(?:开发)?区"), "高新区"),
    (re.compile(r"(?:国家级?)?(?:经济技术开发区|经济开发区|技术开发区|经开区)"), "经开区"),
)
KINDS = ("高新区", "经开区", "开发区", "工业园区", "园区", "新区", "保税区", "示范区", "度假区")
"""Words that say which kind of zone, and nothing of where it is."""

_KIND = re.compile(rf"(?:科技产业)?(?:{'|'.join(KINDS)}|港区)$")
_SHORTEST_STEM = 3  # characters of a name without its kind that says enough alone: 通州湾
_OTHER_KINDS = {"经开区": ("开发区",), "工业园区": ("园区",)}


@dataclass(frozen=True)
class Zone:
    """A zone.

    ``name``: its official name. ``city``: the name of its city. ``adcodes``: the counties it lies in. ``code``: by
    which the statistical office counts it as if it were a county; "" if it does not. ``basis``: what says so.
    """

    name: str
    city: str
    adcodes: tuple[str, ...]
    code: str
    basis: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return its names as ``shortened`` gives them: 苏州高新区, 苏州市高新区."""
        name, short = shortened(self.name), self.city.removesuffix("市")
        own = name.removeprefix(short)
        kinds = [own, *(own.replace(kind, other) for kind, others in _OTHER_KINDS.items() for other in others)]
        kinds = [kind for kind in dict.fromkeys(kinds) if own == kind or own in _OTHER_KINDS]
        with_city = [f"{city}{kind}" for kind in kinds for city in (short, self.city)]
        return (*with_city, *(() if name.startswith(short) else (own,)))

    @property
    def stem(self) -> str:
        """Return its name without its city and kind: 洋河 of 洋河新区; "" if nothing else remains."""
        return _KIND.sub("", shortened(self.name).removeprefix(self.city.removesuffix("市")))

    @property
    def short_names(self) -> tuple[str, ...]:
        """Return what lists call it for short: 通州湾, 宿迁洋河, 医药高新区. In an address they may mean more."""
        stem, name = self.stem, shortened(self.name)
        if not stem:
            return ()
        cities = (self.city.removesuffix("市"), self.city)
        alone = (stem,) if len(stem) >= _SHORTEST_STEM else ()
        return (*(f"{city}{stem}" for city in cities), *alone, name.removeprefix(cities[0]))


def shortened(text: str) -> str:
    """Return the text with full names of kinds of zones put shortly: 经济技术开发区 → 经开区."""
    for written, short in _SHORTER:
        text = written.sub(short, text)
    return text


def zones(province: Province | None = None) -> tuple[Zone, ...]:
    """Return every zone in a province's table; by default of the province in use."""
    return _zones((province or province_in_use()).folder)


@functools.cache
def _zones(folder: Path) -> tuple[Zone, ...]:
    if not (folder / ZONES).is_file():
        return ()
    with open(folder / ZONES, encoding="utf-8", newline="") as table:
        return tuple(
            Zone(row["name"], row["city"], tuple(row["adcodes"].split(";")), row["code"], row["basis"])
            for row in csv.DictReader(table)
        )
