"""A second office's list, in other words: only the rows with planted errors are wrong or doubtful."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from geo.counties import county_layer
from geo.distance import great_circle_m
from stations.database import reading
from stations.imports.importing import plan_import, read_list
from stations.imports.list_facts import ListFacts
from stations.imports.plan import ImportOptions, ImportPlan, Outcome, Weight
from stations.language import Language
from stations.partial_date import PartialDate
from stations.registry.station import Status
from tests.conftest import NOW
from tests.stations.imports.survey_list import FIRST_ROW, PLANTED, ROWS, TWICE, rows, survey_list
from tests.stations.imports.test_station_import import applied
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database

EXPECTED = {number: outcome for number, (_cells, outcome) in PLANTED.items()} | {TWICE[0]: "wrong"}
STATES = {"已运行": Status.ACTIVE, "试运行": Status.ACTIVE, "运营中": Status.ACTIVE, "正常": Status.ACTIVE}
STATES |= {"筹建中": Status.PLANNED, "已撤并（2026年3月）": Status.CLOSED, "暂停（装修）": Status.SUSPENDED}


def planned(engine: Engine) -> ImportPlan:
    with reading(engine) as session:
        return plan_import(session, PROVINCE, read_list(survey_list()), ImportOptions("摸底表.xlsx"), now=NOW)


def test_only_the_planted_errors_are_wrong_or_doubtful_and_the_rest_is_taken(reference_engine: Engine) -> None:
    plan, layer = planned(reference_engine), county_layer()
    assert len(plan.rows) == ROWS
    assert {row.number - FIRST_ROW + 1: row.outcome for row in plan.rows if row.outcome != "new"} == EXPECTED
    assert plan.facts == ListFacts("gcj02", PartialDate(2026, 10, 31))
    assert plan.sheet.passed_over == ("挂牌名称", "备注说明")
    for row, given in zip(plan.rows, rows(), strict=True):
        told = [remark for remark in row.remarks if remark.weight is not Weight.NOTE]
        assert len(told) == (row.number - FIRST_ROW + 1 in EXPECTED), told
        after = row.after
        if row.outcome is not Outcome.NEW or after is None:
            continue
        county = layer.get(after.county_adcode)
        assert county.name.startswith(given["区县"])
        assert after.place is not None and great_circle_m(*after.place, county.lon, county.lat) < 1
        assert (after.contact_name, after.contact_phone) == (given["名字"], given["手机"])
        assert after.host and after.phone and after.hours and after.services
        assert after.history[-1].stage is STATES[given["目前状况"]]


def test_imported_twice_it_is_unchanged(reference_engine: Engine) -> None:
    applied(reference_engine, planned(reference_engine), doubtful=True)
    assert {row.outcome.value for row in planned(reference_engine).rows} == {"unchanged", "wrong"}


def test_a_doubtful_row_says_what_it_leaves_out(reference_engine: Engine) -> None:
    said = {row.number - FIRST_ROW + 1: row.remarks for row in planned(reference_engine).rows}
    told = {number: remark.told(Language("zh_CN")) for number in (8, 15, 27) for remark in said[number][:1]}
    assert "（未采用" in told[8]
    assert told[15].startswith("“转型中”") and told[15].endswith("（未采用）")
    assert "（未采用" in told[27] and "2062" in told[27]
