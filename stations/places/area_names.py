"""Names of the province, its cities and its counties by adcode, without a database."""

from __future__ import annotations

from functools import cache

from geo.counties import COUNTY_TABLE
from geo.province import Province, province_in_use
from stations.language import Bilingual
from stations.province import table_rows


def area_name(adcode: str) -> Bilingual:
    """Return ``苏州市昆山市`` or ``Kunshan City, Suzhou``, ``苏州市``, the province's name; the code itself if the
    province in use does not have it.
    """
    return _names(province_in_use()).get(adcode, Bilingual(adcode, adcode))


def areas_named() -> list[tuple[str, str | None]]:
    """Return the adcode of the province, of each city with its counties behind it, and the city of each; None of the
    province.
    """
    found: dict[str, str | None] = {province_in_use().adcode: None}
    for row in table_rows(province_in_use().folder / COUNTY_TABLE):
        found.setdefault(row["city_adcode"], row["city_adcode"])
        found[row["adcode"]] = row["city_adcode"]
    return list(found.items())


@cache
def _names(province: Province) -> dict[str, Bilingual]:
    names = {province.adcode: Bilingual(province.name, province.name_en)}
    for row in table_rows(province.folder / COUNTY_TABLE):
        names[row["city_adcode"]] = Bilingual(row["city"], row["city_en"])
        names[row["adcode"]] = Bilingual(f"{row['city']}{row['name']}", f"{row['name_en']}, {row['city_en']}")
    return names
