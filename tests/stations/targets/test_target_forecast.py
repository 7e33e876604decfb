"""Forecasts: derived from the register if it has enough data, marked as assumed if not, or not given."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from stations.database import reading, transaction
from stations.registry.centre import CentreStage, Stage
from stations.registry.station import Status
from stations.targets.counting_rule import Measure
from stations.targets.forecast import ASSUMED_DAYS, ENOUGH, Outcome, Spell, _kaplan_meier, _simulate, forecast
from stations.targets.target import get_target, standing_on
from tests.conftest import TODAY
from tests.stations.factories import add_centre, add_station

MID_PERIOD = date(2023, 12, 31)


def of_centres(engine: Engine, as_of: date, measure: Measure | None = None, samples: bool = False) -> object:
    with reading(engine) as session:
        target = get_target(session, "qi_centres")
        rule = target.rule_on(as_of)
        return forecast(session, target, as_of, samples=samples, rule=rule.measured_by(measure) if measure else None)


def test_after_the_period_there_is_nothing_to_forecast_by_its_rule(reference_engine: Engine) -> None:
    assert of_centres(reference_engine, TODAY).outcome is Outcome.PERIOD_OVER
    assert of_centres(reference_engine, MID_PERIOD, Measure.APPROVED_IN_PERIOD).outcome is Outcome.NO_STAGES_BEFORE


def test_too_few_finished_buildings_are_replaced_by_the_assumption(reference_engine: Engine) -> None:
    told = of_centres(reference_engine, TODAY, Measure.ACCEPTED_AT_ANY_TIME)
    # Dated from approval to acceptance: C-015, C-016 and C-024. Of those in the pipeline C-006, C-025 and C-028 have a
    # dated approval and were reported within five years; C-028 has waited longer than any building is assumed to take.
    assert (told.outcome, told.from_register, told.finished) == (Outcome.FORECAST, False, 3)
    assert (told.waiting, told.left_out) == (3, 18)
    assert ASSUMED_DAYS[0] <= told.usual_days.low <= told.usual_days.middle <= told.usual_days.high <= ASSUMED_DAYS[2]
    assert told.points[-1].counted.high == 27 + 2 and told.chance == 0.0


def test_nothing_waiting_or_no_start_known_is_said(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        pilots = get_target(session, "agri_pilots")
        rule = pilots.rule_on(TODAY).measured_by(Measure.ACCEPTED_AT_ANY_TIME)
        assert forecast(session, pilots, TODAY, samples=False, rule=rule).outcome is Outcome.NOTHING_WAITING
    with transaction(reference_engine) as session:
        session.execute(delete(CentreStage))
        add_centre(session, [(Stage.UNDER_CONSTRUCTION, None, "2026-05")])
    told = of_centres(reference_engine, TODAY, Measure.ACCEPTED_AT_ANY_TIME)
    assert (told.outcome, told.points) == (Outcome.NO_START_KNOWN, ())


def test_the_register_itself_tells_once_it_holds_enough(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for _ in range(2 * ENOUGH):
            add_centre(session, [(Stage.APPROVED, "2021-01-01", None), (Stage.ACCEPTED, "2022-01-01", None)])
        add_centre(session, [(Stage.APPROVED, "2023-10-01", None)])
    told = of_centres(reference_engine, MID_PERIOD)
    assert (told.from_register, told.finished, told.sample_spells) == (True, 2 * ENOUGH + 3, 0)
    with reading(reference_engine) as session:
        counted = standing_on(session, get_target(session, "qi_centres"), MID_PERIOD, samples=False).counted
    by_day = {point.day: point.counted for point in told.points}
    # C-006, approved in August 2023, and the new one each arrive a year after their approval, not before.
    assert by_day[date(2024, 7, 31)].high == counted
    assert by_day[date(2024, 10, 31)].middle == counted + 2


def test_it_is_the_same_every_time_and_widens_with_time(sample_engine: Engine) -> None:
    told = of_centres(sample_engine, MID_PERIOD, samples=True)
    assert told == of_centres(sample_engine, MID_PERIOD, samples=True)
    assert told.sample_spells > 0
    for before, after in zip(told.points, told.points[1:], strict=False):
        assert before.counted.low <= after.counted.low and before.counted.high <= after.counted.high
        assert after.counted.low <= after.counted.middle <= after.counted.high
    assert told.points[-1].day == date(2025, 12, 31)


def test_counties_are_told_by_their_planned_stations(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for month in range(1, 10):
            add_station(
                session, "320102", [(Status.PLANNED, f"2024-0{month}-01"), (Status.ACTIVE, f"2025-0{month}-01")]
            )
        add_station(session, "320583", [(Status.PLANNED, "2026-06-01")])
    with reading(reference_engine) as session:
        told = forecast(session, get_target(session, "station_coverage"), TODAY, samples=False)
    assert (told.from_register, told.finished, told.waiting) == (True, 9, 1)
    assert told.usual_days.low in {365, 366} and told.usual_days.high in {365, 366}
    assert told.points[-1].counted.low == told.points[0].counted.low + 1
    assert told.reached == (None, None, None)


SPELLS = st.lists(st.builds(Spell, st.integers(1, 2000).map(float), st.booleans()), min_size=1, max_size=30)


@given(SPELLS)
def test_the_estimate_is_a_falling_share_and_plain_counting_where_all_is_finished(spells: list[Spell]) -> None:
    days, survival = _kaplan_meier(spells)
    assert (np.diff(days) > 0).all() and (np.diff(survival) <= 1e-12).all()
    assert (survival >= -1e-12).all() and (survival <= 1).all()
    if all(spell.ended for spell in spells):
        longer = [sum(spell.days > day for spell in spells) / len(spells) for day in days]
        assert survival == pytest.approx(longer, abs=1e-9)


@settings(max_examples=12)
@given(st.floats(0, 3000))
def test_what_is_waited_for_ends_ahead_and_within_what_is_on_record(age: float) -> None:
    spells = [Spell(float(days), True) for days in range(300, 1300, 100)]
    remaining, usual = _simulate(spells, np.array([age]))
    finite = remaining[np.isfinite(remaining)]
    assert (finite > 0).all() and (finite + age <= 1200).all()
    assert age < 1200 or not finite.size
    assert 300 <= usual.low <= usual.high <= 1200 and math.isfinite(usual.high)


def test_a_reached_requirement_is_reached_today(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for _ in range(40):
            add_centre(session, [(Stage.ACCEPTED, "2023", None)])
    told = of_centres(reference_engine, TODAY, Measure.ACCEPTED_AT_ANY_TIME)
    assert (told.reached, told.chance) == ((TODAY, TODAY, TODAY), 1.0)
    assert told.points[0].day - TODAY < timedelta(days=31)
