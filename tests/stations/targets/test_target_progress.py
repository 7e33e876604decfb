"""Targets by month and by part: the parts add up to the whole, and the line equals the standings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from stations.database import reading
from stations.places.counties import list_cities
from stations.targets.counting_rule import Bucket, Measure, Subject
from stations.targets.forecast import forecast
from stations.targets.progress import Dimension, burn_up, dimensions_of, months_until, straight_line, take_apart
from stations.targets.target import Target, compare, get_target, list_targets, records_in_scope, standing_on
from tests.conftest import TODAY

TARGET = Target(required=49, period_start=date(2021, 1, 1), period_end=date(2025, 12, 31))


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_months_run_to_the_day_asked_for(start: date, until: date) -> None:
    days = months_until(start, until)
    assert (days == []) == (until < start)
    if days:
        assert days[-1] == until
        assert all((day + timedelta(days=1)).day == 1 and start <= day < until for day in days[:-1])
        assert days == sorted(set(days))


def test_the_straight_line_goes_from_none_to_all() -> None:
    assert straight_line(TARGET, date(2020, 12, 31)) == 0
    assert straight_line(TARGET, date(2025, 12, 31)) == straight_line(TARGET, TODAY) == 49
    assert straight_line(TARGET, date(2023, 7, 2)) == pytest.approx(49 / 2, abs=0.02)


def test_the_line_is_the_standing_of_each_month(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for target in list_targets(session):
            points = burn_up(session, target, TODAY, samples=True)
            assert points[0].day == date(2020, 12, 31) and points[-1].day == TODAY
            for point in (points[0], points[20], points[47], points[-1]):
                standing = standing_on(session, target, point.day, samples=True)
                assert (point.counted, point.samples) == (standing.counted, standing.sample_count(Bucket.COUNTED))
                if target.rule_on(TODAY).subject is not Subject.COUNTY:
                    assert point.undated == standing.count(Bucket.UNDATED)


def test_the_lines_of_the_parts_add_up_to_the_line_of_all(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for target in list_targets(session):
            rule = target.rule_on(TODAY)
            line = [point.counted for point in burn_up(session, target, TODAY, samples=True)]
            for by in dimensions_of(rule):
                keys = (
                    [city.adcode for city in list_cities(session)] if by is Dimension.CITY else getattr(rule, f"{by}s")
                )
                parts = [burn_up(session, target, TODAY, samples=True, part={by: str(key)}) for key in keys]
                assert [
                    sum(points) for points in zip(*([one.counted for one in part] for part in parts), strict=True)
                ] == line
                assert all(point.straight is None for part in parts for point in part)


def test_where_nothing_is_withdrawn_the_line_never_falls(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for code in ("qi_centres", "agri_pilots", "social_pilots"):
            target = get_target(session, code)
            for measure in Measure:
                rule = target.rule_on(TODAY).measured_by(measure)
                withdrawn = standing_on(session, target, TODAY, samples=True, rule=rule).count(Bucket.WITHDRAWN)
                line = [point.counted for point in burn_up(session, target, TODAY, samples=True, rule=rule)]
                falls = sum(max(0, before - after) for before, after in zip(line, line[1:], strict=False))
                assert falls <= withdrawn


def test_before_its_period_a_target_has_no_line(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        assert burn_up(session, get_target(session, "qi_centres"), date(2020, 6, 1), samples=False) == []


def test_the_parts_are_the_whole(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        for target in list_targets(session):
            standing = standing_on(session, target, TODAY, samples=True)
            for by in dimensions_of(standing.rule):
                parts = take_apart(session, standing, by)
                for bucket in Bucket:
                    assert sum(part.counts[bucket] for part in parts) == standing.count(bucket)
                    assert sum(part.samples[bucket] for part in parts) == standing.sample_count(bucket)
                assert sum(part.total for part in parts) == standing.in_scope


def test_records_that_were_read_already_are_not_read_again(sample_engine: Engine) -> None:
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        asked.append(statement)

    with reading(sample_engine) as session:
        target = get_target(session, "qi_centres")
        rule = target.rule_on(TODAY).measured_by(Measure.ACCEPTED_AT_ANY_TIME)
        scope = records_in_scope(session, rule, samples=True)
        named = {"samples": True, "rule": rule}
        event.listen(sample_engine, "before_cursor_execute", note)
        try:
            standing = standing_on(session, target, TODAY, **named, scope=scope)
            compared = compare(standing)
            line = burn_up(session, target, TODAY, **named, scope=scope)
            ahead = forecast(session, target, TODAY, **named, scope=scope)
        finally:
            event.remove(sample_engine, "before_cursor_execute", note)
        assert asked == []
        assert line == burn_up(session, target, TODAY, **named)
        assert ahead == forecast(session, target, TODAY, **named)
        for measure, one in compared.items():
            alone = standing_on(session, target, TODAY, samples=True, rule=rule.measured_by(measure))
            assert {bucket: one.count(bucket) for bucket in Bucket} == {
                bucket: alone.count(bucket) for bucket in Bucket
            }
