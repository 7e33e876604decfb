"""What the census says beside the residents of counties: who lives in cities and towns, and the zones that it counts
apart although they are no county (``county_population.csv`` and ``census_zones.csv`` of the province).

A zone that lies in one county is counted to that county. One that spans several is counted to none of them, for no
source divides its residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.province import Province, province_in_use
from stations.language import N_, Bilingual, Language
from stations.province import province_rows

COUNTIES, TABLE = "county_population.csv", "census_zones.csv"
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
    return language.translate(
        _LEFT_OUT,
        zones=language.join(language.pick(*zone.name) for zone in zones),
        people=language.format_number(sum(zone.residents for zone in zones)),
    )


def urban_share(county_adcode: str) -> float | None:
    """Return the share, from 0 to 1, of a county's residents who live in cities and towns, by the census; with the
    zones that are counted to it. None if the source does not say.
    """
    return _urban_shares(province_in_use()).get(county_adcode)


@cache
def _urban_shares(province: Province) -> dict[str, float]:
    rows = [(row["adcode"], row) for row in province_rows(COUNTIES, province)]
    rows += [(row["counties"], row) for row in province_rows(TABLE, province) if ";" not in row["counties"]]
    residents: dict[str, int] = {}
    urban: dict[str, float | None] = {}
    for adcode, row in rows:
        people, share, before = int(row["population"]), row.get("urban_share"), urban.get(adcode, 0.0)
        residents[adcode] = residents.get(adcode, 0) + people
        urban[adcode] = before + people * float(share) if share and before is not None else None
    return {adcode: count / residents[adcode] for adcode, count in urban.items() if count is not None}


@cache
def _across(province: Province) -> tuple[CensusZone, ...]:
    zones = [
        CensusZone(Bilingual(row["name"], row["name_en"]), int(row["population"]), tuple(row["counties"].split(";")))
        for row in province_rows(TABLE, province)
    ]
    return tuple(zone for zone in zones if len(zone.counties) > 1)
