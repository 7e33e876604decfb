"""The curve over the number of sites: each point as solved alone, told as it goes, and its knee."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.siting import Curve, CurvePoint, CurveTask, Outcome, Progress, SitingModel, SitingTask
from geo.siting.curve import knee_of
from geo.siting.worker import read_line

BOTH = [SitingModel.MCLP, SitingModel.P_MEDIAN]


def case(model: SitingModel, places: int = 40, **more: object) -> SitingTask:
    chance = np.random.default_rng(6)
    spots = chance.uniform(0, 100, (places, 2))
    distances = np.hypot(*(spots[:, None] - spots[None]).T).T
    return SitingTask(model, distances, chance.integers(1, 9, places) + 0.0, 20.0, None, **more)


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize(
    "more",
    [{}, {"keep": (3,), "must": (5, 6), "forbid": (0,)}, {"capacities": np.full(40, 60.0), "keep": (0, 1, 2, 3)}],
)
def test_each_point_is_what_its_number_alone_gives(model: SitingModel, more: dict) -> None:
    task = case(model, **more)
    heard: list[Progress] = []
    curve = CurveTask(task, 6, time_limit=60).solve(heard.append)
    assert [one.p for one in curve.points] == list(range(2 if "must" in more else 1, 7))
    for point in curve.points:
        alone = replace(task, p=point.p).solve()
        assert point.outcome is alone.outcome is Outcome.OPTIMAL
        assert point.objective == pytest.approx(alone.objective)
        assert len(point.sites) == point.p + len(task.keep)
    assert heard[-1].points == curve.points
    assert [len(one.points) for one in heard] == sorted(len(one.points) for one in heard)


def test_it_ends_with_the_time_and_with_the_candidates() -> None:
    task = case(SitingModel.P_MEDIAN, forbid=tuple(range(36)))
    assert [one.p for one in CurveTask(task, 50).solve().points] == [1, 2, 3, 4]
    long = CurveTask(case(SitingModel.P_MEDIAN, 300), 200, time_limit=1).solve()
    assert 0 < len(long.points) <= 200
    for point in long.points:
        assert point.bound is None or point.bound <= point.objective
    for model in (SitingModel.LSCP, SitingModel.P_CENTER):
        with pytest.raises(ValueError, match="curve"):
            CurveTask(case(model), 3).solve()


def test_without_a_way_to_everybody_the_first_points_have_no_value() -> None:
    task = case(SitingModel.P_MEDIAN)
    far = task.distances.copy()
    far[:20, 20:] = far[20:, :20] = np.inf
    points = CurveTask(replace(task, distances=far), 3).solve().points
    assert [one.outcome for one in points] == [Outcome.INFEASIBLE, Outcome.OPTIMAL, Outcome.OPTIMAL]


def curve_of(values: list[float | None]) -> list[CurvePoint]:
    return [CurvePoint(p, Outcome.OPTIMAL, value, None, ()) for p, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("values", "knee"),
    [
        ([40, 70, 90, 92, 94, 96], 3),  # of demand reached
        ([96, 94, 50, 48, 46, 44], 3),  # of distance
        ([None, 90, 40, 35, 30], 3),
        ([10, 20, 30, 40], None),
        ([10, 10, 10], None),
        ([10, 15], None),
        ([10, 11, 13, 17, 25], None),  # each site gains more than the one before
    ],
)
def test_the_knee_is_where_further_sites_begin_to_gain_less(values: list[float | None], knee: int | None) -> None:
    assert knee_of(curve_of(values)) == knee


def test_a_worker_tells_a_curve_as_it_is() -> None:
    points = tuple(curve_of([1, 5, 6]))
    assert read_line('{"curve": {"points": [[1, "optimal", 1, null, []], [2, "optimal", 5, null, []], '
                     '[3, "optimal", 6, null, []]], "knee": 2}}') == Curve(points, 2)  # fmt: skip
