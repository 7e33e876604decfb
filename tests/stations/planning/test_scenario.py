"""Scenarios: stored unchanged, changed only by their owner, marked when data are newer, planned once."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound
from stations.planning.planned_stations import plan_stations
from stations.planning.scenario import (
    Scenario,
    changed_since,
    delete_scenario,
    get_scenario,
    get_scenarios,
    list_scenarios,
    rename_scenario,
    save_scenario,
)
from stations.planning.siting_question import SitingModel, SitingQuestion
from stations.planning.station_siting import answer, pose
from stations.registry.record_history import ChangeKind, list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station, Status, get_station, get_status
from stations.revision import current_revision
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.request_factories import actor_with

PLANNER = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
OTHER = Actor("other", "别人", False, PLANNER.duties)
SAMPLE = Actor("sample-planner", "示例·规划员", True, PLANNER.duties)
ASK = SitingQuestion(
    SitingModel.MCLP, p=3, within_km=25, weighting="population", keep_existing=True, points=((118.79, 32.05),)
)


def save(session: Session, name: str = "=三站", actor: Actor | None = PLANNER, ask: SitingQuestion = ASK) -> Scenario:
    posed = pose(session, ask, as_of=TODAY, samples=True)
    found = answer(posed, posed.task.solve())
    return save_scenario(session, actor, posed, found, name=name, as_of=TODAY, samples=True, now=NOW)


def test_it_is_kept_as_it_was(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        before = current_revision(session)
        posed = pose(session, ASK, as_of=TODAY, samples=True)
        found = answer(posed, posed.task.solve())
        token = save(session).token
    with reading(reference_engine) as session:
        kept = get_scenario(session, token, samples=False).read_answer()
        assert kept.question == ASK
        assert (kept.candidates, kept.sites, kept.objective) == (found.candidates, found.sites, found.objective)
        assert current_revision(session) == before
        assert session.scalar(select(AuditEntry.actor).where(AuditEntry.action == "save_scenario")) == PLANNER.username
        assert len(token) >= 32


def test_names_are_the_owners_own(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = save(session)
        save(session, actor=OTHER)
        with pytest.raises(Conflict, match="another name"):
            save(session)
        with pytest.raises(InvalidInput):
            save(session, " ")
        second = save(session, "二")
        with pytest.raises(Conflict, match="another name"):
            rename_scenario(session, PLANNER, second.token, "=三站", version=1, now=NOW)
        rename_scenario(session, PLANNER, second.token, "三", version=1, now=NOW)
        with pytest.raises(Conflict, match="meanwhile"):
            rename_scenario(session, PLANNER, second.token, "四", version=1, now=NOW)
        with pytest.raises(NotAllowed, match="owner"):
            rename_scenario(session, OTHER, first.token, "五", version=1, now=NOW)
        with pytest.raises(NotAllowed, match="owner"):
            delete_scenario(session, OTHER, first.token, now=NOW)
        assert {one.name for one in list_scenarios(session, PLANNER, samples=False)} == {"=三站", "三"}
        delete_scenario(session, PLANNER, first.token, now=NOW)
        with pytest.raises(NotFound):
            get_scenario(session, first.token, samples=True)


def test_two_pages_cannot_save_one_name_at_once(reference_engine: Engine) -> None:
    """Neither page sees what the other writes before it has written itself: only the database can refuse."""
    with transaction(reference_engine) as session:
        first = save(session)
        values = {column.key: getattr(first, column.key) for column in Scenario.__table__.columns if column.key != "id"}
    with pytest.raises(IntegrityError), transaction(reference_engine) as session:
        session.execute(insert(Scenario).values(values | {"code": "SC-2", "token": "2"}))


@pytest.mark.parametrize("actor", [None, actor_with(Role.STATION, AreaKind.STATION, "S-1")])
def test_who_may_not_save_is_refused(reference_engine: Engine, actor: Actor | None) -> None:
    with transaction(reference_engine) as session, pytest.raises(NotAllowed):
        save(session, actor=actor)


def test_county_and_city_accounts_save_too(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for role, kind, code in ((Role.COUNTY, AreaKind.COUNTY, "320583"), (Role.CITY, AreaKind.CITY, "320500")):
            owner = actor_with(role, kind, code)
            assert save(session, role.value, owner).owner == owner.username


def test_an_invented_users_scenario_is_a_sample(sample_copy_engine: Engine) -> None:
    with transaction(sample_copy_engine) as session:
        scenario = save(session, actor=SAMPLE)
        assert scenario.code.startswith("SAMPLE-")
        with pytest.raises(NotFound):
            get_scenario(session, scenario.token, samples=False)
        made = plan_stations(session, SAMPLE, scenario.token, now=NOW).made
        assert all(get_station(session, code, samples=True).sample for code in made)


def test_more_than_four_do_not_stand_side_by_side(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        with pytest.raises(InvalidInput):
            get_scenarios(session, list("abcde"), samples=True)
        with pytest.raises(NotFound):
            get_scenarios(session, ["a"], samples=True)


def test_it_says_when_what_it_rests_on_has_changed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        scenario = save(session)
        alone = save(session, "不留", ask=SitingQuestion(SitingModel.P_CENTER, p=4))
    with transaction(reference_engine) as session:
        assert not changed_since(session, session.merge(scenario))
        add_station(session, "320583", place=(120.98, 31.39))
    with reading(reference_engine) as session:
        assert changed_since(session, scenario)
        assert not changed_since(session, alone)  # it has no existing stations


def test_its_sites_become_planned_stations_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        scenario = save(session, ask=SitingQuestion(SitingModel.MCLP, p=3, within_km=5, points=((118.79, 32.05),)))
        token, added = scenario.token, len(scenario.answer["added"])
    with transaction(reference_engine) as session:
        first = plan_stations(session, PLANNER, token, now=NOW)
        assert (len(first.made), first.standing) == (added, ())
    with transaction(reference_engine) as session:
        again = plan_stations(session, PLANNER, token, now=NOW)
        assert (again.made, again.standing) == ((), first.made)
        total = select(func.count()).select_from(Station).where(Station.code.startswith(scenario.code))
        assert session.scalar(total) == added
        for code in first.made:
            station = get_station(session, code, samples=False)
            assert get_status(session, station, TODAY) is Status.PLANNED
            assert scenario.code in station.source
            assert not station.misplaced
            # A county is not an exact place: only given points keep their coordinates.
            assert (station.lon is None) == (station.address == station.county.name)
            (change,) = list_changes(session, RecordKind.STATION, [code])
            assert change.change is ChangeKind.ADDED and state_at(session, RecordKind.STATION, code, 1)
        entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "plan_station")
        assert session.scalar(entries) == added


@pytest.mark.parametrize(
    "actor",
    [
        None,
        actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000"),
        actor_with(Role.PLANNER, AreaKind.CITY, "320100"),
        SAMPLE,
    ],
)
def test_who_may_not_plan_there_makes_no_station(reference_engine: Engine, actor: Actor | None) -> None:
    with transaction(reference_engine) as session:
        token = save(session, ask=SitingQuestion(SitingModel.P_CENTER, p=6)).token
    with pytest.raises(NotAllowed), transaction(reference_engine) as session:
        plan_stations(session, actor, token, now=NOW)
    with reading(reference_engine) as session:
        assert session.scalar(select(func.count()).select_from(Station).where(Station.name.contains("规划"))) == 0
