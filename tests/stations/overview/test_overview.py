"""The overview counts what the lists behind it hold, for each area of duty, with queries that do not grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.answers.overview import OVERVIEW, rows_of
from stations.database import reading
from stations.duty.roles import Actor, AreaKind, Role
from stations.errors import NotAllowed
from stations.evaluation.indicators import Indicator
from stations.evaluation.period import read_period
from stations.language import Language
from stations.overview.overview import CURVE_MONTHS, Overview, overview_for
from stations.requests.desk_figures import desk_figures
from stations.requests.queue import QueueFilter, count_requests
from tests.conftest import TODAY
from tests.stations.request_factories import actor_with

YEAR = read_period("2026")
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
CITY = actor_with(Role.CITY, AreaKind.CITY, "320500")
COUNTY = actor_with(Role.COUNTY, AreaKind.COUNTY, "320583")
STATION = actor_with(Role.STATION, AreaKind.STATION, "S-3201-002")
PLANNER = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def overview(engine: Engine, actor: Actor) -> Overview:
    with reading(engine) as session:
        return overview_for(session, actor, YEAR, samples=True, today=TODAY)


@pytest.mark.parametrize("actor", [PROVINCE, CITY, COUNTY, STATION], ids=["province", "city", "county", "station"])
def test_each_figure_is_that_of_its_list(sample_engine: Engine, actor: Actor) -> None:
    found = overview(sample_engine, actor)
    with reading(sample_engine) as session:
        assert found.desk == desk_figures(session, actor, samples=True, today=TODAY)
        listed = count_requests(session, actor, QueueFilter(overdue_on=TODAY), samples=True)
        assert found.desk is not None and found.desk.overdue == sum(listed.values())
    if actor is PROVINCE:
        assert sum(found.overdue.values()) == found.desk.overdue
        assert (found.counties, len(found.units), len(found.curve)) == (95, 13, CURVE_MONTHS)
        assert {49} <= {one.target.required for one in found.targets}
        assert found.filed == sum(unit.values[Indicator.REQUESTS] or 0 for unit in found.units)
    else:
        assert not found.targets
    assert found.curve[-1].day == TODAY and found.covered <= found.counties
    assert all(found.duty.holds(row.unit.area) for row in rows_of(found))
    told = OVERVIEW.data(found, Language("en"))
    assert told["coverage"]["covered"] == found.covered and told["desk"]["overdue"] == found.desk.overdue


def test_a_county_counts_only_its_own(sample_engine: Engine) -> None:
    found = overview(sample_engine, COUNTY)
    assert found.counties == 1 and {one.county.adcode for one in found.endangered} <= {"320583"}


def test_who_has_no_requests_sees_coverage_and_targets(sample_engine: Engine) -> None:
    found = overview(sample_engine, PLANNER)
    assert (found.desk, found.alerts, found.proposals, found.overdue) == (None, None, None, {})
    assert found.targets and found.counties == 95


def test_nobody_gets_none(sample_engine: Engine) -> None:
    with pytest.raises(NotAllowed):
        overview(sample_engine, Actor("x", "x", False, ()))


def test_the_number_of_queries_does_not_grow_with_the_area(sample_engine: Engine) -> None:
    numbers = []
    for actor in (COUNTY, PROVINCE):
        with counted(sample_engine) as asked:
            overview(sample_engine, actor)
        numbers.append(len(asked))
    county, province = numbers
    assert province <= 60 and province - county <= 25, numbers  # the targets are the province's alone


def test_the_curve_ends_today_and_begins_a_year_before(sample_engine: Engine) -> None:
    days = [point.day for point in overview(sample_engine, PROVINCE).curve]
    assert (days[0], days[-2], days[-1]) == (date(2025, 12, 31), date(2026, 10, 31), TODAY)
