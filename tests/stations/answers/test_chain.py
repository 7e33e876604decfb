"""One chain, and the chains taken off the list: the command tells what the page shows."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy import Engine

from stations.answers.chain import CHAIN_CENTRE_COLUMNS, CHAIN_STATION_COLUMNS, ENTRY_COLUMNS, chain_report
from stations.answers.chains import RETIRED_COLUMNS
from stations.answers.columns import headings
from stations.answers.presentation import saved_table
from stations.catalogue.chain import get_chain
from stations.chains.chain_coverage import Service, chain_coverage
from stations.chains.chain_keeping import retire_chain
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.language import Language
from tests.conftest import NOW, TODAY
from tests.stations.account_factories import account
from tests.stations.commands.test_command_line import answer, run
from tests.stations.request_factories import actor_with

ENGLISH = Language("en")
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")


def test_the_command_tells_who_serves_it(sample_url: str) -> None:
    listed = next(one for one in answer(sample_url, "chains")["chains"] if one["centres"] and one["stations"])
    told = answer(sample_url, "chain", listed["code"])
    assert {key: told[key] for key in listed} == listed
    by_kind = {
        kind: [one["code"] for one in told["servers"] if one["kind"] == kind] for kind in ("centre", "station")
    }
    assert by_kind == {"centre": [*listed["centres"], *listed["building"]], "station": listed["stations"]}
    done = run(sample_url, "chain", listed["code"], "--format", "csv")
    assert [row["Record code"] for row in csv.DictReader(done.stdout.splitlines())] == sum(by_kind.values(), [])
    assert f"{len(listed['gaps'])} cit" in done.stderr
    wrong = run(sample_url, "chain", "no-such-chain")
    assert (wrong.returncode, "no-such-chain" in wrong.stderr) == (2, True)


def test_the_command_tells_it_county_by_county(sample_url: str) -> None:
    listed = next(one for one in answer(sample_url, "chains")["chains"] if one["centres"] and one["stations"])
    counties = answer(sample_url, "chain-counties", listed["code"])["counties"]
    assert len(counties) == 95 and {one["service"] for one in counties} <= {*map(str, Service), "unknown"}
    placed = {code for one in counties for code in (*one["known"]["stations"], *one["by_city_only"]["stations"])}
    assert placed == set(listed["stations"])
    done = run(sample_url, "chain-counties", listed["code"], "--format", "csv")
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["Adcode"] for row in rows] == [one["adcode"] for one in counties]
    assert "known to its city only" in done.stderr


def test_the_tables_of_the_page(sample_url: str) -> None:
    assert headings(CHAIN_CENTRE_COLUMNS, ENGLISH) == ["Centre", "Place", "Stage known last"]
    assert headings(CHAIN_STATION_COLUMNS, ENGLISH) == ["Station", "City"]


@pytest.mark.one_database
def test_a_chain_off_the_list_is_told_with_its_history(reference_engine: Engine) -> None:
    account(reference_engine, PROVINCE.username, Role.PROVINCE, "320000")
    with transaction(reference_engine) as session:
        code = chain_coverage(session, TODAY, samples=False).chains[0].code
        version = get_chain(session, code).version
        retire_chain(session, PROVINCE, code, reason="并入另一条", version=version, now=NOW)
    with reading(reference_engine) as session:
        coverage = chain_coverage(session, TODAY, samples=False)
        report = chain_report(session, code, TODAY, samples=False)
        name = report.served.chain.name_en
        assert saved_table(RETIRED_COLUMNS, coverage.retired, ENGLISH).rows == [[name, TODAY.isoformat()]]
        assert (report.listed, report.served.gaps, report.centres) == (False, (), [])
        (row,) = saved_table(ENTRY_COLUMNS, report.entries, ENGLISH).rows
        assert row[1:] == ["王科长", "Taken off the list", "并入另一条"]
    url = reference_engine.url.render_as_string(hide_password=False)
    told = answer(url, "chain", code)
    assert [told["history"][0][key] for key in ("actor", "who")] == [PROVINCE.username, "王科长"]
    assert (told["listed"], told["retired_on"], told["history"][0]["action"]) == (
        False,
        TODAY.isoformat(),
        "retire_chain",
    )
    assert [one["code"] for one in answer(url, "chains")["retired"]] == [code]
