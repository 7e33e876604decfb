"""How complete the registers are, beside what others publish."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy import Engine

from stations.answers.completeness import COMPLETENESS, published_totals
from stations.completeness import NO_FULL_LIST, NOTHING_MISSING, Holding, Register, completeness
from stations.database import reading
from stations.language import Language
from stations.province import province_table
from stations.published_facts import MapEntryKind, manufacturing_clusters, official_totals, quality_map_of
from tests.conftest import TODAY
from tests.stations.commands.test_command_line import answer


def held(engine: Engine, *, samples: bool) -> dict[Register, Holding]:
    with reading(engine) as session:
        return {one.register: one for one in completeness(session, TODAY, samples=samples)}


def test_every_register_is_counted_of_what_is_known_to_exist(reference_engine: Engine) -> None:
    holdings = held(reference_engine, samples=False)
    assert list(holdings) == list(Register)
    counts = {register: (one.documented, one.samples, one.known) for register, one in holdings.items()}
    assert counts[Register.STATIONS] == (7, 0, None)
    assert counts[Register.CENTRES] == (63, 0, None)
    assert counts[Register.CHAINS] == (32, 0, 90)  # the policy: 50 key, 30 strong and 10 outstanding
    assert counts[Register.CLUSTERS] == (23, 0, None)
    assert counts[Register.RESIDENTS] == (95, 0, 95)
    assert counts[Register.TOWNS] == (1237, 0, 1237)
    assert counts[Register.TOWN_POINTS] == (544, 0, 1237)
    assert holdings[Register.TOWNS].missing == NOTHING_MISSING
    assert holdings[Register.PILOTS].missing == NO_FULL_LIST


@pytest.mark.one_database
def test_samples_are_counted_apart_or_left_out(sample_engine: Engine) -> None:
    shown, hidden = held(sample_engine, samples=True), held(sample_engine, samples=False)
    assert all(one.samples == 0 for one in hidden.values())
    for register in (Register.STATIONS, Register.CENTRES, Register.PILOTS, Register.INSTITUTIONS):
        assert shown[register].samples > 0
        assert shown[register].documented == hidden[register].documented


@pytest.mark.one_database
def test_published_numbers_stand_beside_their_register(reference_engine: Engine) -> None:
    holdings = held(reference_engine, samples=False)
    assert {one.register for one in official_totals()} <= {register.value for register in Register}
    assert len(published_totals(list(holdings.values()))) == len(official_totals())
    (nanjing,) = [one for one in holdings[Register.STATIONS].published if one.value == "15"]
    assert (nanjing.adcode, str(nanjing.as_of), nanjing.area.en) == ("320100", "2022-05-14", "Nanjing")
    chinese = COMPLETENESS.data(list(holdings.values()), Language("zh_CN"))
    residents = next(one for one in chinese if one["register"] == "residents")
    assert "1,976,810" in residents["missing"]


def test_the_quality_map_of_a_chain_is_what_was_published() -> None:
    entries = quality_map_of("electric_vehicles")
    counts = {entry.item.zh: entry.value for entry in entries if entry.kind is MapEntryKind.COUNT}
    assert (counts["计量标准"], counts["第三方检验检测机构"], len(counts)) == (27, 174, 13)
    assert sum(entry.kind is MapEntryKind.GAP for entry in entries) == 8
    assert quality_map_of("nano_materials") == ()
    assert sum(one.national for one in manufacturing_clusters()) == 10


def test_every_quality_map_is_of_a_chain_on_file() -> None:
    with province_table("industrial_chains.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    with province_table("chain_quality_maps.csv").open(encoding="utf-8", newline="") as file:
        assert {row["chain"] for row in csv.DictReader(file)} <= codes


@pytest.mark.one_database
def test_the_command_tells_what_the_page_shows(reference_url: str) -> None:
    told = {one["register"]: one for one in answer(reference_url, "completeness")}
    assert (told["centre"]["documented"], told["centre"]["known"]) == (63, None)
    assert {one["value"] for one in told["town"]["published"]} == {"1237"}
    chains = answer(reference_url, "chains")
    (mapped,) = [chain["code"] for chain in chains["chains"] if chain["quality_map"]]
    assert (mapped, len(chains["clusters"])) == ("electric_vehicles", 23)


