"""The zones that the census counts apart although they are no county, as the province's ``census_zones.csv`` has them.

A zone that lies in one county is counted to that county. One that spans several is counted to none of them, for no
source divides its residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.province import Province, province_in_use
from stations.language import N_, Bilingual, Language
from stations.province import province_rows

TABLE = "census_zones.csv"
_LEFT_OUT = N_("Counted to no county, since they span several: {zones}, together {people} residents.")


@dataclass(frozen=True)
class CensusZone:
    """A zone. ``counties``: adcodes of the counties in which it lies."""

    name: Bilingual
    residents: int
    counties: tuple[str, ...]


def zones_across_counties() -> tuple[CensusZone, ...]:
    """Return the zones of the province in use that span several counties."""
    return _across(province_in_use())


def left_out_note(language: Language) -> str:
    """Return a sentence that names the residents counted to no county; "" if there are none."""
    zones = zones_across_counties()
    if not zones:
        return ""
    separator = "、" if language.code == "zh_CN" else ", "
    return language.translate(
        _LEFT_OUT,
        zones=separator.join(language.pick(*zone.name) for zone in zones),
        people=language.format_number(sum(zone.residents for zone in zones)),
    )


@cache
def _across(province: Province) -> tuple[CensusZone, ...]:
    zones = [
        CensusZone(Bilingual(row["name"], row["name_en"]), int(row["population"]), tuple(row["counties"].split(";")))
        for row in province_rows(TABLE, province)
    ]
    return tuple(zone for zone in zones if len(zone.counties) > 1)
