"""The industrial chains of the policy: which are registered, who serves each, and where nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, sample_note
from stations.answers.published_facts import CLUSTERS, MAP_ENTRIES
from stations.catalogue.chain import IndustrialChain
from stations.chains.chain_coverage import Cell, ChainCoverage
from stations.language import N_, Bilingual, Language, label
from stations.places.counties import City
from stations.province import province_name
from stations.published_facts import manufacturing_clusters, quality_map_of
from stations.source_wording import source_wording


@dataclass(frozen=True)
class ServedChain:
    """A chain, who serves it in the province and in each city (``by_city``), and the cities where nobody does."""

    chain: IndustrialChain
    served: Cell
    gaps: tuple[City, ...]
    by_city: tuple[tuple[City, Cell], ...]


def served_chains(coverage: ChainCoverage) -> list[ServedChain]:
    """Return the registered chains, each with who serves it."""
    return [served_chain(coverage, chain) for chain in coverage.chains]


def served_chain(coverage: ChainCoverage, chain: IndustrialChain) -> ServedChain:
    """Return a chain of the list with who serves it."""
    return ServedChain(
        chain,
        coverage.of_chain(chain.code),
        tuple(coverage.gaps_of_chain(chain.code)),
        tuple((city, coverage.cell(chain.code, city.adcode)) for city in coverage.cities),
    )


def who_serves(cell: Cell, language: Language) -> str:
    """Return who serves a chain, in words: “2 centres, 1 being built, 3 stations”."""
    parts = [
        language.ngettext("{count} centre", "{count} centres", len(cell.centres)) if cell.centres else "",
        language.ngettext("{count} being built", "{count} being built", len(cell.building)) if cell.building else "",
        language.ngettext("{count} station", "{count} stations", len(cell.stations)) if cell.stations else "",
    ]
    return language.translate(", ").join(filter(None, parts)) or language.translate(N_("nobody"))


CHAINS: Columns[ServedChain] = Columns(
    Column("code", lambda one: one.chain.code, N_("Record code")),
    Column("named", lambda one: Bilingual(one.chain.name_zh, one.chain.name_en), N_("Industrial chain"), in_data=False),
    Column("name_zh", lambda one: one.chain.name_zh),
    Column("name_en", lambda one: one.chain.name_en),
    Column("tier", lambda one: one.chain.tier, N_("List")),
    Column("centres", lambda one: [record.code for record in one.served.centres]),
    Column("building", lambda one: [record.code for record in one.served.building]),
    Column("stations", lambda one: [record.code for record in one.served.stations]),
    Column("served", lambda one: one.served, N_("Who serves it"), show=who_serves, in_data=False),
    Column("samples", lambda one: one.served.samples, N_("Of them samples")),
    Column("gaps", lambda one: [city.adcode for city in one.gaps]),
    Column("cities_without", lambda one: len(one.gaps), N_("Cities without"), in_data=False),
    Column(
        "by_city",
        lambda one: {
            city.adcode: {
                "centres": [record.code for record in cell.centres],
                "building": [record.code for record in cell.building],
                "stations": [record.code for record in cell.stations],
            }
            for city, cell in one.by_city
            if cell != Cell()
        },
    ),
    Column("quality_map", lambda one: [MAP_ENTRIES.as_data(entry) for entry in quality_map_of(one.chain.code)]),
    Column(
        "source", lambda one: one.chain.source, N_("Source"), show=lambda text, language: source_wording(language, text)
    ),
)

CHAIN_COLUMNS = CHAINS.take("code", "named", "tier", "served", "samples", "cities_without", "source")
"""The table of chains, on the page and on the command line."""


RETIRED: Columns[IndustrialChain] = Columns(
    Column("code", lambda one: one.code),
    Column("named", lambda one: Bilingual(one.name_zh, one.name_en), N_("Industrial chain"), in_data=False),
    Column("name_zh", lambda one: one.name_zh),
    Column("name_en", lambda one: one.name_en),
    Column("retired_on", lambda one: one.retired_on, N_("Off the list since")),
)
RETIRED_COLUMNS = RETIRED.take("named", "retired_on")
"""The table of the chains taken off the list."""


def city_columns(cities: Iterable[City]) -> list[Column[ServedChain]]:
    """Return the columns of chains by city: the chain, then who serves it in each city."""

    def of(place: int, city: City) -> Column[ServedChain]:
        return Column(
            city.adcode,
            lambda one: one.by_city[place][1],
            Bilingual(city.name, city.name_en),
            who_serves,
            in_data=False,
        )

    return [CHAINS["named"], *(of(place, city) for place, city in enumerate(cities))]


def _data(coverage: ChainCoverage, _language: Language) -> dict[str, Any]:
    return {
        "as_of": coverage.as_of.isoformat(),
        "lists": [{"tier": one.tier.value, "on_file": one.on_file, "listed": one.listed} for one in coverage.lists],
        "without_list": sum(chain.tier is None for chain in coverage.chains),
        "chains": [CHAINS.as_data(one) for one in served_chains(coverage)],
        "retired": [RETIRED.as_data(one) for one in coverage.retired],
        "clusters": [CLUSTERS.as_data(one) for one in manufacturing_clusters()],
    }


def _notes(coverage: ChainCoverage, language: Language) -> list[str]:
    on_file = language.semicolon.join(
        language.translate(
            N_("{list}: {on_file} of {listed} on file"),
            list=label(language, one.tier),
            on_file=one.on_file,
            listed=one.listed,
        )
        for one in coverage.lists
    )
    if not coverage.chains:
        on_file = language.translate(
            N_("No chain is on file for {province}: no policy with lists is, and the province has added none"),
            province=province_name(),
        )
    return [on_file, sample_note(language, sum(one.served.samples for one in served_chains(coverage)))]


CHAIN_COVERAGE: Presentation[ChainCoverage, ServedChain] = Presentation(
    data=_data, rows=served_chains, columns=lambda _coverage: CHAIN_COLUMNS, notes=_notes
)
"""The centres and stations that serve each chain on a date."""
