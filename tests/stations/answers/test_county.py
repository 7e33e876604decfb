"""A county's answer: what the coverage of all counties tells of it, its stations and its centres."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.answers.counties import COVERAGE, coverage_report
from stations.answers.county import COUNTY, county_report
from stations.answers.presentation import note_of, render
from stations.database import reading, transaction
from stations.errors import NotFound
from stations.language import Language
from tests.conftest import TODAY
from tests.stations.factories import FOUR_ELEMENTS, add_station
from tests.stations.registry_factories import added_station

pytestmark = pytest.mark.one_database

KUNSHAN = "320583"
ENGLISH = Language("en")


def test_a_county_with_its_stations_as_the_coverage_tells(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        here = add_station(session, KUNSHAN, services=FOUR_ELEMENTS)
        add_station(session, "320102")
        report = county_report(session, KUNSHAN, TODAY, samples=False)
        whole = COVERAGE.data(coverage_report(session, TODAY, samples=False), ENGLISH)
        told = COUNTY.data(report, ENGLISH)
    (row,) = (one for one in whole["counties"] if one["adcode"] == KUNSHAN)
    assert row.items() <= told.items()
    assert told["status"] == "fully_served"
    assert here.code in {one["code"] for one in told["station_records"]}
    assert {one["adcode"] for one in told["station_records"]} == {KUNSHAN}
    assert all(one.centre.county_adcode == KUNSHAN for one in report.centres)
    assert "Fully served" in note_of(COUNTY, report, ENGLISH)
    assert here.code in str(render(COUNTY, report, ENGLISH, "table"))


def test_an_unknown_county_is_told(reference_engine: Engine) -> None:
    with Session(reference_engine) as session, pytest.raises(NotFound, match="999999"):
        county_report(session, "999999", TODAY, samples=True)


def test_a_status_without_a_source_shows_its_stations_source(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        added_station(session)
    with reading(reference_engine) as session:
        report = county_report(session, KUNSHAN, TODAY, samples=False)
    told = COUNTY.data(report, ENGLISH)["station_records"]
    assert "昆市监〔2024〕1 号" in [one["history"][0]["source"] for one in told]
