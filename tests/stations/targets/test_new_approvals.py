"""What becomes of supposed approvals, by what came of earlier ones."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.answers.target_course import forecast_data, forecast_figures
from stations.database import reading, transaction
from stations.language import Language
from stations.registry.centre import Stage
from stations.targets.counting_rule import Measure
from stations.targets.forecast import ENOUGH, Forecast, Outcome, forecast
from stations.targets.new_approvals import (
    End,
    Fate,
    accepted_share,
    accepted_within,
    approval_days,
    days_until_accepted,
    fates_of,
)
from stations.targets.target import get_target, standing_on
from tests.conftest import TODAY
from tests.stations.commands.test_command_line import answer, run
from tests.stations.factories import add_centre

FATES = st.lists(st.builds(Fate, st.integers(0, 3000).map(float), st.sampled_from(End)), min_size=1, max_size=30)


def test_approvals_are_spread_evenly() -> None:
    assert approval_days(2, 365.25).tolist() == [91.3125, 273.9375]
    assert len(approval_days(12, 3 * 365.25)) == 36
    assert len(approval_days(0, 1000)) == len(approval_days(5, 10)) == 0


def test_the_share_accepted_is_that_of_aalen_and_johansen() -> None:
    fates = [Fate(100, End.ACCEPTED), Fate(200, End.WITHDRAWN), Fate(250, End.OPEN), Fate(300, End.ACCEPTED)]
    days, shares = accepted_within(fates)
    # 1/4 of four; then 3/4 × 2/3 are left before day 300, where the only one at risk is accepted.
    assert days.tolist() == [100, 200, 300]
    assert shares == pytest.approx([0.25, 0.25, 0.25 + 0.75 * 2 / 3])
    assert accepted_share([Fate(5, End.OPEN)]) == 0.0


@given(FATES)
def test_without_open_ones_it_is_the_plain_share(fates: list[Fate]) -> None:
    days, shares = accepted_within(fates)
    assert np.all(np.diff(shares) >= -1e-12) and np.all(shares <= 1 + 1e-9)
    if all(one.end is not End.OPEN for one in fates):
        for day, share in zip(days, shares, strict=True):
            assert share == pytest.approx(
                sum(one.end is End.ACCEPTED and one.days <= day for one in fates) / len(fates)
            )


def test_drawn_days_have_the_shares_and_the_days_of_the_register() -> None:
    fates = [Fate(400, End.ACCEPTED)] * 30 + [Fate(90, End.WITHDRAWN)] * 10
    drawn = days_until_accepted(fates, 50, 400, 1)
    assert set(np.unique(drawn)) == {400.0, math.inf}
    assert (drawn == 400).mean() == pytest.approx(0.75, abs=0.02)
    assert np.array_equal(drawn, days_until_accepted(fates, 50, 400, 1))


def supposed(engine: Engine, as_of: date, a_year: int, measure: Measure | None = None) -> Forecast:
    with reading(engine) as session:
        target = get_target(session, "qi_centres")
        rule = target.rule_on(as_of)
        rule = rule.measured_by(measure) if measure else rule
        return forecast(session, target, as_of, samples=False, rule=rule, approvals_a_year=a_year)


@pytest.mark.one_database
def test_what_came_of_earlier_ones_decides(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        centres = [
            add_centre(session, [(Stage.APPROVED, "2019-01-01", None), (Stage.ACCEPTED, "2020-01-01", None)])
            for _ in range(3 * ENOUGH)
        ]
        centres += [
            add_centre(session, [(Stage.APPROVED, "2019-01-01", None), (Stage.WITHDRAWN, "2019-07-01", None)])
            for _ in range(ENOUGH)
        ]
        ends = [one.end for one in fates_of(centres, TODAY)]
        assert (ends.count(End.ACCEPTED), ends.count(End.WITHDRAWN)) == (3 * ENOUGH, ENOUGH)
        # Before the acceptance was known, it was open.
        assert {one.end for one in fates_of(centres[:1], date(2019, 6, 1))} == {End.OPEN}
    alone = supposed(reference_engine, TODAY, 0, Measure.ACCEPTED_AT_ANY_TIME)
    told = supposed(reference_engine, TODAY, 10, Measure.ACCEPTED_AT_ANY_TIME)
    assert alone.new is None and told.new is not None
    new = told.new
    assert (new.a_year, new.approved) == (10, 30)
    assert (new.came_to(End.ACCEPTED), new.came_to(End.WITHDRAWN)) == (3 * ENOUGH + 3, ENOUGH)
    assert new.accepted is not None and 0.6 < new.accepted < 0.85
    # Approved in the first two of three years: 20, of which three in four are accepted a year later.
    assert new.counted is not None and 8 <= new.counted.low <= new.counted.middle <= new.counted.high <= 20
    assert told.points[-1].counted.middle > alone.points[-1].counted.middle
    assert told.points[6].counted.middle == alone.points[6].counted.middle  # nothing new is accepted at once
    assert forecast_data(told, Language("en"))["new_approvals"]["earlier"]["withdrawn"] == ENOUGH
    rows = forecast_figures(told, 49, Language("en"), whole=True)
    assert rows[2].what.params == {"a_year": 10}


@pytest.mark.one_database
def test_too_few_outcomes_are_said_to_be_assumed(reference_engine: Engine) -> None:
    told = supposed(reference_engine, TODAY, 4, Measure.ACCEPTED_AT_ANY_TIME)
    assert (told.from_register, told.new.fates, told.new.accepted) == (False, (), None)
    assert told.new.counted.high >= told.new.counted.low > 0


@pytest.mark.one_database
def test_where_an_approval_counts_each_counts_on_its_day(reference_engine: Engine) -> None:
    day = date(2023, 12, 31)
    with reading(reference_engine) as session:
        target = get_target(session, "qi_centres")
        rule = target.rule_on(day).measured_by(Measure.APPROVED_IN_PERIOD)
        counted = standing_on(session, target, day, samples=False, rule=rule).counted
    told = supposed(reference_engine, day, 6, Measure.APPROVED_IN_PERIOD)
    assert (told.outcome, told.new.approved) == (Outcome.FORECAST, 12)
    assert {told.points[-1].counted.low, told.points[-1].counted.high} == {counted + 12}
    # A period that is over, or a target of counties, has no approvals to come.
    assert supposed(reference_engine, TODAY, 6).outcome is Outcome.PERIOD_OVER
    with reading(reference_engine) as session:
        coverage = get_target(session, "station_coverage")
        alike = [forecast(session, coverage, day, samples=False, approvals_a_year=number) for number in (0, 9)]
    assert alike[0] == alike[1]


def test_the_command_supposes_too(sample_url: str) -> None:
    told = answer(sample_url, "target", "qi_centres", "--as-of", "2024-06-30", "--approvals", "5")["forecast"]
    assert told["new_approvals"]["a_year"] == 5
    assert run(sample_url, "target", "qi_centres", "--approvals", "201").returncode == 2
