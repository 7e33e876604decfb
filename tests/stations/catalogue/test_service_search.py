"""Searching the catalogue; ``service_queries.csv`` contains the published pairs of query and service."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.catalogue.chain import list_chains
from stations.catalogue.service import list_groups
from stations.catalogue.service_search import WORDS, ServiceIndex

QUERIES = Path(__file__).parent / "service_queries.csv"
with QUERIES.open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file))
with WORDS.open(encoding="utf-8", newline="") as file:
    LEADING = list(csv.DictReader(file))

pytestmark = pytest.mark.one_database  # the index is in memory and independent of the database

_shared: list[ServiceIndex] = []


@pytest.fixture
def index(sample_engine: Engine) -> ServiceIndex:
    """Return one index for all tests: it depends only on the catalogue's files."""
    if not _shared:
        with Session(sample_engine) as session:
            _shared.append(ServiceIndex(list_groups(session)))
    return _shared[0]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["query"])
def test_what_a_firm_types_finds_the_service(index: ServiceIndex, pair: dict[str, str]) -> None:
    found = [one.service.code for one in index.search(pair["query"])]
    if pair["kind"] == "nothing":
        assert found == []
    else:
        assert pair["service"] in found[: int(pair["within"])]


def test_the_pairs_are_many_each_once_and_of_every_kind() -> None:
    assert len(PAIRS) >= 90
    assert len({pair["query"] for pair in PAIRS}) == len(PAIRS)
    kinds = Counter(pair["kind"] for pair in PAIRS)
    for kind, least in {
        "standard": 20,
        "instrument": 10,
        "product": 15,
        "synonym": 30,
        "colloquial": 15,
        "pinyin": 8,
        "english": 10,
        "english typo": 4,
        "traditional": 3,
        "chain": 4,
        "industry": 4,
        "nothing": 5,
    }.items():
        assert kinds[kind] >= least, kind
    first = sum(pair["within"] == "1" for pair in PAIRS)
    assert first / len(PAIRS) > 0.8


def test_every_service_is_found_by_its_own_names(index: ServiceIndex, sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        for group in list_groups(session):
            for service in group.services:
                for name in (service.name_zh, service.name_en):
                    assert index.search(name)[0].service.code == service.code, name


@pytest.mark.parametrize(
    "writing", ["GB/T 228.1", "GB/T 228.1-2021", "gbt228.1", "GBT 228.1", "ＧＢ/Ｔ228.1", "gb 228.1"]
)
def test_a_standard_is_found_however_it_is_written(index: ServiceIndex, writing: str) -> None:
    assert index.search(writing)[0].service.code == "testing.materials_testing"


def test_every_chain_and_word_of_the_table_leads_to_its_services(index: ServiceIndex, sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        chains = {chain.name_zh.partition("（")[0] for chain in list_chains(session)}  # without the place of a pilot
    assert {row["word"] for row in LEADING if row["kind"] == "chain"} == chains
    for row in LEADING:
        found = {one.service.code for one in index.search(row["word"])}
        assert set(row["services"].split(";")) <= found, row["word"]


@pytest.mark.parametrize("query", ["", "  ", "。，！", "\0", "🏭"])
def test_without_a_word_nothing_is_found(index: ServiceIndex, query: str) -> None:
    assert index.search(query) == []


def test_scores_fall_and_no_service_comes_twice(index: ServiceIndex) -> None:
    for pair in PAIRS:
        found = index.search(pair["query"])
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)
        assert len({one.service.code for one in found}) == len(found)


def test_anything_can_be_typed(sample_engine: Engine, index: ServiceIndex) -> None:
    @given(st.text(max_size=30))
    def search(query: str) -> None:
        assert len(index.search(query)) <= 10

    search()
