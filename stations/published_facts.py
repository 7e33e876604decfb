"""What authorities and newspapers publish about stations, centres, chains and clusters of the province in use.

Read from tables in the province's folder; a province that lacks a table has none. These facts are shown beside the
portal's own counts and never added to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

from geo.province import Province, province_in_use
from stations.language import Bilingual
from stations.partial_date import PartialDate
from stations.province import province_rows

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class OfficialTotal:
    """A number that somebody published. ``register``: the kind of record that it counts, such as ``station``.

    ``adcode``: of its area, "" if that is no province, city or county of the portal. ``value``: as published, perhaps
    “1200+” or “5–6”. ``quote``: the words of the source.
    """

    register: str
    area: Bilingual
    adcode: str
    as_of: PartialDate
    what: Bilingual
    value: str
    quote: str
    source: Bilingual


@dataclass(frozen=True)
class Cluster:
    """A manufacturing cluster. ``named_in``: the list that names it."""

    name: Bilingual
    national: bool
    named_in: Bilingual
    source: Bilingual


class MapEntryKind(StrEnum):
    """What an entry of a quality map tells: how many there are, or what the chain lacks."""

    COUNT = "count"
    GAP = "gap"


@dataclass(frozen=True)
class MapEntry:
    """An entry of the quality map (质量图谱) that the province published of a chain.

    ``element``: the code of the group of services that it is about. ``value``: the number, for a count.
    """

    chain: str
    element: str
    kind: MapEntryKind
    item: Bilingual
    value: int | None
    as_of: PartialDate
    source: Bilingual


def official_totals() -> tuple[OfficialTotal, ...]:
    """Return the published numbers."""
    return _read("official_totals.csv", province_in_use(), _total)


def manufacturing_clusters() -> tuple[Cluster, ...]:
    """Return the clusters that a published list names."""
    return _read("manufacturing_clusters.csv", province_in_use(), _cluster)


def quality_map_of(chain: str) -> tuple[MapEntry, ...]:
    """Return the published quality map of the chain with this code; empty if there is none."""
    entries = _read("chain_quality_maps.csv", province_in_use(), _map_entry)
    return tuple(entry for entry in entries if entry.chain == chain)


def _total(row: dict[str, str]) -> OfficialTotal:
    return OfficialTotal(
        row["register"],
        _both(row, "area"),
        row["adcode"],
        PartialDate.parse(row["as_of"]),
        _both(row, "what"),
        row["value"],
        row["quote"],
        _both(row, "source"),
    )


def _cluster(row: dict[str, str]) -> Cluster:
    return Cluster(_both(row, "name"), row["level"] == "national", _both(row, "list"), _both(row, "source"))


def _map_entry(row: dict[str, str]) -> MapEntry:
    return MapEntry(
        row["chain"],
        row["element"],
        MapEntryKind(row["kind"]),
        _both(row, "item"),
        int(row["value"]) if row["value"] else None,
        PartialDate.parse(row["as_of"]),
        _both(row, "source"),
    )


def _both(row: dict[str, str], column: str) -> Bilingual:
    return Bilingual(row[f"{column}_zh"], row[f"{column}_en"])


@cache
def _read(name: str, province: Province, fact: Callable[[dict[str, str]], Fact]) -> tuple[Fact, ...]:
    return tuple(map(fact, province_rows(name, province)))
