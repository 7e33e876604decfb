"""An office's whole list: only the rows with planted errors are wrong or doubtful, and everything else is taken."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from geo.counties import county_layer
from geo.distance import great_circle_m
from stations.database import reading
from stations.imports.importing import plan_import, read_list
from stations.imports.list_facts import ListFacts
from stations.imports.plan import ImportOptions, ImportPlan, Weight
from stations.partial_date import PartialDate
from stations.registry.station import Status
from stations.registry.unread import Unread
from tests.conftest import NOW
from tests.stations.imports.office_list import FIRST_ROW, PLANTED, ROWS, office_list, rows
from tests.stations.imports.test_station_import import applied
from tests.stations.registry_factories import PROVINCE

pytestmark = pytest.mark.one_database


def planned(engine: Engine) -> ImportPlan:
    with reading(engine) as session:
        return plan_import(session, PROVINCE, read_list(office_list()), ImportOptions("统计表.xlsx"), now=NOW)


def test_only_the_planted_errors_are_wrong_or_doubtful(reference_engine: Engine) -> None:
    plan = planned(reference_engine)
    assert len(plan.rows) == ROWS
    found = {row.number - FIRST_ROW + 1: row.outcome.value for row in plan.rows if row.outcome != "new"}
    assert found == {number: outcome for number, (_cells, outcome) in PLANTED.items()}
    assert plan.facts == ListFacts("gcj02", PartialDate(2026, 11, 20))
    assert plan.sheet.passed_over == ("序号", "备注")


def test_each_error_is_told_once(reference_engine: Engine) -> None:
    for row in planned(reference_engine).rows:
        told = [remark for remark in row.remarks if remark.weight is not Weight.NOTE]
        assert len(told) == (row.number - FIRST_ROW + 1 in PLANTED), told


def test_everything_else_is_taken(reference_engine: Engine) -> None:
    plan = planned(reference_engine)
    layer = county_layer()
    for row, given in zip(plan.rows, rows(), strict=True):
        if row.outcome != "new":
            continue
        after = row.after
        county = layer.get(after.county_adcode)
        assert (county.name, after.host) == (given["县（市、区）"], given["依托单位"])
        assert great_circle_m(*after.place, county.lon, county.lat) < 1
        assert (after.contact_name, after.contact_phone) == (given["姓名"], given["联系电话"])
        assert after.phone and after.hours and after.services
        assert after.unread == ((Unread("phone", "值班"),) if "值班" in given["服务电话"] else ())
        state = {"正常运行": Status.ACTIVE, "在建": Status.PLANNED, "暂停服务": Status.SUSPENDED, "关闭": Status.CLOSED}
        assert after.history[-1].stage is state[given["运行状态"]]


def test_imported_twice_it_is_unchanged(reference_engine: Engine) -> None:
    applied(reference_engine, planned(reference_engine), doubtful=True)
    outcomes = {row.outcome.value for row in planned(reference_engine).rows}
    assert outcomes == {"unchanged", "wrong"}
