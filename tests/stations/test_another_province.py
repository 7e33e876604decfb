"""PROVINCE selects another province, here Jiangxi, by data alone: commands on a real database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from geo.province import province_in_use, use_province
from stations.commands.command_line import main
from stations.settings import embedded_database, read_settings
from tests.conftest import Databases

RESIDENTS = 45_188_635
NANCHANG_COUNTY = "360121"


@pytest.fixture(autouse=True)
def _back_again() -> Iterator[None]:
    before = province_in_use()
    yield
    use_province(before.adcode)


@pytest.fixture(scope="module")
def jiangxi(databases: Databases) -> dict[str, str]:
    """Return the environment of an installation for Jiangxi, set up with the sample network."""
    environment = {"DATABASE_URL": databases.new(), "PROVINCE": "360000", "SAMPLE": "1"}
    before = province_in_use()
    assert main(["setup"], environment) == 0
    use_province(before.adcode)
    return environment


@pytest.fixture
def ask(jiangxi: dict[str, str], capsys: pytest.CaptureFixture[str]):
    """Return a function that returns a command's JSON; its notes go to ``ask.note``."""

    def asked(*arguments: str, **environment: str):
        assert main([*arguments, "--format", "json", "--lang", "en"], jiangxi | environment) == 0
        told = capsys.readouterr()
        asked.note = told.err
        return json.loads(told.out)

    return asked


def test_every_county_has_its_census_row(jiangxi: dict[str, str]) -> None:
    engine = create_engine(jiangxi["DATABASE_URL"])
    with engine.connect() as connection:
        counties = connection.execute(text("SELECT adcode, population, population_source FROM county")).all()
        cities = connection.execute(text("SELECT adcode, population FROM city")).all()
    engine.dispose()
    assert (len(counties), len(cities)) == (100, 11)
    assert all(residents and source for _, residents, source in counties)
    assert sum(residents for _, residents, _ in counties) == RESIDENTS
    for city, residents in cities:
        assert residents == sum(inside for adcode, inside, _ in counties if adcode[:4] == city[:4])


def test_coverage_is_told_of_its_own_counties(ask) -> None:
    counties = ask("coverage")["counties"]
    assert len(counties) == 100
    assert {county["adcode"][:2] for county in counties} == {"36"}
    assert {county["status"] for county in counties} == {"fully_served", "thin", "uncovered"}


def test_places_are_located_and_addresses_read(ask) -> None:
    assert ask("locate", "115.8579", "28.6829")["adcode"] == "360113"
    assert ask("locate", "120.98", "31.39")["adcode"] is None
    (place,) = ask("address", "南昌县向塘镇向阳路1号")
    assert (place["adcode"], place["town_code"]) == (NANCHANG_COUNTY, "360121101")


def test_the_nearest_reach_and_siting_work(ask) -> None:
    found = ask("nearest", "115.94", "28.55")
    assert found[0]["adcode"] in {NANCHANG_COUNTY, "360104"}
    assert found[0]["distance_m"] < 15_000
    reach = ask("reach")
    assert len(reach["counties"]) == 100
    assert "Suzhou" not in ask.note
    answer = ask("siting", "mclp", "--p", "2", "--within", "20", "--weights", "population")
    assert answer["status"] == "optimal"
    assert len(answer["added"]) == 2
    assert {adcode[:2] for adcode in answer["added"]} == {"36"}


def test_what_the_province_has_not_is_absent_and_said(ask) -> None:
    assert ask("targets") == []
    assert "No policy with targets is on file for Jiangxi" in ask.note
    chains = next(one for one in ask("completeness") if one["register"] == "chain")
    assert (chains["documented"], chains["known"]) == (0, None)
    assert "policy" not in chains["missing"]
    assert ask("chains")["chains"] == []
    assert "No chain is on file for Jiangxi" in ask.note
    assert ask("centres", SAMPLE="0") == []
    assert ask("stations", SAMPLE="0") == []
    services = ask("services")
    assert "质量" in json.dumps(services, ensure_ascii=False)
    for foreign in ("江苏", "Jiangsu", "DB32", "(二十二)"):
        assert foreign not in json.dumps(services, ensure_ascii=False)


def test_no_sample_speaks_of_jiangsu(jiangxi: dict[str, str]) -> None:
    engine = create_engine(jiangxi["DATABASE_URL"])
    with engine.connect() as connection:
        names = connection.scalars(
            text('SELECT name FROM station UNION SELECT name FROM centre UNION SELECT name FROM "user"')
        ).all()
    engine.dispose()
    assert names
    assert not [name for name in names if "江苏" in name or "昆山" in name or "苏州" in name]


def test_a_wrong_province_is_named_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", "120", "31", "--lang", "en"], {"PROVINCE": "33"}) == 2
    told = capsys.readouterr().err
    assert "PROVINCE is “33”" in told
    assert "320000 (江苏省), 360000 (江西省)" in told


@pytest.mark.parametrize("command", [["setup"], ["coverage"]], ids=" ".join)
def test_a_database_holds_one_province(
    jiangxi: dict[str, str], command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--lang", "en"], jiangxi | {"PROVINCE": "320000"}) == 1
    told = capsys.readouterr().err
    assert "The database holds the records of Jiangxi, and PROVINCE chooses Jiangsu. Set PROVINCE=360000" in told
    assert main(["coverage"], jiangxi) == 0


def test_each_province_has_an_embedded_database_of_its_own() -> None:
    assert read_settings({}).province == "320000"
    assert embedded_database("320000").name == "portal.sqlite3"
    assert read_settings({"PROVINCE": "360000"}).database_url.endswith("/portal-360000.sqlite3")
