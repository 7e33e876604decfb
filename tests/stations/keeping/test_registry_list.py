from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotAllowed
from stations.keeping.editing import add_record, edit_record
from stations.keeping.listing import history_of, list_records
from stations.registry.centre import Stage
from stations.registry.dated_entries import EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.station import Status
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_centre, add_station
from tests.stations.registry_factories import (
    CITY,
    COUNTY,
    KUNSHAN,
    PROVINCE,
    added_station,
    centre_form,
    form_of,
)
from tests.stations.request_factories import actor_with, steward_of

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE


def codes(engine: Engine, actor, kind: RecordKind = STATION, **wanted: object) -> list[str]:
    with reading(engine) as session:
        found = list_records(session, actor, kind, TODAY, **{"samples": True} | wanted)
        return [one.record.code for one in found]


def test_everybody_sees_the_records_of_the_own_area(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        kunshan, changshu = added_station(session), add_station(session, "320581")
        sample = add_station(session, KUNSHAN, sample=True)
        steward = steward_of(kunshan)
    mine = {kunshan.code, sample.code}
    assert set(codes(reference_engine, COUNTY)) == mine
    assert set(codes(reference_engine, CITY)) == mine | {changshu.code}
    assert set(codes(reference_engine, PROVINCE)) > mine | {changshu.code}
    assert codes(reference_engine, steward) == [kunshan.code]
    assert codes(reference_engine, COUNTY, samples=False) == [kunshan.code]
    assert codes(reference_engine, actor_with(Role.COUNTY, AreaKind.COUNTY, KUNSHAN, sample=True)) == [sample.code]


def test_the_list_is_searched_and_limited(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        mine = added_station(session, name="花桥100%质量小站")
        closed = add_station(session, KUNSHAN, [(Status.ACTIVE, "2022"), (Status.CLOSED, "2024")])
        added_station(session, county_adcode="320581", place_confirmed=True)
    search = {"花桥": 1, "100% 前进西路": 1, "5550": 2, "S-3205-001": 1, "花桥 巴城": 0, "_": 0, "\0花桥": 1}
    for words, count in search.items():
        assert len(codes(reference_engine, CITY, words=words)) == count, words
    assert codes(reference_engine, CITY, stages=[Status.CLOSED]) == [closed.code]
    assert codes(reference_engine, CITY, area=KUNSHAN) == sorted([mine.code, closed.code])
    assert codes(reference_engine, CITY, misplaced=True) == ["S-3205-002"]


def test_the_list_is_read_a_page_at_a_time(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        everything = sorted(added_station(session).code for _ in range(5))
    seen: list[str] = []
    while page := codes(reference_engine, COUNTY, after=seen[-1] if seen else None, limit=2):
        seen += page
    assert seen == everything


def test_centres_are_listed_with_the_stage_known_last(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        add_record(session, PROVINCE, CENTRE, centre_form(), EntryForm("accepted", dated="2024"), now=NOW)
        undated = add_centre(session, [(Stage.APPROVED, "2022", None), (Stage.ACCEPTED, None, None)])
        future = add_centre(session, [(Stage.APPROVED, "2022", None), (Stage.ACCEPTED, "2027-01", None)])
    with reading(reference_engine) as session:
        found = list_records(session, PROVINCE, CENTRE, TODAY, samples=True, words="测试中心", limit=500)
    stages = {one.record.code: one.stage for one in found}
    assert (stages[undated.code], stages[future.code]) == (Stage.ACCEPTED, Stage.APPROVED)
    accepted = codes(reference_engine, PROVINCE, CENTRE, stages=[Stage.ACCEPTED], words="智能装备")
    assert len(accepted) == 1


def test_the_history_is_read_by_those_whose_area_it_is(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
        edit_record(session, PROVINCE, STATION, station.code, form_of(station, phone="12315"), version=1, now=NOW)
        auditor = actor_with(Role.AUDITOR, AreaKind.CITY, "320500")
        for actor in (PROVINCE, CITY, COUNTY, auditor, steward_of(station)):
            assert [change.version for change in history_of(session, actor, station)] == [2, 1]
        (last,) = history_of(session, COUNTY, station, limit=1)
        assert [change.version for change in history_of(session, COUNTY, station, before_id=last.id)] == [1]
        for actor in (None, actor_with(Role.COUNTY, AreaKind.COUNTY, "320581")):
            with pytest.raises(NotAllowed):
                history_of(session, actor, station)
