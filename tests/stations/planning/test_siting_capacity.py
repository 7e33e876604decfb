"""Stations that can handle so many requests a year: who is served then, against a linear program of each choice."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.siting import SitingModel, SitingTask
from stations.answers.siting import SITING, load_columns
from stations.errors import InvalidInput
from stations.language import Language
from stations.planning.demand import Weighting
from stations.planning.siting_answer_data import answer_data, answer_of
from stations.planning.siting_detail import serving_lines
from stations.planning.siting_question import SitingQuestion
from stations.planning.siting_sensitivity import solve_here, variants_of
from stations.planning.station_siting import PosedQuestion, SitingAnswer, answer, pose
from tests.conftest import TODAY
from tests.stations.commands.test_command_line import run

POINTS = ((118.8, 32.05), (120.6, 31.3), (120.3, 31.57), (119.97, 31.77), (117.2, 34.26))
ASK = SitingQuestion(
    SitingModel.MCLP,
    p=2,
    within_km=60,
    weighting=Weighting.POPULATION,
    counties=False,
    points=POINTS,
    capacity=5_000,
    requests_per_10000=10,
)
CAPACITY = 5_000_000  # residents whose requests a station handles


def solved(engine: Engine, question: SitingQuestion) -> tuple[PosedQuestion, SitingAnswer]:
    with Session(engine) as session:
        posed = pose(session, question, as_of=TODAY, samples=True)
    return posed, answer(posed, posed.task.solve())


def most_served(task: SitingTask, sites: tuple[int, ...], within: float, *, capacity: float = CAPACITY) -> float:
    """Return the most demand that sites within their capacity can serve: a linear program over all pairs."""
    near = task.distances[:, list(sites)] <= within
    rows, places = np.nonzero(near)
    served = np.zeros((len(task.weights), len(rows)))
    served[rows, np.arange(len(rows))] = 1
    load = np.zeros((len(sites), len(rows)))
    load[places, np.arange(len(rows))] = task.weights[rows]
    found = linprog(
        -task.weights[rows], np.vstack([served, load]), np.r_[np.ones(len(served)), np.full(len(sites), capacity)]
    )
    return -float(found.fun)


@pytest.mark.one_database
def test_the_choice_serves_most_within_its_capacity(sample_engine: Engine) -> None:
    posed, found = solved(sample_engine, ASK)
    free = [column for column, one in enumerate(posed.candidates) if one.allowed]
    best = max(most_served(posed.task, sites, 60_000) for sites in combinations(free, 2))
    assert found.objective == pytest.approx(best)
    assert found.detail is not None
    loads = found.detail.loads
    assert set(loads) == set(found.sites)
    assert sum(loads.values()) == pytest.approx(found.objective / 1_000)  # 10 of 10,000
    assert all(load <= 5_000 + 1e-6 for load in loads.values())
    order = {one.id: column for column, one in enumerate(posed.candidates)}
    for service in found.detail.sites:
        others = tuple(order[one] for one in found.sites if one != service.site)
        assert service.gain == pytest.approx(best - most_served(posed.task, others, 60_000))
        assert service.served_weight == pytest.approx(loads[service.site] * 1_000)
    assert answer_of(json.loads(json.dumps(answer_data(found)))).detail == found.detail
    lines = serving_lines(found.detail, ASK.model, found.demand, found.candidates)
    assert sum(one.demand.weight * one.share for one in lines) == pytest.approx(found.objective)


@pytest.mark.one_database
def test_without_limits_that_matter_the_answer_is_that_without_any(sample_engine: Engine) -> None:
    _posed, free = solved(sample_engine, replace(ASK, capacity=None))
    _posed, roomy = solved(sample_engine, replace(ASK, capacity=1e9))
    assert roomy.objective == pytest.approx(free.objective)
    assert free.detail is not None and roomy.detail is not None
    assert free.detail.loads == {}
    assert [one.gain for one in roomy.detail.sites] == pytest.approx([one.gain for one in free.detail.sites])


@pytest.mark.one_database
def test_loads_of_stations_that_stand_are_told_and_their_capacity_counts(sample_engine: Engine) -> None:
    question = replace(ASK, keep_existing=True, p=1, existing_capacity=20)
    _posed, found = solved(sample_engine, question)
    standing = {one.id for one in found.candidates if one.existing}
    assert found.detail is not None
    assert standing < set(found.detail.loads)
    assert max(found.detail.loads[one] for one in standing) <= 20 + 1e-6
    by_key = {one.key: one for one in load_columns(found)}
    [new] = [one for one in found.candidates if one.id in found.added]
    for language in (Language("zh_CN"), Language("en")):
        assert "5,000" in str(by_key["load"].cell(new, language))
    assert "load" in {one.key for one in SITING.columns(found)}


@pytest.mark.one_database
def test_the_second_best_and_the_site_left_out_keep_to_the_capacity(sample_engine: Engine) -> None:
    posed, found = solved(sample_engine, ASK)
    with Session(sample_engine) as session:
        variants = variants_of(session, posed, found, as_of=TODAY, samples=True)
    same = [one for one in variants if one.kind in {"second_best", "without"}]
    total = float(posed.task.weights.sum())
    for one in solve_here(same, found):
        assert one.chosen == pytest.approx(found.objective / total)
        assert one.figure is not None and one.figure <= one.chosen + 1e-9


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (replace(ASK, model=SitingModel.P_CENTER), "capacity"),
        (replace(ASK, capacity=0), "capacity"),
        (replace(ASK, capacity=float("nan")), "capacity"),
        (replace(ASK, existing_capacity=-1), "existing_capacity"),
        (replace(ASK, requests_per_10000=0), "requests_per_10000"),
    ],
)
@pytest.mark.one_database
def test_what_makes_no_sense_is_told(sample_engine: Engine, question: SitingQuestion, field: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        solved(sample_engine, question)
    assert problem.value.field == field


@pytest.mark.one_database
def test_the_command_gives_loads_the_curve_and_the_variants(sample_url: str) -> None:
    points = [argument for lon, lat in POINTS[:3] for argument in ("--point", f"{lon},{lat}")]
    done = run(
        sample_url,
        *("siting", "mclp", "--p", "1", "--within", "60", "--weights", "population", "--no-counties", *points),
        *("--capacity", "5000", "--curve", "--variants", "--format", "json"),
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["capacity"] == 5_000
    assert sum(told["detail"]["loads"].values()) == pytest.approx(told["objective"] / 1_000)
    assert [point["p"] for point in told["curve"]["points"]] == [1, 2, 3]
    assert {one["kind"] for one in told["variants"]} >= {"second_best", "without", "nearer", "farther"}
