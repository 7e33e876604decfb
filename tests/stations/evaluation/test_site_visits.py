from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidForm, NotAllowed, NotFound
from stations.evaluation.site_visits import OLDEST, list_visits, record_visit, withdraw_visit
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, actor_with, steward_of

GOOD = {"visited_on": TODAY, "firm_name": "昆山甲有限公司", "subject": "检定压力表 12 只", "now": NOW}


def test_a_station_records_lists_and_takes_back(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, other = add_station(session, KUNSHAN), add_station(session, "320102")
        steward = steward_of(station)
        first = record_visit(session, steward, station.code, **GOOD)
        second = record_visit(session, steward, station.code, **GOOD | {"visited_on": TODAY - timedelta(days=40)})
        record_visit(session, steward_of(other), other.code, **GOOD)
        listed = list_visits(session, steward, samples=True)
        assert [one.code for one in listed] == [second.code, first.code]
        page = list_visits(session, steward, samples=True, after_id=second.id)
        assert [one.code for one in page] == [first.code]
        county = actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN)
        narrowed = list_visits(session, county, samples=True, county=KUNSHAN, first=TODAY, last=TODAY)
        assert [one.code for one in narrowed] == [first.code]
        assert list_visits(session, county, samples=True, city="320100") == []
        withdraw_visit(session, steward, first.code, version=1, now=NOW)
        with pytest.raises(Conflict):
            withdraw_visit(session, steward, first.code, version=1, now=NOW)
        assert [one.code for one in list_visits(session, steward, samples=True)] == [second.code]
        code = first.code
    with reading(reference_engine) as session:
        assert [one.action for one in entries_about(session, "site_visit", code)] == ["record_visit", "withdraw_visit"]


def test_who_may_not(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        visit = record_visit(session, steward_of(station), station.code, **GOOD)
        auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
        for nobody in (None, auditor, steward_of(add_station(session, KUNSHAN))):
            with pytest.raises(NotAllowed):
                record_visit(session, nobody, station.code, **GOOD)
            with pytest.raises(NotAllowed):
                withdraw_visit(session, nobody, visit.code, version=1, now=NOW)
        assert len(list_visits(session, auditor, samples=True)) == 1
        for nobody in (None, actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")):
            with pytest.raises(NotAllowed):
                list_visits(session, nobody, samples=True)
        with pytest.raises(NotFound):
            record_visit(session, auditor, "S-none", **GOOD)
        with pytest.raises(NotFound):
            withdraw_visit(session, auditor, "V-none", version=1, now=NOW)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"firm_name": " ", "subject": ""}, {"firm_name", "subject"}),
        ({"visited_on": None}, {"visited_on"}),
        ({"visited_on": TODAY + timedelta(days=1)}, {"visited_on"}),
        ({"visited_on": TODAY - OLDEST - timedelta(days=1)}, {"visited_on"}),
        ({"visited_on": date(1, 1, 1), "subject": "字" * 401}, {"visited_on", "subject"}),
    ],
)
def test_every_fault_is_named(reference_engine: Engine, changes: dict, fields: set[str]) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        with pytest.raises(InvalidForm) as wrong:
            record_visit(session, steward_of(station), station.code, **GOOD | changes)
        assert {problem.field for problem in wrong.value.problems} == fields
