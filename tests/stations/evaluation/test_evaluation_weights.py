"""The weights of the score, and the properties of the score for any weights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, InvalidForm, NotAllowed
from stations.evaluation.indicators import Indicator
from stations.evaluation.weights import (
    SCORES,
    WHOLE,
    EvaluationScheme,
    composite,
    list_schemes,
    scheme_on,
    set_weights,
    weigh,
)
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import actor_with

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
GOOD = {"few": 3, "in_force_from": TODAY, "reason": "年度考核办法", "now": NOW}
HALF = {Indicator.DELIVERED_IN_TIME: 50, Indicator.SATISFACTION: 50}
SHARES = frozenset({Indicator.ANSWERED_IN_TIME, Indicator.DELIVERED_IN_TIME, Indicator.REOPENED, Indicator.REFUSED})


def value_of(indicator: Indicator) -> st.SearchStrategy[float]:
    if indicator in SHARES:
        return st.floats(0, 1)
    return st.floats(1, 5) if indicator is Indicator.SATISFACTION else st.floats(0, 400)


WEIGHTS = st.fixed_dictionaries({indicator.value: st.integers(0, 100) for indicator in SCORES})
VALUES = st.fixed_dictionaries({indicator: value_of(indicator) for indicator in SCORES})


@given(WEIGHTS, VALUES, VALUES)
def test_who_is_no_worse_in_every_indicator_never_scores_lower(
    weights: dict[str, int], one: dict[Indicator, float], other: dict[Indicator, float]
) -> None:
    scheme = EvaluationScheme(weights=weights)
    better, worse = {}, {}
    for indicator, scoring in SCORES.items():
        low, high = sorted((one[indicator], other[indicator]))
        better[indicator], worse[indicator] = (high, low) if scoring.better_high else (low, high)
    scores = [composite(weigh(scheme, values)) for values in (better, worse)]
    if not any(weights.values()):
        assert scores == [None, None]
        return
    assert scores[0] >= scores[1] - 1e-9
    assert all(-1e-9 <= score <= 100 + 1e-9 for score in scores)


@given(WEIGHTS, VALUES)
def test_what_is_added_to_the_score_adds_up_to_it(weights: dict[str, int], values: dict[Indicator, float]) -> None:
    weighed = weigh(EvaluationScheme(weights=weights), values)
    whole = sum(one.weight for one in weighed)
    parts = [100 * one.weight * one.score / whole for one in weighed]
    assert (composite(weighed) is None) == (whole == 0)
    if whole:
        assert composite(weighed) == pytest.approx(sum(parts))


def test_what_is_not_known_counts_neither_way() -> None:
    scheme = EvaluationScheme(weights={one.value: weight for one, weight in HALF.items()})
    told = weigh(scheme, {Indicator.DELIVERED_IN_TIME: 0.8, Indicator.SATISFACTION: None})
    assert composite(told) == pytest.approx(80)
    assert composite(weigh(scheme, {})) is None


def test_the_weights_that_come_along_are_a_whole(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        (scheme,) = list_schemes(session)
        assert sum(scheme.weights.values()) == WHOLE
        assert set(scheme.weights) <= {indicator.value for indicator in SCORES}


def test_the_province_sets_them_from_a_day_on_and_earlier_periods_keep_theirs(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for nobody in (
            None,
            actor_with(Role.CITY, AreaKind.CITY, "320500"),
            actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000", sample=True),
        ):
            with pytest.raises(NotAllowed):
                set_weights(session, nobody, HALF, **GOOD)
        first = scheme_on(session, TODAY)
        set_weights(session, PROVINCE, HALF, **GOOD)
        with pytest.raises(Conflict):
            set_weights(session, PROVINCE, HALF, **GOOD)
        set_weights(session, PROVINCE, HALF, **GOOD | {"in_force_from": TODAY + timedelta(days=40)})
        assert scheme_on(session, TODAY - timedelta(days=1)) is first
        assert scheme_on(session, TODAY).weights == {"delivered_in_time": 50, "satisfaction": 50}
        assert scheme_on(session, TODAY).few == 3
        assert len(list_schemes(session)) == 3
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "evaluation_scheme", TODAY.isoformat())
        assert entry.detail["before"]["weights"] == first.weights and entry.detail["reason"] == "年度考核办法"


@pytest.mark.parametrize(
    ("weights", "changes", "fields"),
    [
        (HALF | {Indicator.VISITS: 1}, {}, {"weights"}),
        ({}, {}, {"weights"}),
        (HALF | {Indicator.VISITS: -10, Indicator.BREADTH: 10}, {}, {"visits"}),
        ({Indicator.REQUESTS: 100}, {}, {"requests"}),
        (HALF, {"few": 101}, {"few"}),
        (HALF, {"in_force_from": TODAY - timedelta(days=1)}, {"in_force_from"}),
        (HALF, {"reason": " ", "few": -1}, {"reason", "few"}),
    ],
)
def test_every_fault_is_named_and_nothing_is_set(
    reference_engine: Engine, weights: dict, changes: dict, fields: set[str]
) -> None:
    with transaction(reference_engine) as session:
        with pytest.raises(InvalidForm) as wrong:
            set_weights(session, PROVINCE, weights, **GOOD | changes)
        assert {problem.field for problem in wrong.value.problems} == fields
        assert len(list_schemes(session)) == 1
