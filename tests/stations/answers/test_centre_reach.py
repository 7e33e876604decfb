"""The reach of centres: the columns of the page, and the command that tells the same."""

from __future__ import annotations

from types import SimpleNamespace

from stations.answers.centre_reach import CHAIN_COLUMNS, COUNTY_COLUMNS, least_reached_first
from stations.answers.presentation import saved_table
from stations.language import Language
from stations.planning.centre_reach import ChainReach, CountyReach, Reach
from tests.stations.commands.test_command_line import answer, run

ENGLISH = Language("en")


def test_counties_and_chains_are_saved_in_numbers_and_names() -> None:
    city = SimpleNamespace(name="苏州市", name_en="Suzhou")
    county = SimpleNamespace(adcode="320583", name="昆山市", name_en="Kunshan", city=city)
    centre = SimpleNamespace(code="C-1", name="国家质检中心", name_en="National centre")
    rows = [CountyReach(county, 0, 1, centre, 45_678.9), CountyReach(county, 0, 0, None, None)]
    table = saved_table(COUNTY_COLUMNS, rows, ENGLISH)
    assert table.headings[0] == "County, city or district"
    assert table.rows == [
        ["Kunshan", "Suzhou", "National centre", "45.7 km"],
        ["Kunshan", "Suzhou", None, None],
    ]

    def chain(name: str, near: int) -> ChainReach:
        named = SimpleNamespace(code=name, name_zh=name, name_en=name)
        return ChainReach(named, 2, {Reach.YES: near, Reach.PERHAPS: 3, Reach.NO: 92 - near})

    ordered = least_reached_first([chain("much", 50), chain("none", 0)])
    assert saved_table(CHAIN_COLUMNS, ordered, ENGLISH).rows == [["none", 2, 0, 3, 92], ["much", 2, 50, 3, 42]]


def test_the_command_counts_accepted_centres_or_those_of_a_stage(sample_url: str) -> None:
    told = answer(sample_url, "centre-reach", "--within", "30")
    registered = {one["code"]: one["stage"] for one in answer(sample_url, "centres")}
    assert {registered[code] for code in told["centres"]} == {"accepted"}
    assert len(told["counties"]) == 95
    assert all((one["reach"] == "yes") == (one["surely"] > 0) for one in told["counties"])
    assert all(one["yes"] + one["perhaps"] + one["no"] == 95 for one in told["chains"])
    stages = ("--stage", "accepted", "--stage", "under_construction")
    farther = answer(sample_url, "centre-reach", "--within", "100", *stages)
    assert len(farther["centres"]) > len(told["centres"])
    assert sum(one["reach"] == "yes" for one in farther["counties"]) > sum(
        one["reach"] == "yes" for one in told["counties"]
    )
    done = run(sample_url, "centre-reach")
    assert "Of 95 counties" in done.stderr
    assert "Nearest centre" in done.stdout
