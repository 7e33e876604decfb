"""What the province, its cities and its counties are called, by adcode and without asking a database."""

from __future__ import annotations

import csv
from functools import cache

from geo.counties import COUNTY_TABLE, LAYERS
from stations.language import Bilingual


def area_name(adcode: str) -> Bilingual:
    """``苏州市昆山市`` or ``Kunshan City, Suzhou``, ``苏州市``, ``江苏省``; of a code that Jiangsu has
    not, the code itself."""
    return _names().get(adcode, Bilingual(adcode, adcode))


@cache
def _names() -> dict[str, Bilingual]:
    names = {"320000": Bilingual("江苏省", "Jiangsu")}
    with open(LAYERS / COUNTY_TABLE, encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            names[row["city_adcode"]] = Bilingual(row["city"], row["city_en"])
            names[row["adcode"]] = Bilingual(f"{row['city']}{row['name']}", f"{row['name_en']}, {row['city_en']}")
    return names
